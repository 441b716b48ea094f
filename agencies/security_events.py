"""Writes security events: a row that nobody can change, and a line in the log `hmis.security`.

An event of a transaction is written in it and rolled back with it: a change of rights is never
without its event. What happened in any case, such as a refusal, waits for the end of the request,
outside of every transaction (docs/adr/0033).
"""

import json
import logging
from typing import Any

from django.db import Error, connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from agencies.current_request import current_request
from agencies.models import Organization, SecurityEvent, User
from agencies.models.security_event import Kind
from agencies.requests import address
from agencies.security_alerts import consider

logger = logging.getLogger("hmis.security")


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
) -> None:
    """Record what happened, once, however often the view is run.

    Args:
        request: left out, the one that this thread answers.
        user: who did it; left out, the user of the request.
        organization: the one that the user worked for; left out, the one in force.
        detail: codes and counts only, never what somebody typed.
        subject: whose account or rights it was done to, where that is somebody else.
        account: a typed e-mail address that belongs to no user; only a keyed hash is kept.
    """
    request = request or current_request.get()
    user = user or _user_of(request)
    organization = organization or getattr(request, "organization", None)
    event = SecurityEvent(
        kind=kind,
        user_id=user.pk if user else None,
        subject_id=subject.pk if subject else None,
        organization_id=organization.pk if organization else None,
        account_digest=account_digest(account) if account else "",
        address=address(request) if request else None,
        request_id=getattr(request, "request_id", ""),
        client=client_id,
        detail=detail or {},
    )
    waits = connection.in_atomic_block and not kind.survives_rollback
    pending = getattr(request, "security_events", None)
    if waits:
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


def _user_of(request: HttpRequest | None) -> User | None:
    user = getattr(request, "user", None)
    return user if getattr(user, "is_authenticated", False) else None
