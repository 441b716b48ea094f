"""Saving a Coordinated Entry Assessment with its questions and results (4.19)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from agencies.models import User
from cas.models import Assessment, AssessmentQuestion, AssessmentResult

Rows = Iterable[tuple[str, dict[str, str]]]


@transaction.atomic
def save_assessment(*, assessment: Assessment, questions: Rows, results: Rows, by: User) -> None:
    """Save an assessment and its parts; a part that is not among the rows is deleted.

    Args:
        assessment: new or changed, not saved yet.
        questions, results: the key of the record, empty for a new one, and its texts by column.
    """
    if not assessment._state.adding:
        assessment.version += 1
    assessment.visibility = assessment.enrollment.visibility
    assessment.stamp(by=by)
    assessment.save()
    _save_parts(assessment, AssessmentQuestion, assessment.questions.all(), questions, by)
    _save_parts(assessment, AssessmentResult, assessment.results.all(), results, by)


def _save_parts(
    assessment: Assessment, model: type[Any], stored: Iterable[Any], rows: Rows, by: User
) -> None:
    left = {str(part.pk): part for part in stored}
    orders: list[Any] = [getattr(part, "assessment_question_order", None) for part in left.values()]
    order = max(orders, default=0) if None not in orders else None
    for key, texts in rows:
        part = left.pop(key, None)
        if part is None:
            part = model(
                assessment=assessment,
                client=assessment.client,
                organization=assessment.organization,
            )
            if model is AssessmentQuestion and order is not None:
                order += 1
                part.assessment_question_order = order
        values = texts | {"visibility": assessment.visibility}
        if part._state.adding or any(getattr(part, name) != values[name] for name in values):
            for name, value in values.items():
                setattr(part, name, value)
            part.stamp(by=by)
            part.save()
    for part in left.values():
        part.mark_deleted(by=by)
