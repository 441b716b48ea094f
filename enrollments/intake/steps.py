"""The ten steps (4.1), and which of them an assessment after the start goes through."""

from dataclasses import dataclass

from enrollments.models import IntakeDraft

Kind = IntakeDraft.Kind


@dataclass(frozen=True)
class Step:
    slug: str
    label: str


BASIC = Step("basic", "Basic Client Information")
FAMILY = Step("family", "Family Members")
PROGRAM = Step("program", "HUD Program Enrollment")
UNIVERSAL = Step("universal", "Universal Data Assessment")
BARRIERS = Step("barriers", "Barriers")
VIOLENCE = Step("domestic-violence", "Domestic Violence")
INCOME = Step("income", "Income and Sources")
BENEFITS = Step("benefits", "Non-Cash Benefits")
INSURANCE = Step("insurance", "Health Insurance")
REVIEW = Step("review", "Review")

STEPS = (
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
)
BY_SLUG = {step.slug: step for step in STEPS}

# HUD 5.03: disabilities and domestic violence are not part of an annual assessment, domestic
# violence not of an exit.
FITTING = {
    Kind.INTAKE: STEPS,
    Kind.REOPEN: STEPS,
    Kind.UPDATE: (BARRIERS, VIOLENCE, INCOME, BENEFITS, INSURANCE, REVIEW),
    Kind.ANNUAL: (INCOME, BENEFITS, INSURANCE, REVIEW),
    Kind.EXIT: (BARRIERS, INCOME, BENEFITS, INSURANCE, REVIEW),
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
