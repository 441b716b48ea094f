"""Emergency access to a client whom another organization does not share (docs/adr/0034)."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies.models import Organization, SecurityEvent, User
from agencies.requests import UserRequest
from agencies.security_events import record_event
from clients.models import Client, EmergencyAccess

READ_ONLY = (
    "Emergency access only lets you read this record. To change it, call the agency that filed it."
)

ON_SCREEN = "Emergency access only lets you read this record on the screen."


def is_emergency(user: User, client: Client) -> bool:
    """Whether the user reads this client by emergency access alone."""
    is_shared = vars(client).get("is_shared")  # as `clients.loading` brings it
    if is_shared is None:
        is_shared = Client.objects.visible_to(user).filter(pk=client.pk).exists()
    return not is_shared


def require_reading(user: User, client: Client, *, is_reading: bool) -> None:
    """Refuse what is not reading (PermissionDenied) to a user by emergency access."""
    if not is_reading and is_emergency(user, client):
        raise PermissionDenied(READ_ONLY)


def require_no_emergency(request: UserRequest, client: Client) -> None:
    """Refuse what takes a part of the record away, such as a file (PermissionDenied)."""
    if is_emergency(request.user, client):
        raise PermissionDenied(ON_SCREEN)


@transaction.atomic
def begin_emergency_access(
    *, client_id: int, by: User, organization: Organization, reason: str, explanation: str
) -> EmergencyAccess | None:
    """Let a user read a client not shared for `BREAK_GLASS_HOURS`, and alert its agency's officers.

    Args:
        organization: the one that the user works for now.

    Returns:
        None where there is no such client, or none that may be opened like this: a victim service
        provider's never (VAWA, 34 U.S.C. 12291(b)(2)), nor one of an agency that does not allow
        it. Whoever asks is not told which.
    """
    rows = Client.objects.hidden_from(by).numbered(client_id)
    client = rows.select_related("organization").first()
    if client is None:
        return None
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once are one access
    open_now = EmergencyAccess.objects.open_to(by).filter(client=client).first()
    if open_now:
        return open_now
    now = timezone.now()
    access = EmergencyAccess.objects.create(
        client=client,
        user=by,
        organization=organization,
        reason=reason,
        explanation=explanation,
        begins_at=now,
        ends_at=now + timedelta(hours=settings.BREAK_GLASS_HOURS),
    )
    # The organization of the event is the client's own: its officers answer for the record.
    record_event(
        SecurityEvent.Kind.BREAK_GLASS,
        user=by,
        organization=client.organization,
        client_id=client.pk,
        detail={"reason": reason, "access": access.pk},
    )
    return access


@transaction.atomic
def end_emergency_access(*, access: EmergencyAccess, by: User) -> bool:
    """End it at once, in open sessions too; whether it was open."""
    rows = EmergencyAccess.objects.running().filter(pk=access.pk)
    if not rows.update(ended_at=timezone.now(), ended_by=by):
        return False
    record_event(
        SecurityEvent.Kind.BREAK_GLASS_ENDED,
        user=by,
        subject=access.user,
        organization=access.client.organization,
        client_id=access.client_id,
        detail={"access": access.pk},
    )
    return True
