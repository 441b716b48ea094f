"""Sessions of users (docs/adr/0035). `database` and `cache` are values of SESSION_ENGINE."""
