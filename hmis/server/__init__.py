"""The web server: gunicorn, with workers that wait for slow clients without a thread (ADR 0021)."""
