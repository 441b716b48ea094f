"""A transaction that PostgreSQL rolled back is run once more (docs/locks.md, ADR 26).

Of two that wait for each other, or of two that cannot be put in an order, PostgreSQL rolls one
back. Nothing of it was written then, and mails and the like leave by `on_commit` alone: the same
can be done again as if it had come a moment later.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

Result = TypeVar("Result")
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
logger = logging.getLogger(__name__)


def is_rolled_back(error: BaseException) -> bool:
    """Whether PostgreSQL ended a transaction that may well succeed the next time."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    is_retried = sqlstate in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED)
    return isinstance(error, DatabaseError) and is_retried


def again_if_rolled_back(action: Callable[[], Result]) -> Result:
    """Return what a whole transaction gives, tried twice unless inside of another. For commands."""
    if connection.in_atomic_block:
        return action()
    try:
        return action()
    except DatabaseError as error:
        if not is_rolled_back(error):
            raise
        logger.info("A transaction was rolled back (%s) and is run again", _state(error))
        return action()


class RetryMiddleware(MiddlewareMixin):
    """Answers a request whose transaction was rolled back by running its view once more.

    The innermost middleware: what refuses the second time goes the way of every error.
    """

    def process_view(
        self, request: HttpRequest, view: Callable, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        request.run_again = lambda: view(request, *args, **kwargs)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not is_rolled_back(error) or connection.in_atomic_block:
            return None
        logger.info("A request was rolled back (%s) and is run again", _state(error))
        _as_it_came(request)
        try:
            return request.run_again()  # type: ignore[attr-defined]
        except DatabaseError as second:
            if is_rolled_back(second):
                return None
            raise


def _as_it_came(request: HttpRequest) -> None:
    """Take back what the first run told the user, and give the uploads from their beginning."""
    request.security_events = []  # type: ignore[attr-defined]
    if hasattr(request, "_messages"):
        storage: Any = messages.get_messages(request)
        storage._queued_messages.clear()
    for _, uploads in request.FILES.lists() if request.method == "POST" else []:
        for upload in uploads:
            upload.open()


def _state(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", "")
