import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

from agencies.history import tracked
from clients.models import ClientRecord
from enrollments.models.enrollment import DateRange
from enrollments.querysets import CaseAssignmentManager, CaseAssignmentQuerySet


@tracked()
class CaseAssignment(ClientRecord):
    """A case manager's work with one client's enrollment; `organization` is the one worked for.

    Both days belong to it. It is never deleted; who assigned it is `created_by`.
    """

    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="case_assignments"
    )
    case_manager = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, related_name="case_assignments"
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
                    (DateRange("begins_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(date_deleted=None),
                violation_error_message=(
                    "This case manager is assigned to this enrollment already on these dates."
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Case assignment {self.pk}"

    @property
    def is_active(self) -> bool:
        today = timezone.localdate()
        return self.begins_on <= today and (self.ends_on is None or self.ends_on >= today)
