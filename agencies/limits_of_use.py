"""Limits of use: how much of a kind a user does in a minute, an hour and a day (R16.1).

At the first threshold the user is asked for a reason and goes on; at the second one the rest of the
hour, or of the day, is refused. Both are security events. A count is one statement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies.models import LimitedUse, Membership, SecurityEvent, UseCount, User
from agencies.security_events import record_event
from agencies.use_limits import UseLimit

COUNT = """
    INSERT INTO agencies_usecount AS use
        (user_id, kind, hour, count, minute, count_in_minute, reason)
    VALUES (%(user)s, %(kind)s, %(hour)s, %(amount)s, %(minute)s, %(amount)s, '')
    ON CONFLICT (user_id, kind, hour) DO UPDATE SET
        count = use.count + excluded.count,
        count_in_minute = excluded.count_in_minute
            + CASE WHEN use.minute = excluded.minute THEN use.count_in_minute ELSE 0 END,
        minute = excluded.minute
    RETURNING count, count_in_minute, asked_at, stopped_at, reason, (
        SELECT coalesce(sum(earlier.count), 0) FROM agencies_usecount AS earlier
        WHERE earlier.user_id = %(user)s AND earlier.kind = %(kind)s
            AND earlier.hour >= %(day)s AND earlier.hour < %(hour)s)
"""


@dataclass(frozen=True)
class Refusal:
    """Why a user may not go on for now.

    is_final: the second threshold; otherwise a reason is enough.
    until: when the user may go on by himself.
    """

    kind: LimitedUse
    count: int
    is_final: bool
    until: datetime


class LimitReached(Exception):  # noqa: N818 - a refusal, and no error
    """A view that counts goes no further; `hmis.middleware.limits_of_use` answers for it."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.kind)
        self.refusal = refusal


def require(user: User, kind: LimitedUse, amount: int = 1) -> None:
    """Count, and go no further where a limit is reached.

    Args:
        amount: how many at once; 0 counts nothing and only looks.

    Raises:
        LimitReached: at a question that is not answered yet, and at a stop.
    """
    if refusal := count(user, kind, amount):
        raise LimitReached(refusal)


def require_room(user: User, kind: LimitedUse) -> None:
    """Ask, or refuse, before anything is typed; nothing is counted.

    Raises:
        LimitReached: at a question that is not answered yet, and at a stop.
    """
    require(user, kind, 0)


def spend(user: User, kind: LimitedUse, amount: int = 1) -> None:
    """Count what was typed already: a question waits for the next time.

    Raises:
        LimitReached: at a stop.
    """
    refusal = count(user, kind, amount)
    if refusal and refusal.is_final:
        raise LimitReached(refusal)


def count(user: User, kind: LimitedUse, amount: int = 1) -> Refusal | None:
    """Count, and return why the user may not go on; None where the user may."""
    limit = limit_of(user, kind)
    if limit is None:
        return None
    now = timezone.now()
    hour, day = _windows(now)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "user": user.pk,
                "kind": kind.value,
                "amount": amount,
                "minute": now.replace(second=0, microsecond=0),
                "hour": hour,
                "day": day,
            },
        )
        in_hour, in_minute, asked_at, stopped_at, reason, before = cursor.fetchone()
    in_day = int(before) + in_hour
    windows = ((limit.minute, in_minute), (limit.hour, in_hour), (limit.day, in_day))
    over = [(one, number) for one, number in windows if one]
    if limit.day and in_day > limit.day.stop:
        midnight = timezone.localtime(day) + timedelta(days=1)
        return Refusal(kind, in_day, is_final=True, until=midnight)
    next_hour = hour + timedelta(hours=1)
    if stopped_at or any(number > one.stop for one, number in over):
        return Refusal(kind, in_hour, is_final=True, until=next_hour)
    if not reason and (asked_at or any(number > one.ask for one, number in over)):
        return Refusal(kind, in_hour, is_final=False, until=next_hour)
    return None


def event_kind(kind: LimitedUse) -> SecurityEvent.Kind:
    """The kind of the security events about a limit."""
    return {
        LimitedUse.SEARCHES: SecurityEvent.Kind.MANY_SEARCHES,
        LimitedUse.CLIENTS: SecurityEvent.Kind.MANY_RECORDS,
        LimitedUse.REVEALS: SecurityEvent.Kind.MANY_REVEALS,
    }.get(kind, SecurityEvent.Kind.LIMIT_REACHED)


def limit_of(user: User, kind: LimitedUse) -> UseLimit | None:
    """The limit that holds for a user; None where there is none."""
    limit: UseLimit | None = settings.USE_LIMITS.get(kind.value)
    if limit is None:
        return None
    if user.is_superuser:
        return limit.times(settings.USE_LIMITS_ADMINISTRATORS)
    is_officer = bool(user.dqo_organizations)
    return limit.times(settings.USE_LIMITS_OFFICERS) if is_officer else limit


def note_refusal(user: User, refusal: Refusal) -> bool:
    """Keep that the user was asked, or stopped, in this hour; whether it is the first time.

    From the first question on the count alone does not help: a minute that is over starts anew,
    the question of the hour stays.
    """
    hour, _ = _windows(timezone.now())
    column = "stopped_at" if refusal.is_final else "asked_at"
    rows = UseCount.objects.filter(
        user=user, kind=refusal.kind, hour=hour, **{f"{column}__isnull": True}
    )
    if rows.update(**{column: timezone.now()}):
        return True
    # What the view counted was undone with its transaction: the row is made here.
    _, is_first = UseCount.objects.get_or_create(
        user=user,
        kind=refusal.kind,
        hour=hour,
        defaults={"minute": hour, column: timezone.now()},
    )
    return is_first


def give_reason(user: User, kind: LimitedUse, reason: str) -> bool:
    """Answer the question of this hour; whether there was one that a reason answers."""
    hour, _ = _windows(timezone.now())
    rows = UseCount.objects.filter(user=user, kind=kind, hour=hour, stopped_at=None, reason="")
    return bool(rows.exclude(asked_at=None).update(reason=reason))


def lift(row: UseCount, *, by: User) -> None:
    """Let a user who was stopped go on: the counts of that day begin anew.

    That the user was asked, and the reason given, stay.
    """
    hour, day = _windows(timezone.now())
    rows = UseCount.objects.filter(user=row.user_id, kind=row.kind, hour__gte=min(day, hour))
    rows.update(count=0, count_in_minute=0, stopped_at=None)
    record_event(
        SecurityEvent.Kind.LIMIT_LIFTED, user=by, subject=row.user, detail={"limit": row.kind}
    )


def _windows(now: datetime) -> tuple[datetime, datetime]:
    """The beginnings of the hour and of the site's day."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour, timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def officers_to_ask(user: User) -> list[User]:
    """The active officers of the user's organizations, who can be asked about a stop."""
    organizations = [one.organization_id for one in user.access.values()]
    rows = Membership.objects.filter(
        organization__in=organizations, role="dqo", user__is_active=True
    ).exclude(user=user)
    return list(dict.fromkeys(one.user for one in rows.select_related("user")[:5]))
