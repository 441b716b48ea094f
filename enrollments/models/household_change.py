"""What became of a household on which day: who heads it, who went into another one (12.1)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class HouseholdChangeQuerySet(models.QuerySet):
    def of_households(self, household_ids: list[int]) -> "HouseholdChangeQuerySet":
        """What happened in these households, and what they came out of; the latest first."""
        rows = self.filter(Q(household__in=household_ids) | Q(new_household__in=household_ids))
        return rows.order_by("-happened_on", "-pk")


class HouseholdChange(models.Model):
    """A new head of household, or a member who went into another household; never edited.

    HUD's columns say how a household is now, from the start of its enrollment (3.15); this says
    since when it is so. `enrollment` is the new head's, or that of the member who went.
    """

    class Kind(models.TextChoices):
        HEAD = "head", "Head of household changed"
        SPLIT = "split", "Household split"

    kind = models.CharField(max_length=5, choices=Kind.choices)
    household = models.ForeignKey(
        "enrollments.Household", on_delete=models.PROTECT, related_name="changes"
    )
    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    former_head = models.ForeignKey(
        "enrollments.Enrollment",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    new_household = models.ForeignKey(
        "enrollments.Household",
        on_delete=models.PROTECT,
        related_name="origins",
        null=True,
        blank=True,
    )
    happened_on = models.DateField("from")
    created_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    date_created = models.DateTimeField(default=timezone.now)

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
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
