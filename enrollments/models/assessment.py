"""What is asked at start, updates, anniversaries and exit; columns as in the CSV files."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from clients.models import ClientRecord
from enrollments.contradictions import CONTRADICTS
from enrollments.dates import Dated
from enrollments.models.enrollment import answer, code
from enrollments.models.filed_on import enrollment_is_not_deleted
from enrollments.querysets import AssessmentManager, AssessmentQuerySet
from hud.choices import (
    DataCollectionStage,
    DisabilityResponse,
    DisabilityType,
    NoYesMissing,
    NoYesReasons,
)
from hud.rules.income import TOTAL
from hud.rules.sources import BENEFITS, INCOME, INSURANCE
from records.breaks import KeepsMarks, MayBreak, marked
from records.history import tracked
from records.model_fields import KeyField


def dollars() -> models.DecimalField:
    """A monthly amount in US dollars."""
    return models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)


ONCE = "once_a_start_and_exit"


def once_a_start_and_exit(name: str, *more: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        name=f"{name}_{ONCE}",
        fields=["enrollment", "data_collection_stage", *more],
        condition=Q(
            ~marked(ONCE),
            date_deleted=None,
            data_collection_stage__in=[DataCollectionStage.ENTRY, DataCollectionStage.EXIT],
        ),
        violation_error_message="This enrollment has its answers at start or exit already.",
    )


LATER = [DataCollectionStage.UPDATE, DataCollectionStage.ANNUAL]


def dated(number: str) -> Dated:
    """Updates and annual assessments stay where they are; those at start and exit move along."""
    return Dated(
        "information_date",
        "assessment",
        number,
        rows=Q(data_collection_stage__in=LATER),
        kind="data_collection_stage",
        kinds={
            str(DataCollectionStage.UPDATE.value): "update assessment",
            str(DataCollectionStage.ANNUAL.value): "annual assessment",
        },
    )


class Assessment(MayBreak, ClientRecord):
    """One dated set of answers about one member of a household."""

    key = KeyField()
    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="%(class)s_rows", editable=False
    )
    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="%(class)s_rows"
    )
    information_date = models.DateField()
    data_collection_stage = models.PositiveSmallIntegerField(choices=DataCollectionStage.choices)

    objects = AssessmentManager()
    with_deleted = AssessmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        abstract = True
        ordering = ["-information_date", "-pk"]
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted(), KeepsMarks()]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_stage_is_known",
                condition=Q(data_collection_stage__in=DataCollectionStage.values),
                violation_error_message="Choose one of the listed data collection stages.",
            ),
            once_a_start_and_exit("%(class)s"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


@tracked()
class HealthAndDV(Assessment):
    """HUD 4.11 Domestic Violence."""

    in_enrollment = dated("4.11")

    domestic_violence_survivor = answer("domestic_violence_survivor")
    when_occurred = answer("when_occurred")
    currently_fleeing = answer("currently_fleeing")

    class Meta(Assessment.Meta):
        verbose_name = "health and DV"


@tracked()
class Disability(Assessment):
    """HUD 4.05-4.10: one row for each type of disability."""

    in_enrollment = dated("4.05-4.10")

    disability_type = models.PositiveSmallIntegerField(choices=DisabilityType.choices)
    disability_response = code(DisabilityResponse)
    indefinite_and_impairs = code(NoYesReasons)

    class Meta(Assessment.Meta):
        verbose_name_plural = "disabilities"
        ordering = ["-information_date", "disability_type", "-pk"]
        constraints = [
            *Assessment.Meta.constraints[:-1],  # a row for each type
            models.CheckConstraint(
                name="disability_type_is_known",
                condition=Q(disability_type__in=DisabilityType.values),
                violation_error_message="Choose one of the listed types of disability.",
            ),
            once_a_start_and_exit("disability_type", "disability_type"),
        ]


def with_sources(model: type[Assessment]) -> type[Assessment]:
    """Add the columns that `hud.rules.sources` names, in its order."""
    for topic in (INCOME, BENEFITS, INSURANCE):
        model.add_to_class(topic.any_field, code(NoYesReasons))
        if topic is INCOME:
            model.add_to_class(TOTAL, dollars())
        for source in topic.sources:
            model.add_to_class(source.field, code(NoYesMissing))
            if source.amount:
                model.add_to_class(source.amount, dollars())
        other = models.CharField(max_length=50, blank=True)
        model.add_to_class(topic.identify_field, other)
    return model


@tracked()
@with_sources
class IncomeBenefits(Assessment):
    """HUD 4.02 Income and Sources, 4.03 Non-Cash Benefits, 4.04 Health Insurance."""

    in_enrollment = dated("4.02")
    total_monthly_income: Decimal | None  # one of the columns that are added

    class Meta(Assessment.Meta):
        verbose_name_plural = "income and benefits"
        indexes = [
            models.Index(fields=["id"], name="income_contradicts", condition=CONTRADICTS),
            models.Index(
                fields=["enrollment"],
                name="income_annual",
                condition=Q(data_collection_stage=DataCollectionStage.ANNUAL),
            ),
        ]
