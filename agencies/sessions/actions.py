"""Beginning and ending sessions, and which ones a user has."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from agencies.browsers import browser_name
from agencies.models import SecurityEvent, User
from agencies.models.user_session import EndReason, UserSession, UserSessionQuerySet
from agencies.requests import address
from agencies.security_events import Kind, record_event
from agencies.sessions.store import BEGAN, SEEN, Store, hashed, owners

ADDRESS, BROWSER = "address", "browser"


@dataclass(frozen=True)
class Session:
    """A session as its user sees it in the list; `number` is the hash of its key."""

    number: str
    browser: str
    address: str
    began: datetime
    seen: datetime
    is_this: bool


def begin(request: HttpRequest, user: User) -> None:
    """Start the session of a log-in; by ONE_SESSION_PER_USER, end the user's other ones.

    To be called in the transaction that has locked the user's row: of two log-ins at once the
    later one finds the session of the earlier one.
    """
    now = int(time.time())
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[ADDRESS] = address(request)
    request.session[BROWSER] = browser_name(request.headers.get("User-Agent", ""))
    request.session.save()
    if settings.ONE_SESSION_PER_USER:
        end_others(user=user, session=request.session, reason=EndReason.ANOTHER_LOG_IN)


def end_others(*, user: User, session: SessionBase | None, reason: EndReason) -> int:
    """End the user's sessions but this one; without one, all. Return how many there were."""
    rows = _of(user)
    if session is not None and session.session_key:
        rows = rows.exclude(pk=hashed(session.session_key))
    return _end(rows, user, reason)


def end_one(*, user: User, number: str, reason: EndReason) -> bool:
    """End one session of the user; False where it has ended before or is nobody's of them."""
    return bool(_end(_of(user).filter(pk=number), user, reason))


def _end(rows: UserSessionQuerySet, user: User, reason: EndReason) -> int:
    if count := _store().end(rows, reason):
        record_event(Kind.SESSIONS_ENDED, subject=user, detail={"why": reason, "count": count})
    return count


def sessions_of(user: User, this: SessionBase | None = None) -> list[Session]:
    """The user's sessions that can still be used, the one last used first."""
    numbers = list(_of(user).open_at(timezone.now()).values_list("pk", flat=True))
    own = hashed(this.session_key) if this is not None and this.session_key else ""
    found = [
        Session(
            number=number,
            browser=data.get(BROWSER, ""),
            address=data.get(ADDRESS) or "",
            began=datetime.fromtimestamp(data[BEGAN], UTC),
            seen=datetime.fromtimestamp(data.get(SEEN, data[BEGAN]), UTC),
            is_this=number == own,
        )
        for number, data in _store().contents(numbers).items()
        if BEGAN in data
    ]
    idle_since = timezone.now().timestamp() - settings.IDLE_TIMEOUT
    in_use = [one for one in found if one.is_this or one.seen.timestamp() > idle_since]
    return sorted(in_use, key=lambda one: (one.is_this, one.seen), reverse=True)


def recent_log_ins(user: User) -> list[SecurityEvent]:
    """The user's last ten log-ins, the newest first."""
    return list(SecurityEvent.objects.filter(user=user, kind=Kind.LOG_IN)[:10])


def _of(user: User) -> UserSessionQuerySet:
    return UserSession.objects.owned_by(owners(user.pk))


def _store() -> type[Store]:
    return import_module(settings.SESSION_ENGINE).SessionStore
