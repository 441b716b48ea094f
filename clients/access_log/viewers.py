"""Who opened a client's record, for those who are notified of what became of it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clients.models import Client, ClientAccess

Kind = ClientAccess.Kind
# In an emergency it was no matter of a release.
OPENED = [Kind.VIEW, Kind.CHANGE, Kind.REVEAL_SSN, Kind.EXPORT]


def viewers_since(client: Client, since: datetime) -> QuerySet[Any, Any]:
    """The IDs of the users who opened the client, under whichever ID, since a moment."""
    rows = ClientAccess.objects.filter(client__in=client.all_ids, kind__in=OPENED, at__gte=since)
    return rows.order_by().values_list("user", flat=True).distinct()
