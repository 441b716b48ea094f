from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from outbox.models.delivery import Delivery
from outbox.states import DeliveryState


class Outcome(models.TextChoices):
    """How a run of `send_mail` ended; each has an exit code of its own."""

    RUNNING = "running", "Running"
    DONE = "done", "All sent"
    PARTLY = "partly", "Some could not be delivered"
    SERVER_DOWN = "down", "The mail server does not take mail"
    BROKEN = "broken", "Stopped by an error"

    @property
    def exit_code(self) -> int:
        return {self.DONE: 0, self.PARTLY: 2, self.SERVER_DOWN: 3}.get(self, 1)

    @property
    def tone(self) -> str:
        """Of its badge."""
        return {self.DONE: "good", self.RUNNING: "info", self.BROKEN: "danger"}.get(self, "warning")


class MailRunQuerySet(models.QuerySet):
    def with_claims(self) -> Self:
        """Runs, dead or alive, that have mails in hand."""
        in_hand = Delivery.objects.filter(
            claimed_by=OuterRef("pk"), state__in=DeliveryState.in_hand()
        )
        return self.filter(Exists(in_hand.order_by()))

    def of_cron(self) -> Self:
        return self.filter(by_cron=True)

    def has_planned_in_hour(self, now: datetime) -> bool:
        """Whether a run that began in the hour of this moment got to its end."""
        begin = now.replace(minute=0, second=0, microsecond=0)
        runs = self.filter(started_at__gte=begin, ended_at__gte=begin, started_at__lte=now)
        return runs.exclude(outcome=Outcome.BROKEN).exists()

    def ended(self, *, by: datetime) -> Self:
        """The last first; one that ended later than that is of a clock that has been set back."""
        return self.filter(ended_at__lte=by).order_by("-ended_at")

    def forgettable(self, *, before: datetime) -> Self:
        """Older than that, and nobody needs to know any more which they were."""
        claims = Delivery.objects.filter(claimed_by=OuterRef("pk"))
        return self.filter(Q(started_at__lt=before), ~Exists(claims.order_by()))


class MailRun(models.Model):
    """A process that sends mail: whose claims are whose, and the heartbeat of the cron command.

    It lives as long as its process holds an advisory lock under this id (`outbox.runs`).

    Attributes:
        by_cron: whether the command did it, and not a web server right after the act.
        notified: notifications in the mails of this run.
        retried: mails put off for another attempt.
        reconciled: mails taken back from runs that had died.
    """

    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    by_cron = models.BooleanField(default=True, db_default=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    planned = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    notified = models.PositiveIntegerField(default=0)
    retried = models.PositiveIntegerField(default=0)
    uncertain = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    reconciled = models.PositiveIntegerField(default=0)

    objects = MailRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["-ended_at"], name="mail_run_latest", condition=~Q(ended_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_run_outcome_is_known",
                condition=Q(outcome__in=Outcome.values),
                violation_error_message="Choose one of the listed outcomes.",
            ),
            models.CheckConstraint(
                name="mail_run_outcome_when_ended",
                condition=Q(outcome=Outcome.RUNNING, ended_at=None)
                | (~Q(outcome=Outcome.RUNNING) & Q(ended_at__isnull=False)),
                violation_error_message="A run that has ended has an outcome and a time.",
            ),
            models.CheckConstraint(
                name="mail_run_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                violation_error_message="A run cannot end before it started.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mail run {self.pk}"

    @property
    def how(self) -> Outcome:
        return Outcome(self.outcome)

    @property
    def took(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at else None


class Beat(Enum):
    OK = "ok"
    NEVER = "never ran"
    LATE = "late"
    IN_TROUBLE = "in trouble"


@dataclass(frozen=True)
class Heartbeat:
    """The run that ended last, and what that says at a moment."""

    run: MailRun | None
    now: datetime

    @property
    def age(self) -> timedelta | None:
        return self.now - self.run.ended_at if self.run and self.run.ended_at else None

    @property
    def beat(self) -> Beat:
        if self.run is None or self.age is None:
            return Beat.NEVER
        if self.age > timedelta(minutes=settings.MAIL_LATE_MINUTES):
            return Beat.LATE
        went_wrong = self.run.how in {Outcome.SERVER_DOWN, Outcome.BROKEN}
        return Beat.IN_TROUBLE if went_wrong else Beat.OK


def heartbeat(now: datetime) -> Heartbeat:
    """Whether the cron command still runs: one look into an index."""
    return Heartbeat(MailRun.objects.of_cron().ended(by=now).first(), now)
