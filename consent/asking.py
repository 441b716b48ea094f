"""Where a release is asked for: at an agency that shares on a release, of a client who is shared.

A release opens nothing of a restricted client, or of a victim service provider (13.2): they are
not asked. Where everything is shared anyhow, the intake asks if there is a text to be signed.
"""

from django.db.models import QuerySet

from agencies.models import Organization, Sharing
from clients.models import Client
from consent.models import TemplateVersion
from records.statements import compiled


def needs_release(organization: Organization) -> bool:
    """Whether other agencies see the records of this one, or a part of them, on a release alone."""
    is_stricter = organization.sharing_in_force != Sharing.OPEN
    return is_stricter and not organization.victim_service_provider


def is_asked(client: Client) -> bool:
    """Whether a release would open anything of this client."""
    return not client.is_restricted


def asks_in_intake(organization: Organization, has_text: bool | None = None) -> bool:
    """Whether an intake of this organization has the step.

    Args:
        has_text: whether there is a text to sign, where that was read already.
    """
    if organization.victim_service_provider:
        return False
    if needs_release(organization):
        return True
    return bool(_texts(organization.pk)) if has_text is None else has_text


@compiled
def _texts(organization_id: int) -> QuerySet[TemplateVersion, int]:
    """The text that is signed there, if any: its own before that of the CoC."""
    rows = TemplateVersion.objects.in_force().for_organization(organization_id)
    return rows.values_list("pk", flat=True)[:1]
