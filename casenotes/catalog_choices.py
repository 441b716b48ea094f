"""The services that may be chosen for a new row."""

from django.db.models import QuerySet

from agencies.models import Organization
from casenotes.models import ServiceType
from records.statements import compiled


def offered_types(organization: Organization | None) -> list[ServiceType]:
    """Those of an organization's catalog; none where no organization is chosen."""
    return _offered(organization.pk) if organization else []


@compiled
def _offered(organization_id: int) -> QuerySet[ServiceType]:
    return ServiceType.objects.offered_by(organization_id)
