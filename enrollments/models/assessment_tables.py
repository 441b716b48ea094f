"""What is asked of the five tables of assessments together."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from enrollments.models.assessment import (
    Disability,
    EmploymentEducation,
    HealthAndDV,
    IncomeBenefits,
    YouthEducationStatus,
)
from enrollments.models.enrollment import Enrollment
from hud.choices import DataCollectionStage

TABLES: tuple[Any, ...] = (
    *(IncomeBenefits, HealthAndDV, Disability),
    *(EmploymentEducation, YouthEducationStatus),
)


def days_of_assessments(
    enrollments: Iterable[Enrollment], stage: DataCollectionStage
) -> set[tuple[int, date]]:
    """Return enrollment ID and date of their assessments of one stage, whatever was answered."""
    rows = [
        table.objects.filter(enrollment__in=enrollments, data_collection_stage=stage)
        .order_by()
        .values_list("enrollment_id", "information_date")
        for table in TABLES
    ]
    return set(rows[0].union(*rows[1:]))
