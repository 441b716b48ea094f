"""The ten steps (4.1), and which of them an assessment after the start goes through."""

from dataclasses import dataclass
from functools import cache

from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import STEP_LABELS
from hud.elements import element

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

# HUD's elements that the questions of a step are about.
ELEMENTS_OF = {
    UNIVERSAL.slug: ("3.07", "3.16", "3.20", "3.917", "4.13"),
    BARRIERS.slug: ("3.08", "4.05", "4.06", "4.07", "4.08", "4.09", "4.10"),
    VIOLENCE.slug: ("4.11",),
    INCOME.slug: ("4.02",),
    BENEFITS.slug: ("4.03",),
    INSURANCE.slug: ("4.04",),
}


@cache
def steps_of(kind: str) -> tuple[Step, ...]:
    """The steps with something that HUD collects at that point; a kind that enrolls has all."""
    fitting = tuple(step for step in STEPS if _is_fitting(step, Kind(kind)))
    return (EXIT, *fitting) if kind == Kind.DEPARTURE else fitting


def _is_fitting(step: Step, kind: Kind) -> bool:
    if kind.enrolls or step == REVIEW:
        return True
    return any(
        element(number).is_collected_at(kind.stage) for number in ELEMENTS_OF.get(step.slug, ())
    )


def next_of(kind: str, step: Step) -> Step:
    """The step after this one; the last one is its own."""
    steps = steps_of(kind)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def before(kind: str, step: Step) -> Step | None:
    steps = steps_of(kind)
    place = steps.index(step)
    return steps[place - 1] if place else None
