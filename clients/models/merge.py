from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from clients.merge.policies import Stays
from clients.querysets import ClientMergeQuerySet
from records.history import tracked
from records.model_fields import protected


@tracked(exclude=["snapshot"])
class ClientMerge(models.Model):
    """Two clients who turned out to be one person, with all that is needed to undo it.

    The snapshot keeps rows as the database has them, so the SSN in it is encrypted:

    rows     both clients as they were, column by column
    steps    what was changed, in order (clients.merge.steps.Step)
    created  rows that were added: the former name as an alias
    values   whose value was kept, by fact
    kept     whose rows were kept, by conflict
    """

    survivor = protected("clients.Client")
    merged = protected("clients.Client")
    by = protected("agencies.User", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_by = protected("agencies.User", null=True, blank=True, db_index=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.JSONField()

    objects = ClientMergeQuerySet.as_manager()
    on_merge = {"survivor": Stays(), "merged": Stays()}

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="merge_of_two_clients",
                condition=~Q(survivor=F("merged")),
                violation_error_message="A client cannot be merged into itself.",
            ),
            models.UniqueConstraint(
                name="merged_away_once",
                fields=["merged"],
                condition=Q(undone_at=None),
                violation_error_message="This client was merged already.",
            ),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                violation_error_message="Say who undid the merge, and when.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Client {self.merged_id} into {self.survivor_id}"

    def get_absolute_url(self) -> str:
        return reverse("admin:clients_clientmerge_change", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return self.undone_at is None

    @property
    def undone_on(self) -> date | None:
        return timezone.localdate(self.undone_at) if self.undone_at else None

    def part(self, name: str) -> Any:
        return self.snapshot.get(name) or []

    def mark_undone(self, *, by: User) -> None:
        self.undone_at, self.undone_by = timezone.now(), by
        self.save(update_fields=["undone_at", "undone_by"])
