"""What is asked at start, updates, anniversaries and exit; columns as in the CSV files."""

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
from records.history import tracked
from records.model_fields import KeyField


def yes_no() -> models.PositiveSmallIntegerField:
    return code(NoYesMissing)


def dollars() -> models.DecimalField:
    """A monthly amount in US dollars."""
    return models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)


def named_other() -> models.CharField:
    return models.CharField(max_length=50, blank=True)


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


class Assessment(ClientRecord):
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
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted()]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_stage_is_known",
                condition=Q(data_collection_stage__in=DataCollectionStage.values),
                violation_error_message="Choose one of the listed data collection stages.",
            ),
            models.UniqueConstraint(
                name="%(class)s_once_a_start_and_exit",
                fields=["enrollment", "data_collection_stage"],
                condition=Q(
                    date_deleted=None,
                    data_collection_stage__in=[
                        DataCollectionStage.ENTRY,
                        DataCollectionStage.EXIT,
                    ],
                ),
                violation_error_message="This enrollment has its answers at start or exit already.",
            ),
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

    class Meta(ClientRecord.Meta):
        verbose_name_plural = "disabilities"
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted()]
        ordering = ["-information_date", "disability_type", "-pk"]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="disability_type_is_known",
                condition=Q(disability_type__in=DisabilityType.values),
                violation_error_message="Choose one of the listed types of disability.",
            ),
            models.CheckConstraint(
                name="disability_stage_is_known",
                condition=Q(data_collection_stage__in=DataCollectionStage.values),
                violation_error_message="Choose one of the listed data collection stages.",
            ),
            models.UniqueConstraint(
                name="disability_type_once_a_start_and_exit",
                fields=["enrollment", "data_collection_stage", "disability_type"],
                condition=Q(
                    date_deleted=None,
                    data_collection_stage__in=[
                        DataCollectionStage.ENTRY,
                        DataCollectionStage.EXIT,
                    ],
                ),
                violation_error_message="This enrollment has its answers at start or exit already.",
            ),
        ]


@tracked()
class IncomeBenefits(Assessment):
    """HUD 4.02 Income and Sources, 4.03 Non-Cash Benefits, 4.04 Health Insurance."""

    in_enrollment = dated("4.02")

    income_from_any_source = code(NoYesReasons)
    total_monthly_income = dollars()
    earned = yes_no()
    earned_amount = dollars()
    unemployment = yes_no()
    unemployment_amount = dollars()
    ssi = yes_no()
    ssi_amount = dollars()
    ssdi = yes_no()
    ssdi_amount = dollars()
    va_disability_service = yes_no()
    va_disability_service_amount = dollars()
    va_disability_non_service = yes_no()
    va_disability_non_service_amount = dollars()
    private_disability = yes_no()
    private_disability_amount = dollars()
    workers_comp = yes_no()
    workers_comp_amount = dollars()
    tanf = yes_no()
    tanf_amount = dollars()
    ga = yes_no()
    ga_amount = dollars()
    soc_sec_retirement = yes_no()
    soc_sec_retirement_amount = dollars()
    pension = yes_no()
    pension_amount = dollars()
    child_support = yes_no()
    child_support_amount = dollars()
    alimony = yes_no()
    alimony_amount = dollars()
    other_income_source = yes_no()
    other_income_amount = dollars()
    other_income_source_identify = named_other()

    benefits_from_any_source = code(NoYesReasons)
    snap = yes_no()
    wic = yes_no()
    tanf_child_care = yes_no()
    tanf_transportation = yes_no()
    other_tanf = yes_no()
    other_benefits_source = yes_no()
    other_benefits_source_identify = named_other()

    insurance_from_any_source = code(NoYesReasons)
    medicaid = yes_no()
    medicare = yes_no()
    schip = yes_no()
    vha_services = yes_no()
    employer_provided = yes_no()
    cobra = yes_no()
    private_pay = yes_no()
    state_health_ins = yes_no()
    indian_health_services = yes_no()
    other_insurance = yes_no()
    other_insurance_identify = named_other()

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
