import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from cas.choices import Kind, State
from cas.querysets import UNANSWERED, NotificationQuerySet
from clients.merge.policies import Moves, own_rows
from clients.models.record import follows_merge


class Notification(models.Model):
    """One thing that one user is notified of once; how it is mailed is kept elsewhere.

    Attributes:
        subject: a stable key of what it is about, such as `event:17`. With recipient and kind it
            is unique, so that notifying twice notifies once. No personal data.
        resolved_at: when it was resolved without its recipient: it is not so any more, or the
            successor has been notified already.
        moved_at: when it came from a former case manager of the client.
    """

    Kind = Kind
    State = State

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        "agencies.User",
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,  # other indexes begin with it
    )
    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="notifications"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=80)
    event = models.ForeignKey(
        "cas.Event",
        on_delete=models.PROTECT,
        related_name="notifications",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()
    on_merge = {
        "client": Moves(
            "notifications of case managers go on", is_compared=False, seen=own_rows("recipient")
        )
    }

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # The bell of every page: what one user has not answered and has not snoozed. It holds
            # all that is unanswered, and is the only such index: the planner would take another
            # one where few are left, and read those of everybody.
            models.Index(
                F("recipient"),
                Coalesce("snoozed_until", "created_at").desc(),
                F("id").desc(),
                name="notification_bell",
                condition=UNANSWERED,
            ),
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_newest"),
            models.Index(
                fields=["created_at", "id"], name="notification_unanswered", condition=UNANSWERED
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="notification_once",
                fields=["subject", "recipient", "kind"],  # in this order: found by subject
                violation_error_message="This user has been notified already.",
            ),
            models.CheckConstraint(
                name="notification_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Choose one of the listed kinds of notification.",
            ),
            models.CheckConstraint(
                name="notification_has_a_subject",
                condition=~Q(subject=""),
                violation_error_message="Say what the notification is about.",
            ),
            models.CheckConstraint(
                name="notification_snoozed_ahead",
                condition=Q(snoozed_until=None) | Q(snoozed_until__gt=F("created_at")),
                violation_error_message="Snooze until a moment after the notification came.",
            ),
        ]
        triggers = [follows_merge()]

    def __str__(self) -> str:
        return f"Notification {self.pk}"

    def get_absolute_url(self) -> str:
        """The address that a mail may hold: a random id and nothing else."""
        return reverse("cas:notification", args=[self.public_id])

    @property
    def reference(self) -> str:
        """What mails call it: enough of the random id to find it in a list."""
        first = self.public_id.hex[:8].upper()
        return f"{first[:4]}-{first[4:]}"

    @property
    def what(self) -> Kind:
        return Kind(self.kind)

    def state_at(self, now: datetime) -> State:
        if self.dismissed_at:
            return State.DISMISSED
        if self.resolved_at:
            return State.RESOLVED
        if self.snoozed_until and self.snoozed_until > now:
            return State.SNOOZED
        return State.OPENED if self.opened_at else State.NEW

    @property
    def state(self) -> State:
        return self.state_at(timezone.now())

    @property
    def is_unanswered(self) -> bool:
        return not (self.opened_at or self.dismissed_at or self.resolved_at)
