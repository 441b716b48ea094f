"""Django's PostgreSQL with connections that end: time-outs, and none that a restart left behind."""
