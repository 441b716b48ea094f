"""The ten steps (4.1), and which of them an assessment after the start goes through."""

from dataclasses import dataclass

from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import STEP_LABELS

Kind = IntakeDraft.Kind


@dataclass(frozen=True)
class Step:
    slug: str
    label: str


(
    BASIC,
    FAMILY,
    PROGRAM,
    UNIVERSAL,
    BARRIERS,
    VIOLENCE,
    INCOME,
    BENEFITS,
    INSURANCE,
    REVIEW,
    EXIT,
) = tuple(Step(slug, label) for slug, label in STEP_LABELS.items())
BY_SLUG = {slug: Step(slug, label) for slug, label in STEP_LABELS.items()}
STEPS = tuple(step for step in BY_SLUG.values() if step != EXIT)

# HUD 5.03: disabilities and domestic violence are not part of an annual assessment, domestic
# violence not of an exit.
FITTING = {
    Kind.INTAKE: STEPS,
    Kind.REOPEN: STEPS,
    Kind.UPDATE: (BARRIERS, VIOLENCE, INCOME, BENEFITS, INSURANCE, REVIEW),
    Kind.ANNUAL: (INCOME, BENEFITS, INSURANCE, REVIEW),
    Kind.EXIT: (BARRIERS, INCOME, BENEFITS, INSURANCE, REVIEW),
    Kind.DEPARTURE: (EXIT, BARRIERS, INCOME, BENEFITS, INSURANCE, REVIEW),
}


def steps_of(kind: str) -> tuple[Step, ...]:
    return FITTING[Kind(kind)]


def next_of(kind: str, step: Step) -> Step:
    """The step after this one; the last one is its own."""
    steps = steps_of(kind)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def before(kind: str, step: Step) -> Step | None:
    steps = steps_of(kind)
    place = steps.index(step)
    return steps[place - 1] if place else None
