"""Faults of the database and of Redis: what the log and the page say of each (docs/faults.md).

The page needs no database: no session, no user, no context processor.
"""

import logging
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

# Parts of names of what is not sent a second time.
SECRET = ("password", "passphrase", "code", "token", "otp")
TOKENS = ("csrfmiddlewaretoken", "form_token")  # but these belong to the form


@dataclass(frozen=True)
class Fault:
    """A fault that passes: trying again later is the right thing to do.

    name: for the log. sentence: for a pop-up, and in the page under the title.
    outcome: what became of a form. wait: seconds after which a program may try again.
    """

    name: str
    title: str
    sentence: str
    outcome: str = "Nothing was saved."
    wait: int = 5


BUSY = Fault(
    "record is locked",
    "Somebody else is saving this right now",
    "Another person or program is writing to the same record and has not finished.",
)
SLOW = Fault(
    "took too long",
    "This took too long",
    "The database did not finish in the time that one page may take, so it was stopped.",
)
READ_ONLY = Fault(
    "database is read-only",
    "Nothing can be saved at the moment",
    "The database can only be read for now. Opening a client is recorded, so that waits as well.",
    wait=60,
)
FULL = Fault(
    "database is full",
    "Nothing can be saved at the moment",
    "The database has no space left. The help desk has to make room first.",
    wait=60,
)
DOWN = Fault(
    "database does not answer",
    "The database does not answer",
    "It may be starting again. This usually takes less than a minute.",
    "It may not have been saved.",  # the answer to a COMMIT may be what got lost
)
REDIS = Fault(
    "Redis does not answer",
    "Your log-in cannot be checked",
    "What remembers who is logged in may be starting again. This usually takes less than a minute.",
    "It may not have been saved.",  # a session is saved after the form
)

# https://www.postgresql.org/docs/current/errcodes-appendix.html
BY_SQLSTATE = {
    "55P03": BUSY,  # lock_timeout
    "40001": BUSY,  # serialization failure
    "40P01": BUSY,  # deadlock
    "57014": SLOW,  # statement_timeout
    "25P03": SLOW,  # idle_in_transaction_session_timeout
    "25006": READ_ONLY,
    "53100": FULL,
}
BY_CLASS = {"08": DOWN, "53": DOWN, "57": DOWN}


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault behind an exception, or None where it is an error of the program."""
    while error is not None:
        if _is_of_redis(error):
            return REDIS
        state = getattr(error, "sqlstate", None)
        if state in BY_SQLSTATE:
            return BY_SQLSTATE[state]
        if state and state[:2] in BY_CLASS:
            return BY_CLASS[state[:2]]
        cause = error.__cause__
        if cause is None and not state and isinstance(error, _LOST):
            return DOWN  # the connection broke, or none was to be had: no server gave a code
        error = cause
    return None


def _is_of_redis(error: BaseException) -> bool:
    redis = sys.modules.get("redis.exceptions")  # loaded where REDIS_URL is set, and nowhere else
    return redis is not None and isinstance(error, redis.ConnectionError | redis.TimeoutError)


def why_it_ended(error: BaseException) -> str | None:
    """One line for the operator whose command met a fault of a server itself, else None.

    The reason is what the first of the exceptions says: that the pool gave up says nothing.
    """
    fault = fault_of(error)
    if fault == REDIS:
        return f"{fault.name}: {cause_of(error)}"
    return f"The {fault.name}: {cause_of(error)}" if fault in {DOWN, READ_ONLY, FULL} else None


def cause_of(error: BaseException) -> str:
    """What the first of the exceptions says; of one of PostgreSQL's, without what it quotes."""
    while error.__cause__ is not None:
        error = error.__cause__
    diagnosis = getattr(error, "diag", None)
    return (diagnosis and diagnosis.message_primary) or str(error) or type(error).__name__


_LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def answer(request: HttpRequest, fault: Fault, error: BaseException) -> HttpResponse:
    """503 in the form that the browser asked for; one line in the log for each request."""
    if not hasattr(request, "fault"):
        why = f": {cause_of(error)}" if fault in {DOWN, REDIS} else ""
        logger.warning("503 %s %s: %s%s", request.method, request.path, fault.name, why)
    request.fault = fault
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(_short(fault), content_type="text/plain; charset=utf-8")
    elif request.headers.get("Sec-Fetch-Dest") == "empty" or _asks_for_json(request):
        response = JsonResponse({"state": "unavailable", "message": _short(fault)})
    else:
        response = HttpResponse(_page(request, fault))
    response.status_code = 503
    response["Retry-After"] = str(fault.wait)
    response["Cache-Control"] = "no-store, private"
    response._has_been_logged = True  # or Django would add a whole traceback
    return response


def _short(fault: Fault) -> str:
    return f"{fault.title}. {fault.outcome} Try again in a moment."


def _asks_for_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def _page(request: HttpRequest, fault: Fault) -> str:
    sent = _sent(request) if request.method == "POST" else []
    context = {
        "fault": fault,
        "is_form": request.method == "POST",
        "is_once": any(name == "form_token" for name, value in sent),
        "address": request.get_full_path(),
        "has_files": "multipart" in request.content_type and _has_files(request),
        # A form of another site gets no page that shows what it said.
        "typed": typed(sent) if sent and _is_ours(request) else [],
        "again": [] if any(_is_secret(name) for name, value in sent) else sent,
    }
    return render_to_string("503.html", context)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:  # whatever cannot be read cannot be given back
        logger.info("A form that met a fault could not be read.")
        return []


def _has_files(request: HttpRequest) -> bool:
    try:
        return bool(request.FILES)
    except Exception:
        return True


def _is_secret(name: str) -> bool:
    return name not in TOKENS and any(part in name.lower() for part in SECRET)


def typed(sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Texts of several words among what a form sent, with their labels, to copy from."""
    return [
        (name.rpartition("-")[2].replace("_", " ").capitalize(), value)
        for name, value in sent
        if len(value.split()) > 1 and not _is_secret(name)
    ]


def _is_ours(request: HttpRequest) -> bool:
    if request.resolver_match:  # a view took it, behind the check of its token
        return True
    check = _TokenCheck(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, _is_ours, (), {}) is None


class _TokenCheck(CsrfViewMiddleware):
    """Django's check alone: nobody is shown its page, and no refusal is recorded."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)
