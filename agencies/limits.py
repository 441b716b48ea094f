"""Limits: how often something may be tried, and how much of a kind a user may do.

Two kinds of rule, one answer: attempts are counted by account and place, before anybody is known
(`Rule`, docs/adr/0032); uses by user and calendar hour, where a reason is enough at the first
threshold (`UseLimit`, docs/adr/0034). Each count is one statement. docs/security/limits.md has the
numbers.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.browsers import browser_of
from agencies.models import AttemptCount, LimitedUse, UseCount, User
from agencies.models.security_event import Kind
from agencies.requests import address
from agencies.security_events import record_event
from agencies.use_limits import UseLimit

HOUR = timedelta(hours=1)
IPV6_NETWORK = 64  # bits that one subscriber has; the rest is chosen freely


@dataclass(frozen=True)
class Refusal:
    """Why somebody may not go on for now.

    Args:
        name: of the rule, or the kind of use.
        until: when it may be tried again.
        count: how many attempts too many, or how much of the kind was used.
        kind: of use; None for attempts.
        is_final: whether no reason helps.
        advice: what somebody can do meanwhile.
        account: the e-mail address that was typed, if any was.
    """

    name: str
    until: datetime
    count: int
    kind: LimitedUse | None = None
    is_final: bool = True
    advice: str = ""
    account: str = ""


class LimitReachedError(Exception):
    """A view that counts goes no further; `hmis.middleware.limits` answers with status 429."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.name)
        self.refusal = refusal


# Attempts


@dataclass(frozen=True)
class Rule:
    """How often one thing may be tried; each name is a number among the settings.

    Args:
        here: by account and browser, or account and address where the browser is not known.
        period: of `here`.
        from_address: by address, an hour, from browsers that are not known to the account.
        of_account: by account, an hour, from all such browsers together.
        advice: what somebody can do meanwhile.
    """

    name: str
    here: str
    period: timedelta
    from_address: str
    of_account: str
    advice: str


LOG_IN = Rule(
    name="log_in",
    here="LOG_IN_FAILURES",
    period=timedelta(minutes=15),
    from_address="LOG_IN_FAILURES_FROM_ADDRESS",
    of_account="LOG_IN_FAILURES_OF_ACCOUNT",
    advice="reset",
)
SECOND_FACTOR = Rule(
    name="second_factor",
    here="SECOND_FACTOR_FAILURES",
    period=timedelta(minutes=15),
    from_address="LOG_IN_FAILURES_FROM_ADDRESS",
    of_account="SECOND_FACTOR_FAILURES_OF_ACCOUNT",
    advice="officer",
)
PASSWORD_RESET = Rule(
    name="password_reset",
    here="PASSWORD_RESETS",
    period=HOUR,
    from_address="PASSWORD_RESETS_FROM_ADDRESS",
    of_account="PASSWORD_RESETS_OF_ACCOUNT",
    advice="mail",
)


@dataclass(frozen=True)
class Attempt:
    """What was counted for one attempt: the key of its own place first, then the wider ones."""

    keys: list[str]

    def succeeded(self) -> None:
        """Count nothing: whoever gets in has not guessed."""
        here, *wider = self.keys
        AttemptCount.objects.filter(pk=here).delete()
        for key in wider:
            AttemptCount.objects.take_back_one(key)


def attempt(rule: Rule, *, request: HttpRequest, account: str) -> Attempt:
    """Count an attempt before it is made, so that many at once are not more than the limit.

    `account` is what was typed, whether or not there is such a user. Raises LimitReachedError.
    """
    account = account.strip().lower()
    browser = browser_of(request, account)
    place = network(request)
    counted = [("here", account, browser or place, rule.here, rule.period)]
    if not browser:
        counted += [
            ("address", "", place, rule.from_address, HOUR),
            ("account", account, "", rule.of_account, HOUR),
        ]
    keys: list[str] = []
    for scope, whose, where, limit, period in counted:
        keys.append(_key(rule.name, scope, whose, where))
        attempts, until = AttemptCount.objects.count_one(keys[-1], period)
        excess = attempts - getattr(settings, limit)
        if excess > 0:
            for key in keys[:-1]:
                AttemptCount.objects.take_back_one(key)
            refusal = Refusal(rule.name, until, excess, advice=rule.advice, account=account)
            raise LimitReachedError(refusal)
    return Attempt(keys)


def spend_attempt(name: str, *whose: str, limit: int, period: timedelta = HOUR) -> None:
    """Count one of what `whose` may do so often in a period. Raises LimitReachedError."""
    attempts, until = AttemptCount.objects.count_one(_key(name, *whose), period)
    if (excess := attempts - limit) > 0:
        raise LimitReachedError(Refusal(name, until, excess))


def spend_invitation(officer: User) -> None:
    """Count a mail of an officer, of as many as INVITATIONS_A_DAY. Raises LimitReachedError."""
    most = settings.INVITATIONS_A_DAY
    spend_attempt("invitation", "use", str(officer.pk), limit=most, period=timedelta(days=1))


def network(request: HttpRequest) -> str:
    """The address, as far as it belongs to one subscriber."""
    found = address(request)
    if found and ipaddress.ip_address(found).version == 6:
        return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
    return found or ""


def _key(name: str, *parts: str) -> str:
    value = "\n".join((name, *parts))
    return salted_hmac("agencies.limits", value, algorithm="sha256").hexdigest()


# Uses

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


def require(user: User, kind: LimitedUse, amount: int = 1) -> None:
    """Count; raise LimitReachedError at a question that is not answered yet, and at a stop.

    An `amount` of 0 counts nothing and only looks.
    """
    if refusal := count(user, kind, amount):
        raise LimitReachedError(refusal)


def require_room(user: User, kind: LimitedUse) -> None:
    """Ask, or refuse, as `require` does, before anything is typed; nothing is counted."""
    require(user, kind, 0)


def spend(user: User, kind: LimitedUse, amount: int = 1) -> None:
    """Count what was typed already: a question waits for the next time, a stop raises."""
    refusal = count(user, kind, amount)
    if refusal and refusal.is_final:
        raise LimitReachedError(refusal)


def count(user: User, kind: LimitedUse, amount: int = 1) -> Refusal | None:
    """Count, and return why the user may not go on; None where the user may."""
    limit: UseLimit | None = settings.USE_LIMITS.get(kind.value)
    if limit is None:
        return None
    if user.is_superuser:
        limit = limit.times(settings.USE_LIMITS_ADMINISTRATORS)
    elif user.dqo_organizations:
        limit = limit.times(settings.USE_LIMITS_OFFICERS)
    now = timezone.now()
    hour, day = _windows(now)
    values: dict[str, Any] = {"user": user.pk, "kind": kind.value, "amount": amount}
    values |= {"minute": now.replace(second=0, microsecond=0), "hour": hour, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        in_hour, in_minute, asked_at, stopped_at, reason, before = cursor.fetchone()
    in_day = int(before) + in_hour
    windows = ((limit.minute, in_minute), (limit.hour, in_hour), (limit.day, in_day))
    over = [(one, number) for one, number in windows if one]
    if limit.day and in_day > limit.day.stop:
        return Refusal(kind.value, timezone.localtime(day) + timedelta(days=1), in_day, kind)
    if stopped_at or any(number > one.stop for one, number in over):
        return Refusal(kind.value, hour + HOUR, in_hour, kind)
    if not reason and (asked_at or any(number > one.ask for one, number in over)):
        return Refusal(kind.value, hour + HOUR, in_hour, kind, is_final=False)
    return None


def event_kind(kind: LimitedUse) -> Kind:
    """The kind of the security events about a limit."""
    return {
        LimitedUse.SEARCHES: Kind.MANY_SEARCHES,
        LimitedUse.CLIENTS: Kind.MANY_RECORDS,
        LimitedUse.REVEALS: Kind.MANY_REVEALS,
    }.get(kind, Kind.LIMIT_REACHED)


def note_refusal(user: User, refusal: Refusal) -> bool:
    """Keep that the user was asked, or stopped, in this hour; whether it is the first time.

    From the first question on the count alone does not help: a minute that is over starts again,
    the question of the hour stays.
    """
    now = timezone.now()
    hour, _ = _windows(now)
    column = "stopped_at" if refusal.is_final else "asked_at"
    row = {"user": user, "kind": refusal.kind, "hour": hour}
    if UseCount.objects.filter(**row, **{f"{column}__isnull": True}).update(**{column: now}):
        return True
    # What the view counted was undone with its transaction: the row is made here.
    _, is_first = UseCount.objects.get_or_create(**row, defaults={"minute": hour, column: now})
    return is_first


def give_reason(user: User, kind: LimitedUse, reason: str) -> bool:
    """Answer the question of this hour; whether there was one that a reason answers."""
    hour, _ = _windows(timezone.now())
    rows = UseCount.objects.filter(user=user, kind=kind, hour=hour, stopped_at=None, reason="")
    return bool(rows.exclude(asked_at=None).update(reason=reason))


def lift(row: UseCount, *, by: User) -> None:
    """Let a user who was stopped go on: the counts of that day begin again.

    That the user was asked, and the reason given, stay.
    """
    hour, day = _windows(timezone.now())
    rows = UseCount.objects.filter(user=row.user_id, kind=row.kind, hour__gte=min(day, hour))
    rows.update(count=0, count_in_minute=0, stopped_at=None)
    record_event(Kind.LIMIT_LIFTED, user=by, subject=row.user, detail={"limit": row.kind})


def _windows(now: datetime) -> tuple[datetime, datetime]:
    """The beginnings of the hour and of the site's day."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour, timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
