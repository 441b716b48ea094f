"""Who may be shown a client's full SSN, and what is kept of it (R3.6, docs/adr/0034)."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from agencies.models import Organization, SecurityEvent, User
from agencies.requests import UserRequest
from agencies.security_events import record_event
from clients.emergency import is_emergency
from clients.loading import require_details
from clients.models import Client, SSNReveal
from records.statements import compiled

KEPT_REASONS = "ssn_reasons"
KEPT_SECONDS = 15 * 60
NO_RIGHT = (
    "You can see only the last four digits of SSNs. If you need full SSNs for your work, ask "
    "your Data Quality Officer."
)


@dataclass(frozen=True)
class Why:
    """reason: one of `SSNReveal.Reason`. other: the words of Other."""

    reason: str
    other: str = ""


def may_reveal_ssn(user: User, organization: Organization | None, client: Client) -> bool:
    """Whether the user has the right for the organization in force.

    And for the client's own, where the user works for it too: what one agency has taken away is
    not got back by acting for another one.
    """
    asked = {organization and organization.pk, client.organization_id}
    if is_emergency(user, client) or not client.has_details:
        return False  # emergency access is for reading what is in the open
    rights = [user.access[pk].may_reveal_ssn for pk in asked if pk in user.access]
    return bool(rights) and all(rights)


def may_compare_ssns(user: User) -> bool:
    """Whether the user may be told that an SSN differs from another by a digit.

    Who may not reveal SSNs would find one by such answers in some two thousand searches. That
    needs the right everywhere: what is searched is everybody's. Of clients `without_details`
    nobody is told it.
    """
    return all(one.may_reveal_ssn for one in user.access.values())


def without_details(user: User, client_ids: Collection[int]) -> set[int]:
    """Those of the clients of whom no more than the identity is shared with the user.

    One statement, and none where no client is asked about.
    """
    return set(_without_details(user, list(client_ids))) if client_ids else set()


@compiled
def _without_details(user: User, client_ids: list[int]) -> QuerySet[Client, int]:
    rows = Client.objects.with_sharing(user).filter(pk__in=client_ids, has_details=False)
    return rows.order_by().values_list("pk", flat=True)


def require_right(request: UserRequest, client: Client) -> None:
    """Refuse, before anything is logged as revealed, a user without the right to full SSNs.

    Or with whom no more of the client is shared than the identity.
    """
    require_details(request, client)
    without = {pk for pk, one in request.user.access.items() if not one.may_reveal_ssn}
    in_force = request.organization
    if without and (in_force is None or without & {in_force.pk, client.organization_id}):
        raise PermissionDenied(NO_RIGHT)


@transaction.atomic
def keep_reveal(*, client: Client, by: User, organization: Organization, why: Why) -> SSNReveal:
    """Keep why the SSN was shown; its event carries the code, never what was typed."""
    record_event(
        SecurityEvent.Kind.SSN_REVEALED,
        user=by,
        organization=organization,
        client_id=client.pk,
        detail={"reason": why.reason},
    )
    return SSNReveal.objects.create(
        client=client, user=by, organization=organization, reason=why.reason, other=why.other
    )


def kept_reason(session: Any, client_id: int) -> str:
    """The reason that holds for this client for some minutes more; empty where none does."""
    reason, until = session.get(KEPT_REASONS, {}).get(str(client_id), ("", 0))
    return reason if time.time() < until else ""


def keep_reason(session: Any, client_id: int, reason: str) -> None:
    now = time.time()
    kept = session.get(KEPT_REASONS, {})
    kept = {pk: one for pk, one in kept.items() if now < one[1]}
    session[KEPT_REASONS] = kept | {str(client_id): (reason, now + KEPT_SECONDS)}
