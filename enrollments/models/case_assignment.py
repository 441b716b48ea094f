from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from clients.models import ClientRecord
from enrollments.models.assignment_dates import assignment_within_enrollment
from enrollments.models.enrollment import date_range
from enrollments.models.filed_on import enrollment_is_not_deleted
from enrollments.querysets import CaseAssignmentManager, CaseAssignmentQuerySet
from records.history import tracked

if TYPE_CHECKING:
    from enrollments.models.enrollment import Enrollment


@tracked(by_time=True)
class CaseAssignment(ClientRecord):
    """A case manager's work with one client's enrollment; `organization` is the one worked for.

    It is over on the day it ends, as an enrollment is on the day of its exit: whoever hands over
    today is not the case manager any more. It is inactive, too, while its case manager is
    deactivated or has no access to `organization`. It is never deleted but with an enrollment that
    was filed by mistake; who assigned it is `created_by`.
    """

    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="case_assignments"
    )
    case_manager = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="case_assignments", db_index=False
    )
    begins_on = models.DateField("assignment beginning on", default=timezone.localdate)
    ends_on = models.DateField("ending on", null=True, blank=True)

    objects = CaseAssignmentManager()
    with_deleted = CaseAssignmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["-begins_on", "-pk"]
        indexes = [
            models.Index(fields=["case_manager", "ends_on"], name="assignment_case_manager_end"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="assignment_ends_after_begin",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                violation_error_message="The assignment cannot end before it begins.",
            ),
            ExclusionConstraint(
                name="assignment_once_at_a_time",
                expressions=[
                    ("enrollment", RangeOperators.EQUAL),
                    ("case_manager", RangeOperators.EQUAL),
                    (date_range("begins_on", "ends_on", "[)"), RangeOperators.OVERLAPS),
                ],
                condition=Q(date_deleted=None),
                violation_error_message=(
                    "This case manager is assigned to this enrollment already on these dates."
                ),
            ),
        ]
        triggers = [
            *ClientRecord.Meta.triggers,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            assignment_within_enrollment(),
            enrollment_is_not_deleted(),
        ]

    @property
    def is_active(self) -> bool:
        return self.is_active_on(timezone.localdate())

    def is_active_on(self, day: date) -> bool:
        """What `querysets.active_on` says, of this row."""
        holds = self.begins_on <= day and (self.ends_on is None or self.ends_on > day)
        return holds and self.case_manager_has_access

    @cached_property
    def case_manager_has_access(self) -> bool:
        """Whether the case manager is an active user of the organization; see `with_access`."""
        return self.case_manager.is_active and self.organization_id in self.case_manager.access

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or was taken back before it began."""
        if self.ends_on is None:
            return False
        return self.ends_on <= max(timezone.localdate(), self.begins_on)

    @property
    def status(self) -> str:
        if self.is_active:
            return "Active"
        return "Inactive" if self.is_over or self.is_abandoned else "Not begun"

    @property
    def is_abandoned(self) -> bool:
        """Whether it goes on by its dates, and its case manager has no access any more."""
        return not self.is_over and not self.case_manager_has_access

    def clean(self) -> None:
        """The dates of an assignment lie within its enrollment's."""
        if self.enrollment_id is None:
            return
        errors = within(self.enrollment, begins_on=self.begins_on, ends_on=self.ends_on)
        if errors:
            raise ValidationError(errors)


def within(
    enrollment: "Enrollment", *, begins_on: date | None, ends_on: date | None
) -> dict[str, str]:
    """What to change, by field, where a date of an assignment is outside the enrollment."""
    first, last = enrollment.entry_date, enrollment.exit_date
    errors = {}
    if begins_on and begins_on < first:
        errors["begins_on"] = f"Enter a day on or after the project start, {first:%m/%d/%Y}."
    if begins_on and last and begins_on > last:
        errors["begins_on"] = f"Enter a day on or before the project exit, {last:%m/%d/%Y}."
    if ends_on and last and ends_on > last:
        errors["ends_on"] = f"Enter a day on or before the project exit, {last:%m/%d/%Y}."
    return errors
