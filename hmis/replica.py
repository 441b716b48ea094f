"""Officers' lists and exports are read on a streaming replica, where DATABASE_REPLICA_URL is set.

Everything else, and every write, uses the primary: sessions, who may see what, and the pages of
case workers. docs/scaling.md
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from records.replica import PRIMARY, REPLICA, follows

logger = logging.getLogger(__name__)

# Who somebody is, what is allowed and what is counted is never read from a copy that may be late.
ALWAYS_PRIMARY = {
    *("account", "agencies", "auth", "contenttypes", "data_quality", "mfa", "records", "sessions"),
}
SECONDS_BETWEEN_LOOKS = 5

_is_reading: ContextVar[bool] = ContextVar("reads_from_replica", default=False)


class ReplicaRouter:
    """Sends a query to the replica while `reading()` lasts; Django asks it for every query."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        here = _is_reading.get() and model._meta.app_label not in ALWAYS_PRIMARY
        return REPLICA if here else PRIMARY

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY  # also of a row that came from the replica

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


@contextmanager
def reading(*, here: bool = True) -> Iterator[None]:
    """While it lasts, this thread's reads go to the replica; `here` may say so later (`begin`)."""
    token = _is_reading.set(here)
    try:
        yield
    finally:
        _is_reading.reset(token)


def begin() -> None:
    """From here to the end of the `reading` around it, reads go to the replica."""
    _is_reading.set(True)


def streamed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines, each of them read on the replica: a server takes them after the request."""
    iterator = iter(lines)
    while True:
        with reading():
            try:
                line = next(iterator)
            except StopIteration:
                return
        yield line


class Watch:
    """Whether the replica answers and follows its primary, looked at every few seconds."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.looked = float("-inf")
        self.is_usable = False

    def usable(self) -> bool:
        """False where it does not answer or no longer receives: then the primary does its work."""
        with self.lock:
            if time.monotonic() - self.looked > SECONDS_BETWEEN_LOOKS:
                was, self.is_usable = self.is_usable, follows()
                self.looked = time.monotonic()
                if was and not self.is_usable:
                    logger.warning("The replica does not follow: reads go to the primary")
            return self.is_usable


watch = Watch()
