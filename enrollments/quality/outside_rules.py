"""What is recorded outside the dates of its enrollment: one rule a model (docs/adr/0025)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q

from agencies.models import User
from enrollments.dates import dated_models
from enrollments.models import Assessment, Enrollment
from enrollments.quality import groups
from enrollments.quality.mending import OPEN_STAY, Mend
from enrollments.quality.rule import Level, Rule
from enrollments.quality.subjects import Subject
from hud.choices import DataCollectionStage

START, EXIT = OuterRef("entry_date"), OuterRef("exit_date")
ADVICE = "Correct its date, or delete it; or correct the start or the exit."


@dataclass(frozen=True)
class MendRecord(Mend):
    """The page of the first record outside.

    Args:
        model: whose rows the rule is about.
    """

    model: Any = None

    def begin(self, stay: Enrollment, *, by: User, stage: int | None = None) -> str:
        dated = self.model.in_enrollment
        outside = dated.outside(stay.entry_date, stay.exit_date)
        own = {"enrollment": stay, "organization": stay.organization_id}
        row = self.model.objects.filter(outside, **own).order_by("pk").first()
        return dated.url_of(row) if row else stay.get_absolute_url()


def misplaced(model: Any) -> Q:
    """The rows with a date outside; of the start and exit assessments, with another date."""
    found: Q = model.in_enrollment.outside(START, EXIT)
    if issubclass(model, Assessment):
        at = Q(data_collection_stage=DataCollectionStage.ENTRY)
        found |= at & (Q(information_date__lt=START) | Q(information_date__gt=START))
        at = Q(data_collection_stage=DataCollectionStage.EXIT)
        found |= at & (Q(information_date__lt=EXIT) | Q(information_date__gt=EXIT))
    return found


def outside(model: Any, today: date) -> Q:
    """Of the enrollment's own organization, whose officers can correct it."""
    rows = model.objects.filter(misplaced(model), enrollment=OuterRef("pk"))
    return Q(Exists(rows.filter(organization=OuterRef("organization")).order_by()))


def rules() -> Iterator[Rule]:
    for model in dated_models():
        dated = model.in_enrollment
        is_assessment = issubclass(model, Assessment)
        yield Rule(
            key=f"{model._meta.model_name}-outside",
            number=dated.number,
            element=dated.element,
            level=Level.ERROR,
            title=_title_of_assessment(dated.element)
            if is_assessment
            else f"{_article(dated.noun)} {dated.noun} is dated outside its enrollment",
            advice=ADVICE,
            subject=Subject.STAY,
            concerns=groups.STAYS,
            wrong=partial(outside, model),
            mend=OPEN_STAY if is_assessment else MendRecord(f"Edit {dated.noun}", model=model),
            alone=True,
        )


def _title_of_assessment(element: str) -> str:
    return f"{element}: an assessment is dated outside its enrollment, or not at its start or exit"


def _article(noun: str) -> str:
    return "An" if noun[0] in "aeiou" else "A"
