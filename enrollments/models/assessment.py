"""What is asked at start, updates, anniversaries and exit; columns as in the CSV files."""

import operator
from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from typing import Any

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
from hud.elements import FIELDS
from hud.elements.assessments import HIV, REASON_NOT_INSURED
from hud.rules.income import TOTAL
from hud.rules.sources import BENEFITS, INCOME, INSURANCE
from records.breaks import KeepsMarks, MayBreak, breakable, marked
from records.history import tracked
from records.hud_columns import program_columns
from records.model_fields import HashedKeyField, key_once
from records.models import newest_index


def dollars() -> models.DecimalField:
    """A monthly amount in US dollars."""
    return models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)


ONCE = "once_a_start_and_exit"


def only_after(columns: Iterable[str], **answers: Any) -> Q:
    """The columns hold something only where others hold these answers (HUD: "null unless")."""
    known = {f"{name.partition('__')[0]}__isnull": False for name in answers}
    return Q(**dict.fromkeys(columns)) | Q(**known, **answers)


def count(name: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(FIELDS[name].label, null=True, blank=True)


def follow_up(name: str, *columns: str, message: str) -> models.CheckConstraint:
    """The columns hold something only after the answers that HUD's data dictionary says."""
    condition = Q()
    for column in columns:
        for parent, answers in FIELDS[column].follows.items():
            condition &= only_after([column], **{f"{parent}__in": sorted(answers)})
    return breakable(name=name, condition=condition, violation_error_message=message)


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

    key = HashedKeyField()
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
            key_once("%(class)s_key_once", "key"),
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
@program_columns("HealthAndDV")
class HealthAndDV(Assessment):
    """HUD 4.11 Domestic Violence, and R7 to R10, the health of those in programs for youth."""

    in_enrollment = dated("4.11")

    domestic_violence_survivor = answer("domestic_violence_survivor")
    when_occurred = answer("when_occurred")
    currently_fleeing = answer("currently_fleeing")

    class Meta(Assessment.Meta):
        verbose_name = verbose_name_plural = "health and DV"
        constraints = [
            *Assessment.Meta.constraints,
            follow_up(
                "due_date_of_a_pregnancy",
                "due_date",
                message="Only a pregnancy has a due date.",
            ),
        ]


@tracked()
class Disability(Assessment):
    """HUD 4.05-4.10: one row for each type of disability; W4 and W6 on that of HIV/AIDS."""

    in_enrollment = dated("4.05-4.10")

    disability_type = models.PositiveSmallIntegerField(choices=DisabilityType.choices)
    disability_response = code(DisabilityResponse)
    indefinite_and_impairs = code(NoYesReasons)
    t_cell_count_available = answer("t_cell_count_available")
    t_cell_count = count("t_cell_count")
    t_cell_source = answer("t_cell_source")
    viral_load_available = answer("viral_load_available")
    viral_load = count("viral_load")
    viral_load_source = answer("viral_load_source")
    anti_retroviral = answer("anti_retroviral")

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
            breakable(
                name="hiv_answers_of_hiv",
                condition=only_after(
                    HIV, disability_type=DisabilityType.HIV_AIDS, disability_response=1
                ),
                violation_error_message="Only who has HIV/AIDS has counts and prescriptions.",
            ),
            follow_up(
                "count_that_is_available",
                *("t_cell_count", "t_cell_source", "viral_load", "viral_load_source"),
                message="Only what is available has a count and a source.",
            ),
            breakable(
                name="source_of_a_count",
                condition=(Q(t_cell_source=None) | Q(t_cell_count__isnull=False))
                & (Q(viral_load_source=None) | Q(viral_load__isnull=False)),
                violation_error_message="Enter the count, or take out how it was obtained.",
            ),
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
            if source.reason:
                model.add_to_class(source.reason, code(REASON_NOT_INSURED))
        other = models.CharField(max_length=50, blank=True)
        model.add_to_class(topic.identify_field, other)
    return model


@tracked()
@program_columns("IncomeBenefits")
@with_sources
class IncomeBenefits(Assessment):
    """HUD 4.02 Income and Sources, 4.03 Non-Cash Benefits, 4.04 Health Insurance, W3, P4."""

    in_enrollment = dated("4.02")
    total_monthly_income: Decimal | None  # one of the columns that are added

    class Meta(Assessment.Meta):
        verbose_name_plural = "income and benefits"
        constraints = [
            *Assessment.Meta.constraints,
            breakable(
                name="reason_not_insured",
                condition=reduce(
                    operator.and_,
                    (
                        only_after([one.reason], **{one.field: NoYesMissing.NO})
                        for one in INSURANCE.sources
                        if one.reason
                    ),
                ),
                violation_error_message="Only who does not have an insurance has a reason.",
            ),
            follow_up(
                "reason_without_assistance",
                *("no_adap_reason", "no_ryan_white_reason"),
                message="Only who does not receive the assistance has a reason not to.",
            ),
        ]
        indexes = [
            newest_index("income_of_organization"),
            models.Index(fields=["id"], name="income_contradicts", condition=CONTRADICTS),
            models.Index(
                fields=["enrollment"],
                name="income_annual",
                condition=Q(data_collection_stage=DataCollectionStage.ANNUAL),
            ),
        ]


@tracked()
@program_columns("EmploymentEducation")
class EmploymentEducation(Assessment):
    """HUD R4 Last Grade Completed, R5 School Status, R6 Employment Status."""

    in_enrollment = dated("R6")

    class Meta(Assessment.Meta):
        verbose_name = verbose_name_plural = "employment and education"
        constraints = [
            *Assessment.Meta.constraints,
            follow_up(
                "employment_as_answered",
                *("employment_type", "not_employed_reason"),
                message="Only the employed have a type of employment, and the others a reason.",
            ),
        ]


@tracked()
@program_columns("YouthEducationStatus")
class YouthEducationStatus(Assessment):
    """HUD C3 Youth Education Status."""

    in_enrollment = dated("C3")

    class Meta(Assessment.Meta):
        verbose_name = verbose_name_plural = "youth education status"
        constraints = [
            *Assessment.Meta.constraints,
            follow_up(
                "education_as_attended",
                *("most_recent_ed_status", "current_ed_status"),
                message="What is pursued is asked of the enrolled, how it ended of the others.",
            ),
        ]
