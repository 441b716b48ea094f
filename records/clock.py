"""The moment that a queryset means by "now": a compiled statement puts another in its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


def today() -> date:
    return timezone.localdate(_moment.get())


def midnight(day: date) -> datetime:
    """The first moment of a day, in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let `now` and `today` be of that moment."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
