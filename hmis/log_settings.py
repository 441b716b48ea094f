"""What is logged: one line an event on standard error, never a value that a person typed."""

from typing import Any


def chosen(log_format: str, *, level: str) -> dict[str, Any]:
    """Django's LOGGING; `log_format` is plain or json."""
    console = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "discreet": {"()": "hmis.logs.DiscreetFormatter", "as_json": log_format == "json"}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": console,
            "django.server": console,
            "django.request": {"level": "ERROR"},
            # Scanners ask for any host; the answer is 400, and a stack for each would fill the log.
            "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
            # hmis.faults says once a request what it says at every attempt.
            "psycopg.pool": {"level": "ERROR"},
            # They name the characters of what is printed.
            "fontTools": {"level": "ERROR"},
            "fpdf": {"level": "ERROR"},
        },
    }
