"""What the rules found, counted in the background and kept until the next count."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from data_quality.rules.scope import Scope

FRESH_FOR = timedelta(minutes=10)
OPENED_EVERY = timedelta(hours=1)  # how exactly it is known when a page was opened
RECOUNTED_FOR = timedelta(days=7)  # after it was opened
MOST_ATTEMPTS = 3
MOST_WAITING = 5  # counts that one user asked for: what is beyond is queued when it is opened again


class StoredCountsQuerySet(models.QuerySet["StoredCounts"]):
    def of(self, scope: Scope) -> Self:
        """Those of whoever has the same rights and filters, for pages, which read no `rows`."""
        return self.filter(fingerprint=scope.fingerprint).defer("rows")

    def queued(self) -> Self:
        return self.exclude(queued_at=None).order_by("queued_at", "pk")

    def aging(self) -> Self:
        """What is kept up to date: unfiltered, opened lately, and not counted just now."""
        now = timezone.now()
        return self.filter(
            queued_at=None,
            attempts=0,
            project=None,
            active_from=None,
            active_to=None,
            entered_since=None,
            opened_at__gte=now - RECOUNTED_FOR,
            counted_at__lt=now - FRESH_FOR,
        ).order_by("counted_at", "pk")

    def forgotten(self) -> Self:
        return self.filter(opened_at__lt=timezone.now() - RECOUNTED_FOR)

    def opened(self, scope: Scope, *, again: bool = False) -> "StoredCounts":
        """Those of a scope, queued where they are missing, old, or to be counted `again`."""
        row, is_new = self.of(scope).get_or_create(
            fingerprint=scope.fingerprint,
            defaults={
                "asked_by": scope.user,
                "organization": scope.organization,
                "project": scope.project,
                "active_from": scope.active_from,
                "active_to": scope.active_to,
                "entered_since": scope.entered_since,
                "queued_at": timezone.now(),
            },
        )
        if not is_new:
            row.note_opened(by=scope.user, again=again)
        if row.queued_at:
            self._take_back_beyond(scope.user)
        return row

    def _take_back_beyond(self, user: models.Model) -> None:
        """Let nobody's counts wait behind those of many filters that one user has tried."""
        mine = self.filter(asked_by=user, queued_at__isnull=False, attempts=0)
        older = mine.order_by("-queued_at", "-pk")[MOST_WAITING:]
        self.filter(pk__in=older.values("pk")).update(queued_at=None)


class StoredCounts(models.Model):
    """The counts of all rules over one scope, for everybody of the same rights and filters.

    They are numbers and keys of rows alone. `manage.py count_quality` counts what is queued as
    `asked_by`, whose rights must still be those of the fingerprint.

    Attributes:
        fingerprint: of the rights and filters (`Scope.fingerprint`).
        asked_by: who opened the page last.
        opened_at: when that was, to the hour.
        queued_at: when a count was asked for; empty where none is.
        attempts: how often it was begun since then.
        steps_done: how far it is, of `steps`.
        counted_at: when the last count began.
        counts: by the rule's key, how many it found, of how many.
        rows: by the key of a rule that found few, the primary keys of all that it found
            (`data_quality.kept_rows`).
        marks: the last event of each table by then (`data_quality.changes`).
    """

    fingerprint = models.CharField(max_length=64)
    asked_by = models.ForeignKey("agencies.User", models.CASCADE, related_name="+", db_index=False)
    organization = models.ForeignKey(
        "agencies.Organization",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    project = models.ForeignKey(
        "agencies.Project", models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    entered_since = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    rows = models.JSONField(default=dict, blank=True, db_default={})
    marks = models.JSONField(default=dict, blank=True)

    objects = StoredCountsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "stored counts"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="stored_counts_once",
                fields=["fingerprint"],
                violation_error_message="The counts of these rights and filters are kept already.",
            ),
            models.CheckConstraint(
                name="stored_counts_have_a_time",
                condition=Q(counted_at=None, counts={}) | Q(counted_at__isnull=False),
                violation_error_message="Say when this was counted.",
            ),
        ]

    def __str__(self) -> str:
        return f"Counts {self.pk}"

    @property
    def has_failed(self) -> bool:
        return self.queued_at is None and self.attempts >= MOST_ATTEMPTS

    @property
    def is_old(self) -> bool:
        """Some minutes old, or of another day, by which rules judge."""
        now, at = timezone.now(), self.counted_at
        if at is None:
            return True
        return at < now - FRESH_FOR or timezone.localdate(at) != timezone.localdate(now)

    def note_opened(self, *, by: models.Model, again: bool) -> None:
        """Have it counted where that is due; what has failed waits for `again`."""
        now, changed = timezone.now(), {}
        if self.opened_at < now - OPENED_EVERY:
            changed = {"opened_at": now, "asked_by": by}
        # Asked for while it counts: the count that runs may have passed what was changed.
        if again or (self.queued_at is None and self.is_old and not self.has_failed):
            changed |= {"queued_at": now, "attempts": 0, "asked_by": by}
        if changed:
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=changed)

    def scope(self) -> Scope | None:
        """What to count, by the rights that its user has today; None where they have changed."""
        if not self.asked_by.is_active:
            return None
        scope = Scope(
            user=self.asked_by,
            today=timezone.localdate(),
            organization=self.organization,
            project=self.project,
            active_from=self.active_from,
            active_to=self.active_to,
            entered_since=self.entered_since,
        )
        return scope if scope.fingerprint == self.fingerprint else None
