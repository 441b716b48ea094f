"""Writes security events: a row that nobody can change, and a line in the log `hmis.security`.

Unusual ones become alerts, which an officer sees and gets a mail about.

An event of a transaction is written in it and rolled back with it: a change of rights is never
without its event. What happened in any case, such as a refusal, waits for the end of the request,
outside of every transaction (docs/adr/0033).
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.current_request import current_request
from agencies.models import Organization, SecurityAlert, SecurityEvent, User
from agencies.models.security_event import Kind
from agencies.requests import address
from agencies.work import queue_mail
from records.statements import compiled

logger = logging.getLogger("hmis.security")

AT_ONCE = {
    Kind.NEW_BROWSER,
    Kind.FACTOR_RESET,
    Kind.MANY_SEARCHES,
    Kind.MANY_RECORDS,
    Kind.MANY_REVEALS,
    Kind.LIMIT_REACHED,
    Kind.BREAK_GLASS,
    Kind.ADMINISTRATOR_CHANGED,
}


def record_event(  # noqa: PLR0913 - each names one column
    kind: Kind,
    *,
    request: HttpRequest | None = None,
    user: User | None = None,
    organization: Organization | None = None,
    client_id: int | None = None,
    detail: dict | None = None,
    subject: User | None = None,
    account: str = "",
    asked_from: str | None = None,
) -> None:
    """Record what happened, once, however often the view is run.

    Args:
        request: left out, the one that this thread answers.
        user: who did it; left out, the user of the request.
        organization: the one that the user worked for; left out, the one in force.
        detail: codes and counts only, never what somebody typed.
        subject: whose account or rights it was done to, where that is somebody else.
        account: a typed e-mail address that belongs to no user; only a keyed hash is kept.
        asked_from: the address of whoever asked for what a worker does later, without a request.
    """
    request = request or current_request.get()
    asker = getattr(request, "user", None)
    user = user or (asker if getattr(asker, "is_authenticated", False) else None)
    organization = organization or getattr(request, "organization", None)
    event = SecurityEvent(
        kind=kind,
        user_id=user.pk if user else None,
        subject_id=subject.pk if subject else None,
        organization_id=organization.pk if organization else None,
        account_digest=account_digest(account) if account else "",
        address=address(request) if request else asked_from,
        request_id=getattr(request, "request_id", ""),
        client=client_id,
        detail=detail or {},
    )
    pending = getattr(request, "security_events", None)
    if connection.in_atomic_block and not kind.survives_rollback:
        event.save()
        consider(event)
        transaction.on_commit(lambda: _log(event))
    elif pending is not None:
        pending.append(event)
    else:
        _write(event)


def account_digest(account: str) -> str:
    """A keyed hash of an e-mail address, which tells whether two are the same."""
    salt = "agencies.SecurityEvent.account"
    return salted_hmac(salt, account.strip().lower(), algorithm="sha256").hexdigest()


def write_pending(request: Any) -> None:
    """Write what happened during the request; an event that cannot be written is in the log."""
    pending, request.security_events = request.security_events, []
    for event in pending:
        _write(event)


def _write(event: SecurityEvent) -> None:
    _log(event)
    try:
        event.save()
        consider(event)
    except Error:
        if connection.in_atomic_block:
            raise
        logger.exception("The event of this line is not in the database: %s", str(event.kind))


def _log(event: SecurityEvent) -> None:
    parts = {
        "user": event.user_id,
        "subject": event.subject_id,
        "organization": event.organization_id,
        "client": event.client,
        "account": event.account_digest[:16],
    } | event.detail
    parts = {name: value for name, value in parts.items() if value}
    words = " ".join(f"{name}={json.dumps(value)}" for name, value in parts.items())
    kind = str(event.kind)
    logger.info("%s %s", kind, words, extra={"event": {"kind": kind, **parts}})


def consider(event: SecurityEvent) -> None:
    """Make an alert of an event, where it is unusual by itself or one of too many in an hour."""
    kind = Kind(event.kind)
    most = 1 if kind in AT_ONCE else settings.SECURITY_ALERTS_AN_HOUR.get(kind, 0)
    if not most or (most > 1 and _in_the_last_hour(event) < most):
        return
    user = event.subject or event.user
    if user:
        alert(kind, user=user, organization=event.organization, by=event.user)


def alert(
    kind: Kind, *, user: User, organization: Organization | None = None, by: User | None = None
) -> SecurityAlert | None:
    """Alert the officers to what a user did, once a day; None where they have been already.

    Args:
        organization: whose officers; left out, those of every organization the user works for.
        by: who did it, where that is somebody else, and is not notified of it either.
    """
    with transaction.atomic():
        found, is_new = SecurityAlert.objects.get_or_create(
            kind=kind, user=user, organization=organization, day=timezone.localdate()
        )
        if not is_new:
            return None
        for officer in officers_for(user, organization, without=[user, by or user]):
            queue_mail(kind="security_alert", recipient=officer, about=found.pk)
    return found


def officers_for(
    user: User, organization: Organization | None, *, without: list[User]
) -> list[User]:
    """The Data Quality Officers there; administrators where there are none, or for one of them."""
    others = User.objects.active().exclude(pk__in=[one.pk for one in without])
    administrators = others.filter(is_superuser=True)
    if user.is_superuser:
        return list(administrators)
    places = [organization.pk] if organization else [one.pk for one in user.organizations]
    return list(others.officers_of(places)) or list(administrators)


def _in_the_last_hour(event: SecurityEvent) -> int:
    # The same question for an account and for an address without one takes the same time.
    column = "user" if event.user_id else "account_digest"
    value = event.user_id or event.account_digest
    since = event.at - timedelta(hours=1)
    return _count.first(str(event.kind), since, value, column=column) or 0


@compiled
def _count(
    kind: str, since: datetime, value: int | str, *, column: str
) -> QuerySet[SecurityEvent, int]:
    rows = SecurityEvent.objects.filter(kind=kind, at__gt=since, **{column: value}).order_by()
    return rows.values("kind").annotate(count=Count("pk")).values_list("count", flat=True)
