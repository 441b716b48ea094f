"""Log lines that say what went wrong and never what a person typed (docs/security/logs.md)."""

import json
import logging
import re
import traceback
import unicodedata
from datetime import UTC, datetime
from typing import Any

from agencies.current_request import current_request

OF_REQUEST = "hmis.of_request"  # in the WSGI environment, for the line of the web server
# A line break, a control character or one that turns the direction of writing could make one line
# look like another.
UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# The links that stand for a password or a second factor: to choose one, or to read a calendar.
SECRET_PATHS = re.compile(
    r"(/(?:password/reset/key|two-step-reset|invitations?|calendar)/)[^/\s?\"']+"
)
QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")


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
            # It tells of each certificate that a seal's path is built from.
            "pyhanko": {"level": "ERROR"},
            "pyhanko_certvalidator": {"level": "ERROR"},
        },
    }


class DiscreetFormatter(logging.Formatter):
    """Prints one event in one line, with the time in UTC and the request that it belongs to.

    Of an exception the places and the kind are printed, but not its message, which may quote the
    data that broke ("Key (last_name)=(...) already exists"): PostgreSQL's does. Of a database error
    the SQLSTATE and the constraint's name are printed in its stead.

    Args:
        as_json: a JSON object a line, for programs; else a plain line, with the places of an
            exception in lines of their own.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **(getattr(record, "of_request", None) or of_request(getattr(record, "request", None))),
            "message": one_line(record.getMessage()),
        }
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self.as_json:
            event = {"event": record.event} if hasattr(record, "event") else {}
            return json.dumps(entry | event | ({"trace": trace} if trace else {}))
        head = [entry.pop(name) for name in ("time", "level", "logger")]
        message = entry.pop("message")
        known = [f"{name}={one_line(str(value))}" for name, value in entry.items()]
        line = " ".join([*head, *known, message])
        return f"{line}\n{trace}" if trace else line

    def formatException(self, ei) -> str:  # noqa: N802 - logging's own name
        _, error, trace = ei
        frames = "".join(traceback.format_tb(trace))
        return f"{frames}{_kind(error)}"


def of_request(request: Any = None) -> dict[str, Any]:
    """The number of a request, of its user and the address it came from, as far as known."""
    if not hasattr(request, "request_id"):  # Django's own lines name it after it was answered
        request = current_request.get()
    user = getattr(request, "_cached_user", None)  # asking for it here could ask the database
    known = {
        "request": getattr(request, "request_id", None),
        "user": getattr(user, "pk", None),
        "address": getattr(request, "address", None),
    }
    return {name: value for name, value in known.items() if value}


def one_line(text: str) -> str:
    """Return the text without secrets, query strings and characters that could forge a line."""
    masked = QUERY.sub(r"\1", SECRET_PATHS.sub(r"\1...", text))
    if masked.isascii() and masked.isprintable():
        return masked
    return "".join(
        one.encode("unicode_escape").decode()
        if unicodedata.category(one) in UNSAFE_CATEGORIES
        else one
        for one in masked
    )


def _kind(error: BaseException | None) -> str:
    name = type(error).__qualname__
    diagnosis = getattr(getattr(error, "__cause__", None), "diag", None)
    if diagnosis is None:
        return name
    return f"{name} ({diagnosis.sqlstate} {diagnosis.constraint_name or ''})".replace(" )", ")")
