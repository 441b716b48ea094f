from datetime import date
from typing import TYPE_CHECKING, Self

from clients.querysets import ClientRecordQuerySet
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import User


class ClientRequestQuerySet(ClientRecordQuerySet):
    def waiting(self) -> Self:
        """Those that are to be answered or carried out, the first due first."""
        return self.filter(state__in=["open", "granted"]).order_by("due_on", "pk")

    def due_by(self, day: date) -> Self:
        return self.filter(due_on__lte=day)

    def for_officer(self, user: "User") -> Self:
        """Those that the user's own organizations took; all for an administrator."""
        if user.is_superuser:
            return self
        return self.filter(organization__in=user.dqo_organizations)


class ClientRequestManager(RecordManager.from_queryset(ClientRequestQuerySet)):  # type: ignore[misc]
    pass
