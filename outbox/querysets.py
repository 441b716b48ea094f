"""Which mails are due, in whose hand, in doubt."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from outbox.states import DeliveryState, MailKind

if TYPE_CHECKING:
    from agencies.models import User
    from outbox.models import Delivery, MailRun


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

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def visible_to(self, user: "User") -> Self:
        """Administrators see all, those of Coordinated Access its own, officers their invitations.

        An invitation is about the organization that invites.
        """
        if user.is_superuser:
            return self
        seen = Q(kind=MailKind.INVITATION, about__in=user.dqo_organizations)
        return self.filter(seen | Q(kind=MailKind.CAS) if user.has_cas_access else seen)

    def outdone(self, deliveries: "Iterable[Delivery]") -> set[int]:
        """Those of the deliveries after which another was queued for the same recipient."""
        pks = [one.pk for one in deliveries]
        later = self.model._default_manager.filter(
            kind=OuterRef("kind"),
            recipient=OuterRef("recipient"),
            created_at__gt=OuterRef("created_at"),
        ).filter(Q(about=OuterRef("about")) | Q(about=None))
        return set(self.filter(Exists(later.order_by()), pk__in=pks).values_list("pk", flat=True))

    def lately_resolved(self) -> Self:
        """Sent, given up or uncertain, of the kinds that are forgotten after some time."""
        return self.filter(state__in=DeliveryState.resolved()).exclude(kind__in=MailKind.kept())

    def forgettable(self, *, before: datetime) -> Self:
        return self.lately_resolved().filter(resolved_at__lt=before)

    def listed(self) -> Self:
        """With the users of each line of a list."""
        return self.select_related("recipient", "asked_by")


class MailRunQuerySet(models.QuerySet):
    def with_claims(self) -> Self:
        """Runs, dead or alive, that have mails in hand."""
        deliveries: Any = apps.get_model("outbox", "Delivery").objects
        in_hand = deliveries.filter(claimed_by=OuterRef("pk"), state__in=DeliveryState.in_hand())
        return self.filter(Exists(in_hand.order_by()))

    def ended(self) -> Self:
        return self.exclude(ended_at=None)

    def of_cron(self) -> Self:
        return self.filter(by_cron=True)

    def latest_ended(self) -> Self:
        return self.ended().order_by("-ended_at")

    def forgettable(self, *, before: datetime) -> Self:
        """Older than that, and nobody needs to know any more which they were."""
        deliveries: Any = apps.get_model("outbox", "Delivery").objects
        claims = deliveries.filter(claimed_by=OuterRef("pk"))
        return self.filter(Q(started_at__lt=before), ~Exists(claims.order_by()))
