"""What became of a household on which day: who heads it, who went into another one (12.1)."""

from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from records import clock
from records.model_fields import protected
from records.querysets import UNDO_FOR

if TYPE_CHECKING:
    from agencies.models import User


class HouseholdChangeQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Those that nobody has undone."""
        return self.filter(date_undone=None)

    def about(self, household_ids: Any) -> Self:
        """What happened in these households, or brought them about."""
        return self.filter(Q(household__in=household_ids) | Q(new_household__in=household_ids))

    def of_households(self, household_ids: list[int]) -> Self:
        """What happened in these households, and in those that they came out of; latest first."""
        origins = self.in_force().filter(new_household__in=household_ids).values("household")
        rows = self.about(household_ids) | self.filter(household__in=origins)
        return rows.in_force().order_by("-happened_on", "-pk")

    def lately_by(self, user: "User") -> Self:
        """Changes that this user made lately, the latest first: each can be undone as a whole."""
        since = clock.now() - UNDO_FOR
        rows = self.filter(created_by=user, date_created__gte=since)
        return rows.exclude(written={}).order_by("-date_created", "-pk")

    def made_with(self, change: "HouseholdChange") -> Self:
        """The rows of one change: a split has one for each member who goes, and a new head."""
        return self.filter(
            household=change.household_id,
            created_by=change.created_by_id,
            date_created=change.date_created,
        )


class HouseholdChange(models.Model):
    """A new head of household, or a member who went into another household.

    HUD's columns say how a household is now, from the start of its enrollment (3.15); this says
    since when it is so. `enrollment` is the new head's, or that of the member who went. Nothing of
    it is edited; within an hour its author undoes it (`enrollments.family.undo`).

    `written` is in one row of each change: what was written to which enrollment, by its primary
    key, as a pair of what stood there and what stands there since.
    """

    class Kind(models.TextChoices):
        HEAD = "head", "Head of household changed"
        SPLIT = "split", "Household split"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    household = models.ForeignKey(
        "enrollments.Household", on_delete=models.PROTECT, related_name="changes"
    )
    enrollment = protected("enrollments.Enrollment", db_index=False)
    former_head = protected("enrollments.Enrollment", null=True, blank=True, db_index=False)
    new_household = models.ForeignKey(
        "enrollments.Household",
        on_delete=models.PROTECT,
        related_name="origins",
        null=True,
        blank=True,
    )
    happened_on = models.DateField("from")
    created_by = protected("agencies.User", db_index=False)
    date_created = models.DateTimeField(default=timezone.now)
    written = models.JSONField(default=dict, blank=True, editable=False)
    undone_by = protected("agencies.User", null=True, blank=True, db_index=False)
    date_undone = models.DateTimeField(null=True, blank=True)

    objects = HouseholdChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="household_change_is_whole",
                condition=Q(kind="head", new_household=None)
                | Q(kind="split", new_household__isnull=False, former_head=None),
                violation_error_message="A split has the new household; a new head has none.",
            ),
            models.CheckConstraint(
                name="household_splits_into_another",
                condition=Q(new_household=None) | ~Q(new_household=F("household")),
                violation_error_message="Members who go need another household.",
            ),
            models.CheckConstraint(
                name="household_change_undone_by_somebody",
                condition=Q(undone_by=None, date_undone=None)
                | Q(undone_by__isnull=False, date_undone__isnull=False),
                violation_error_message="What is undone has a user and a moment.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="never_edited", exclude=["undone_by", "date_undone"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
