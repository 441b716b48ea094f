import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from outbox.states import DeliveryState, MailKind

if TYPE_CHECKING:
    from agencies.models import User
from records.model_fields import PlainCharField


def new_message_id() -> str:
    """One that stays with the mail, so that a receiver may drop a repeated one."""
    return f"<hmis.{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


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

    def in_hand_of(self, runs: Iterable[models.Model]) -> Self:
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

    def outdone(self, deliveries: Iterable["Delivery"]) -> set[int]:
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


class Delivery(models.Model):
    """One mail to one address; whoever queues it knows what it says (docs/adr/0018).

    pending -> claimed -> handing over -> sent. A run marks *handing over* right before the dot that
    ends the mail: until then the server has nothing. Whoever is interrupted between that mark and
    the server's answer leaves *uncertain*, which nobody sends again by itself.

    Neither its words nor a link of it are kept: they are made when it is sent (docs/adr/0019).

    Attributes:
        recipient: empty where it goes to an address of the settings, or to nobody (a reset that
            was asked for an address without an account).
        about: the id of what it is about, in a table of its kind.
        digest_on: the day of a daily digest; else empty.
        attempts: how often a server has had a try at it.
        refusals: how often a server answered "not now" to this mail; after some it is given up.
        answer: the server's code, such as "550 5.1.1", never its words: they hold addresses.
        resolved_at: when it was sent, given up, or became uncertain.
        asked_by: who last had it sent again.
    """

    State = DeliveryState
    Kind = MailKind

    kind = models.CharField(max_length=20, choices=MailKind.choices)
    recipient = models.ForeignKey(
        "agencies.User", models.CASCADE, related_name="deliveries", null=True, blank=True
    )
    about = models.BigIntegerField(null=True, blank=True)
    digest_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)
    # Indexed below, for the few rows that have one.
    claimed_by = models.ForeignKey(
        "outbox.MailRun",
        models.PROTECT,
        related_name="deliveries",
        null=True,
        blank=True,
        db_index=False,
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    message_id = PlainCharField(max_length=200, default=new_message_id, editable=False)
    answer = models.CharField(max_length=20, blank=True)
    asked_by = models.ForeignKey(
        "agencies.User", models.SET_NULL, related_name="+", null=True, blank=True, db_index=False
    )
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            # What a run claims next; sent rows, nearly all of the table, are not in it.
            models.Index(
                fields=["next_attempt_at", "id"],
                name="delivery_due",
                condition=Q(state=DeliveryState.PENDING),
            ),
            models.Index(
                fields=["claimed_by"],
                name="delivery_in_hand",
                condition=Q(claimed_by__isnull=False),
            ),
            # The administrators' lists.
            models.Index(
                fields=["resolved_at", "id"],
                name="delivery_in_doubt",
                condition=Q(state__in=DeliveryState.in_doubt()),
            ),
            models.Index(
                fields=["created_at", "id"],
                name="delivery_unsent",
                condition=Q(state__in=DeliveryState.unsent()),
            ),
            # What is forgotten after some time, and listed until then.
            models.Index(
                fields=["resolved_at", "id"],
                name="delivery_lately_resolved",
                condition=Q(state__in=DeliveryState.resolved()) & ~Q(kind__in=MailKind.kept()),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="delivery_kind_is_known",
                condition=Q(kind__in=MailKind.values),
                violation_error_message="Choose one of the listed kinds of mail.",
            ),
            models.CheckConstraint(
                name="delivery_to_somebody",
                condition=Q(recipient__isnull=False)
                | Q(kind__in=[MailKind.DUPLICATE_REPORT, MailKind.PASSWORD_RESET]),
                violation_error_message="Say who gets the mail.",
            ),
            models.CheckConstraint(
                name="delivery_has_a_known_state",
                condition=Q(state__in=DeliveryState.values),
                violation_error_message="Choose one of the listed states.",
            ),
            models.UniqueConstraint(
                name="delivery_message_once",
                fields=["message_id"],
                violation_error_message="Another mail has this Message-ID already.",
            ),
            models.UniqueConstraint(
                name="delivery_one_digest_a_day",
                fields=["recipient", "digest_on"],
                condition=Q(digest_on__isnull=False),
                violation_error_message="This user has a digest of that day already.",
            ),
            models.CheckConstraint(
                name="delivery_in_somebodys_hand",
                condition=(
                    Q(state__in=DeliveryState.in_hand(), claimed_by__isnull=False)
                    | Q(state=DeliveryState.UNCERTAIN)
                    | Q(state__in=DeliveryState.in_nobodys_hand(), claimed_by=None)
                ),
                violation_error_message="A mail is in the hand of a run while it works on it.",
            ),
            models.CheckConstraint(
                name="delivery_handed_over_when",
                condition=~Q(state__in=[DeliveryState.HANDING_OVER, DeliveryState.UNCERTAIN])
                | Q(handed_over_at__isnull=False),
                violation_error_message="Say when the mail was handed over.",
            ),
            models.CheckConstraint(
                name="delivery_resolved_when",
                condition=Q(state__in=DeliveryState.resolved(), resolved_at__isnull=False)
                | (~Q(state__in=DeliveryState.resolved()) & Q(resolved_at=None)),
                violation_error_message="Say when it was resolved, and only when it is.",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    @property
    def status(self) -> DeliveryState:
        return DeliveryState(self.state)

    @property
    def is_in_doubt(self) -> bool:
        return self.status in DeliveryState.in_doubt()

    @property
    def tone(self) -> str:
        return self.status.tone
