"""What is recorded outside the dates of its enrollment: one rule a model (docs/adr/0025)."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q

from data_quality.rules import groups
from data_quality.rules.fixes import EXIT_ASSESSMENT, PROGRAM, Fix
from data_quality.rules.rule import RuleSet, name_of
from data_quality.rules.subjects import Subject
from enrollments.dates import dated_models
from enrollments.models import Assessment, Enrollment, IntakeDraft
from hud.choices import DataCollectionStage

OF_ASSESSMENTS = "an assessment is dated outside its enrollment, or not at its start or exit"
START, EXIT = OuterRef("entry_date"), OuterRef("exit_date")


@dataclass(frozen=True)
class FixRecord(Fix):
    """The page of the first record outside, of those of a model."""

    model: Any = None

    def name_of(self, enrollment: Enrollment, field: str) -> str:
        return field

    def address(self, enrollment: Enrollment, field: str, *, corrects: date | None = None) -> str:
        wrong = misplaced(self.model, enrollment.entry_date, enrollment.exit_date)
        own = {"enrollment": enrollment, "organization": enrollment.organization_id}
        row = self.model.objects.filter(wrong, **own).order_by("pk").first()
        if row is None:
            return enrollment.get_absolute_url()
        if isinstance(row, Assessment):
            return _address_of_assessment(enrollment, row, field)
        return f"{self.model.in_enrollment.url_of(row)}#id_{field}"


def _address_of_assessment(enrollment: Enrollment, row: Assessment, field: str) -> str:
    """Those at start and exit get its date when they are saved; the others have their own."""
    kind = IntakeDraft.Kind.of_stage(row.data_collection_stage)
    if kind is IntakeDraft.Kind.REOPEN:
        return PROGRAM.address(enrollment, "entry_date")
    if kind is IntakeDraft.Kind.EXIT:
        return EXIT_ASSESSMENT.address(enrollment, "response_5")
    return Fix(kind.label, kind=kind).address(enrollment, field, corrects=row.information_date)


def misplaced(model: Any, start: Any, end: Any) -> Q:
    """The rows with a date outside; of the start and exit assessments, with another date."""
    found: Q = model.in_enrollment.outside(start, end)
    if issubclass(model, Assessment):
        at = Q(data_collection_stage=DataCollectionStage.ENTRY)
        found |= at & (Q(information_date__lt=start) | Q(information_date__gt=start))
        if end is not None:
            at = Q(data_collection_stage=DataCollectionStage.EXIT)
            found |= at & (Q(information_date__lt=end) | Q(information_date__gt=end))
    return found


def outside(model: Any, today: date) -> Q:
    """Of the enrollment's own organization, whose officers can correct it."""
    rows = model.objects.filter(misplaced(model, START, EXIT), enrollment=OuterRef("pk"))
    return Q(Exists(rows.filter(organization=OuterRef("organization")).order_by()))


rules = RuleSet(subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS, alone=True)
for model in dated_models():
    dated = model.in_enrollment
    article = "An" if dated.noun[0] in "aeiou" else "A"
    rules.about(dated.number).error(
        f"{model._meta.model_name}-outside",
        f"{name_of(dated.number)}: {OF_ASSESSMENTS}"
        if issubclass(model, Assessment)
        else f"{article} {dated.noun} is dated outside its enrollment",
        "Correct its date, or delete it; or correct the start or the exit.",
        wrong=partial(outside, model),
        fix=FixRecord(f"Correct {dated.noun}", model=model),
        field=dated.column,
    )
