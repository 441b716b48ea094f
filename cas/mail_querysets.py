"""What is mailed of which notification."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef

from cas.purposes import Purpose

if TYPE_CHECKING:
    from cas.models import Notification


class DeliveryItemQuerySet(models.QuerySet):
    def of_notification(self, notification: "Notification") -> Self:
        """All its mails, the first one first."""
        rows = self.filter(notification=notification).order_by("pk")
        return rows.select_related("recipient", "delivery__asked_by")

    def of_outer_notification(self, *purposes: Purpose) -> Self:
        """Within a queryset of notifications: what its recipient was mailed of it."""
        rows = self.filter(
            notification=OuterRef("pk"),
            recipient=OuterRef("recipient"),
            told_at=OuterRef("created_at"),
        )
        return (rows.filter(purpose__in=purposes) if purposes else rows).order_by()
