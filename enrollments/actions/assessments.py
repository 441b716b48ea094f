"""A filed update or annual assessment that should not be there is deleted, and restored."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from enrollments.locks import lock_enrollments
from enrollments.models import Enrollment
from enrollments.models.assessment_tables import TABLES, days_of_assessments
from hud.choices import DataCollectionStage
from hud.rules.annual import SAVED_SINCE, same_day_issues
from records.constraints import constraint_messages
from records.statements import compiled


@dataclass(frozen=True)
class DeletedAssessment:
    """What a user deleted lately of an enrollment, to be restored with one click."""

    enrollment: Enrollment
    stage: DataCollectionStage
    day: date

    @property
    def display_name(self) -> str:
        return f"{self.stage.label} of {self.day:%m/%d/%Y}"

    @property
    def restore_url(self) -> str:
        place = [self.enrollment.client_id, self.enrollment.pk, self.stage.value, self.day]
        return reverse("enrollments:restore_assessment", args=place)


@constraint_messages()
def delete_assessment(
    *, enrollment: Enrollment, stage: DataCollectionStage, day: date, by: User
) -> int:
    """Delete the rows of one assessment; return how many there were.

    Raises:
        ValidationError: with a sentence, where the enrollment is another client's by now.
    """
    lock_enrollments([enrollment])
    now = timezone.now()
    deleted = {"date_deleted": now, "deleted_by": by}
    return sum(
        table.objects.filter(**_of(enrollment, stage, day)).update(**deleted, **_stamp(now, by))
        for table in TABLES
    )


@constraint_messages()
def restore_assessment(
    *, enrollment: Enrollment, stage: DataCollectionStage, day: date, by: User
) -> int:
    """Restore the rows that a user deleted lately; return how many there were.

    Raises:
        ValidationError: with a sentence, where somebody else changed the enrollment since, or
            another one of that day was saved.
    """
    lock_enrollments([enrollment])
    restored = {"date_deleted": None, "deleted_by": None}
    done = {made for _, made in days_of_assessments([enrollment], stage)}
    repeated = same_day_issues(day, done=done, message=SAVED_SINCE)
    count = 0
    for table in TABLES:
        rows = table.with_deleted.filter(**_of(enrollment, stage, day)).recently_deleted_by(by)
        for one in rows.select_related("enrollment__updated_by"):
            if why := repeated[0].message if repeated else one.undo_refused(by):
                raise ValidationError(why, code="changed")
        count += rows.update(**restored, **_stamp(timezone.now(), by))
    return count


def deleted_assessments(enrollment: Enrollment, user: User) -> list[DeletedAssessment]:
    """What the user deleted lately of an enrollment."""
    found = sorted(_recently_deleted(user, enrollment.pk))
    return [DeletedAssessment(enrollment, DataCollectionStage(stage), day) for stage, day in found]


@compiled
def _recently_deleted(user: User, enrollment_id: int) -> QuerySet[Any, tuple[int, date]]:
    rows = [
        table.with_deleted.filter(enrollment=enrollment_id)
        .recently_deleted_by(user)
        .order_by()
        .values_list("data_collection_stage", "information_date")
        for table in TABLES
    ]
    return rows[0].union(*rows[1:])


def _of(enrollment: Enrollment, stage: DataCollectionStage, day: date) -> dict[str, Any]:
    return {"enrollment": enrollment, "data_collection_stage": stage, "information_date": day}


def _stamp(now: datetime, by: User) -> dict[str, Any]:
    return {"date_updated": now, "updated_by": by}
