"""Queued exports and imports of HMIS CSV, what they found, and the files that belong to them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from clients.fields import EncryptedTextField
from exchange.models.sources import SourceSystem
from exchange.states import KeptPart, TransferKind, TransferState
from records.model_fields import protected

if TYPE_CHECKING:
    from agencies.models import User
    from exchange.models.details import KeptFile

State = TransferState


class TransferQuerySet(models.QuerySet):
    def for_officer(self, officer: "User") -> Self:
        """Administrators see all, Data Quality Officers those of their organizations."""
        if officer.is_superuser:
            return self
        return self.filter(organization__in=officer.dqo_organizations)

    def listed(self) -> Self:
        return self.select_related("organization", "asked_by").prefetch_related("kept_files")

    def queued(self) -> Self:
        return self.filter(state=State.QUEUED)

    def running(self) -> Self:
        return self.filter(state=State.RUNNING)

    def outdated(self) -> Self:
        """Those whose files have been kept long enough."""
        return self.filter(expires_at__lte=timezone.now()).exclude(state=State.EXPIRED)

    def unseen_by(self, user: "User") -> Self:
        """What the user asked for, and has not looked at since it ended or began to wait."""
        ready = Q(state__in=[State.WAITING, State.DONE, State.FAILED])
        return self.filter(ready, asked_by=user, seen_at=None)

    def mark_seen(self) -> int:
        """Note that whoever asked for them has looked at how they ended."""
        return self.update(seen_at=timezone.now())


class Transfer(models.Model):
    """One export or import: queued, run by `manage.py run_transfers`, and kept until it expires.

    An import is checked first (a dry run), waits, and is queued once more when it is confirmed.

    Attributes:
        organization: whose data; empty for those of the whole site, which administrators ask for.
        projects: of an export: these alone; all of the organization's where there is none.
        starts_on: of an export: the first day of the period; empty for everything.
        is_hashed: of an export: names and SSNs by HUD's method of hashing.
        passphrase: what the ZIP is encrypted with; wiped when the export or import ends.
        source_name: of an import: the system that the file comes from.
        is_complete: of an export: with deleted rows.
        confirmed_from: of an import: the address that it was confirmed from.
        attempts: how often a worker took it up. A worker's steps name its attempt.
        interruptions: how often its worker died, or was stopped, since it was asked for.
        file: the CSV file that is worked on.
        rows_done: of that file by an export, of `rows_total` in all files by an import.
        files_done: files that an export has written, of `files_total`.
        checked_at: of an import: when its last check ended.
        problem: why it failed, was refused or was checked again, as a sentence for whoever asked
            for it.
        seen_at: when whoever asked for it looked at how it ended.
        expires_at: when its files are deleted.
    """

    Kind = TransferKind
    State = TransferState

    kind = models.CharField(max_length=10, choices=TransferKind.choices)
    organization = protected("agencies.Organization", null=True, blank=True)
    projects = models.ManyToManyField("agencies.Project", related_name="+", blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_hashed = models.BooleanField(default=False)
    is_encrypted = models.BooleanField(default=False)
    passphrase = EncryptedTextField(blank=True)
    is_complete = models.BooleanField(default=False)
    source_name = models.CharField(max_length=100, blank=True)

    state = models.CharField(
        max_length=10, choices=TransferState.choices, default=TransferState.QUEUED
    )
    asked_by = protected("agencies.User")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = protected("agencies.User", null=True, blank=True, db_index=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_from = models.GenericIPAddressField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=50, blank=True)
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(default=0)
    files_done = models.PositiveSmallIntegerField(default=0)
    files_total = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"],
                name="transfer_open",
                condition=Q(state__in=TransferState.at_work()),
            ),
            models.Index(
                fields=["expires_at"],
                name="transfer_expires",
                condition=~Q(state=TransferState.EXPIRED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_kind_is_known",
                condition=Q(kind__in=TransferKind.values),
                violation_error_message="Choose export or import.",
            ),
            models.UniqueConstraint(
                Coalesce("organization", 0),
                name="transfer_one_running",
                condition=Q(state=TransferState.RUNNING),
                violation_error_message="Another export or import of this organization is running.",
            ),
            models.CheckConstraint(
                name="transfer_period_is_whole",
                condition=Q(starts_on=None, ends_on=None)
                | Q(
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    starts_on__lte=F("ends_on"),
                ),
                violation_error_message="Enter both days of the period, the earlier one first.",
            ),
            models.CheckConstraint(
                name="transfer_import_has_no_export_options",
                condition=Q(kind=TransferKind.EXPORT)
                | Q(starts_on=None, is_hashed=False, is_complete=False),
                violation_error_message="Only an export has a period and hashed identities.",
            ),
            models.CheckConstraint(
                name="transfer_import_is_confirmed",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(
                    kind=TransferKind.IMPORT,
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                ),
                violation_error_message="Only imports are confirmed: say by whom, and when.",
            ),
            models.CheckConstraint(
                name="transfer_waits_to_be_confirmed",
                condition=~Q(state=TransferState.WAITING)
                | Q(kind=TransferKind.IMPORT, confirmed_at=None),
                violation_error_message="Only an import that nobody has confirmed waits for that.",
            ),
            models.CheckConstraint(
                name="transfer_passphrase_is_wiped",
                condition=Q(passphrase="")
                | Q(state__in=[*TransferState.at_work(), TransferState.WAITING], is_encrypted=True),
                violation_error_message="A passphrase is kept only until the work is done.",
            ),
            models.CheckConstraint(
                name="transfer_state_is_whole",
                condition=Q(
                    state__in=TransferState.at_work(), ended_at=None, expires_at=None, problem=""
                )
                | Q(state=TransferState.WAITING, ended_at=None, expires_at__isnull=False)
                | Q(
                    state__in=TransferState.over(), ended_at__isnull=False, expires_at__isnull=False
                ),
                violation_error_message=(
                    "Choose one of the listed states; say when it ended and expires, and only "
                    "when it has."
                ),
            ),
            models.CheckConstraint(
                name="transfer_failed_for_a_reason",
                condition=~Q(state=TransferState.FAILED) | ~Q(problem=""),
                violation_error_message="Say why it failed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:transfer", args=[self.pk])

    @property
    def status(self) -> TransferState:
        return TransferState(self.state)

    @property
    def is_export(self) -> bool:
        return self.kind == TransferKind.EXPORT

    @property
    def is_at_work(self) -> bool:
        return self.status in TransferState.at_work()

    @property
    def is_waiting(self) -> bool:
        return self.status is TransferState.WAITING

    @property
    def is_over(self) -> bool:
        return self.status in TransferState.over()

    @property
    def may_be_canceled(self) -> bool:
        return not self.is_over and self.cancel_asked_at is None

    @property
    def whose(self) -> str:
        return str(self.organization) if self.organization else "The whole site"

    @property
    def percent(self) -> int | None:
        """How much of it is done; None while it waits, and where that is not known."""
        if self.status is State.QUEUED:
            return None
        done, total = self.rows_done, self.rows_total
        if not total:
            done, total = self.files_done, self.files_total
        return min(done * 100 // total, 100) if total else None

    @property
    def state_words(self) -> str:
        if self.is_at_work and self.cancel_asked_at:
            return "Canceling"
        if self.status is TransferState.RUNNING and not self.is_export:
            if self.must_be_checked_again:
                return "Checking again"
            return "Applying" if self.confirmed_at else "Checking"
        return self.status.label

    @property
    def must_be_checked_again(self) -> bool:
        """Whether it was confirmed, and another import has written its records since its check.

        That one came from these pages or a command, and was of the same organization or of the
        whole site: what the check had found may not be so any more. Asks the database each time.
        """
        if self.confirmed_at is None:
            return False
        organization = self.organization_id
        own = Q(organization=organization) | Q(organization=None) if organization else Q()
        # A check that is older than the column has no time of its own.
        checked_at = self.checked_at or self.asked_at
        return SourceSystem.objects.filter(own, imported_at__gt=checked_at).exists()

    def kept(self, part: KeptPart) -> "KeptFile | None":
        return next((one for one in self.kept_files.all() if one.part == part), None)

    @property
    def result(self) -> "KeptFile | None":
        """The ZIP of an export."""
        return self.kept(KeptPart.RESULT)


def expiry() -> datetime:
    """When the files of what ends now are deleted."""
    return timezone.now() + timedelta(days=settings.TRANSFER_DAYS)
