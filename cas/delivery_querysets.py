"""Which mails are due, in whose hand, in doubt."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cas.delivery_states import DeliveryState, Purpose

if TYPE_CHECKING:
    from agencies.models import User
    from cas.models import MailRun, Notification

# Of a digest, so many notifications stand in its line of a list.
SHOWN = 3


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """Waiting, and their time has come; the longest due first."""
        rows = self.filter(state=DeliveryState.PENDING, next_attempt_at__lte=now)
        return rows.order_by("next_attempt_at", "pk")

    def digest_of(self, user: "User", day: date) -> Self:
        return self.filter(recipient=user, digest_on=day)

    def unsent(self) -> Self:
        return self.filter(state__in=DeliveryState.unsent())

    def in_doubt(self) -> Self:
        """Uncertain, or given up."""
        return self.filter(state__in=DeliveryState.in_doubt())

    def in_hand_of(self, runs: "Iterable[MailRun]") -> Self:
        return self.filter(state__in=DeliveryState.in_hand(), claimed_by__in=list(runs))

    def claimed(self) -> Self:
        return self.filter(state=DeliveryState.CLAIMED)

    def handing_over(self) -> Self:
        return self.filter(state=DeliveryState.HANDING_OVER)

    def release(self) -> int:
        """Let others take them: they were not handed to a server."""
        return self.update(state=DeliveryState.PENDING, claimed_by=None)

    def listed(self) -> Self:
        """With the recipient and the first notifications of each mail."""
        items = apps.get_model("cas", "DeliveryItem").objects.select_related("notification")
        few = models.Prefetch("items", items.order_by("pk")[: SHOWN + 1], to_attr="listed_items")
        return self.select_related("recipient", "asked_by").prefetch_related(few)


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


class MailRunQuerySet(models.QuerySet):
    def with_claims(self) -> Self:
        """Runs, dead or alive, that have mails in hand."""
        deliveries: Any = apps.get_model("cas", "Delivery").objects
        in_hand = deliveries.filter(claimed_by=OuterRef("pk"), state__in=DeliveryState.in_hand())
        return self.filter(Exists(in_hand.order_by()))

    def ended(self) -> Self:
        return self.exclude(ended_at=None)

    def latest_ended(self) -> Self:
        return self.ended().order_by("-ended_at")

    def forgettable(self, *, before: datetime) -> Self:
        """Older than that, and nobody needs to know any more which they were."""
        deliveries: Any = apps.get_model("cas", "Delivery").objects
        claims = deliveries.filter(claimed_by=OuterRef("pk"))
        return self.filter(Q(started_at__lt=before), ~Exists(claims.order_by()))
