"""Coordinated Entry Assessments with their questions and results (4.19)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from cas.querysets import (
    AssessmentManager,
    AssessmentPartManager,
    AssessmentPartQuerySet,
    AssessmentQuerySet,
)
from clients.models import ClientRecord, deleted_index
from enrollments.dates import Dated
from enrollments.models.filed_on import enrollment_is_not_deleted
from hud.choices.coordinated_entry import AssessmentLevel, AssessmentType, PrioritizationStatus
from records.addresses import address
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.model_fields import KeyField

if TYPE_CHECKING:
    from agencies.models import User


@tracked(by_time=True)
class Assessment(MayBreak, ClientRecord):
    """What a head of household was asked for Coordinated Entry; a row of Assessment.csv."""

    client = models.ForeignKey(
        "clients.Client",
        on_delete=models.PROTECT,
        related_name="cas_assessments",
        editable=False,
        db_index=False,
    )
    assessment_id = KeyField()
    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="cas_assessments"
    )
    assessment_date = models.DateField("date of assessment", default=timezone.localdate)
    assessment_location = models.CharField(max_length=250)
    assessment_type = models.PositiveSmallIntegerField(choices=AssessmentType.choices)
    assessment_level = models.PositiveSmallIntegerField(choices=AssessmentLevel.choices)
    prioritization_status = models.PositiveSmallIntegerField(choices=PrioritizationStatus.choices)
    version = models.PositiveIntegerField(default=1, editable=False)

    in_enrollment = Dated(
        "assessment_date", "coordinated entry assessment", "4.19", page="cas:edit_assessment"
    )

    url_name = "assessment"
    list_page = "cas:assessments"
    objects = AssessmentManager()
    with_deleted = AssessmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        verbose_name = "coordinated entry assessment"
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted(), KeepsMarks()]
        ordering = ["-assessment_date", "-pk"]
        indexes = [
            models.Index(
                fields=["client", "-assessment_date", "-id"], name="cas_assessment_by_client"
            ),
            deleted_index("assessment_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            breakable(
                name="assessment_has_a_location",
                condition=~Q(assessment_location=""),
                violation_error_message="Enter where the assessment was held.",
            ),
            models.CheckConstraint(
                name="assessment_type_is_known",
                condition=Q(assessment_type__in=AssessmentType.values),
                violation_error_message="Choose phone, virtual or in person.",
            ),
            models.CheckConstraint(
                name="assessment_level_is_known",
                condition=Q(assessment_level__in=AssessmentLevel.values),
                violation_error_message="Choose crisis needs or housing needs.",
            ),
            models.CheckConstraint(
                name="assessment_prioritization_is_known",
                condition=Q(prioritization_status__in=PrioritizationStatus.values),
                violation_error_message="Choose whether it placed the client on the list.",
            ),
        ]

    def __str__(self) -> str:
        return f"Assessment {self.pk}"

    def get_absolute_url(self) -> str:
        return address("cas:assessment", self.client_id, self.pk)

    @property
    def display_name(self) -> str:
        return f"{self.get_assessment_level_display()}, {self.assessment_date:%m/%d/%Y}"

    def mark_deleted(self, *, by: "User", at: datetime | None = None) -> None:
        """Delete the assessment with its questions and results, at one moment."""
        with transaction.atomic():
            super().mark_deleted(by=by, at=at)
            for part in (*self.questions.all(), *self.results.all()):
                part.mark_deleted(by=by, at=self.date_deleted)

    def restore(self, *, by: "User") -> None:
        """Bring it back with what was deleted together with it."""
        with transaction.atomic():
            together = {"assessment": self, "date_deleted": self.date_deleted}
            super().restore(by=by)
            for model in (AssessmentQuestion, AssessmentResult):
                for part in model.with_deleted.filter(**together):
                    part.restore(by=by)


@tracked()
class AssessmentQuestion(ClientRecord):
    """A question of an assessment with its answer; a row of AssessmentQuestions.csv."""

    assessment_question_id = KeyField()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="questions")
    assessment_question_group = models.CharField("group", max_length=250, blank=True)
    assessment_question_order = models.IntegerField("order", null=True, blank=True)
    assessment_question = models.CharField("question", max_length=250)
    assessment_answer = models.CharField("answer", max_length=500, blank=True)

    objects = AssessmentPartManager()
    with_deleted = AssessmentPartQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["assessment_question_order", "pk"]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="assessment_question_has_words",
                condition=~Q(assessment_question=""),
                violation_error_message="Enter the question.",
            ),
        ]


@tracked()
class AssessmentResult(ClientRecord):
    """A result of an assessment, such as a score; a row of AssessmentResults.csv."""

    assessment_result_id = KeyField()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="results")
    assessment_result_type = models.CharField("type of result", max_length=250)
    assessment_result = models.CharField("result", max_length=250, blank=True)

    objects = AssessmentPartManager()
    with_deleted = AssessmentPartQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        ordering = ["pk"]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="assessment_result_has_a_type",
                condition=~Q(assessment_result_type=""),
                violation_error_message="Enter the type of result.",
            ),
        ]
