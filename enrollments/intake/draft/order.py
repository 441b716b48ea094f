"""The ten steps (4.1), and which of them an assessment after the start goes through."""

from functools import cache

from enrollments.intake.draft.sections import SECTIONS
from enrollments.models import IntakeDraft
from hud.elements import element

Kind = IntakeDraft.Kind
Step = IntakeDraft.Step


@cache
def steps_of(kind: str) -> tuple[Step, ...]:
    """The steps with something that HUD collects at that point; a kind that enrolls has all."""
    of_kind = Kind(kind)
    if of_kind.enrolls:
        return tuple(step for step in Step if step != Step.EXIT)
    collected = tuple(
        step
        for step, section in SECTIONS.items()
        if any(element(one.rule).is_collected_at(of_kind.stage) for one in section.questions)
    )
    return (*([Step.EXIT] if of_kind is Kind.DEPARTURE else []), *collected, Step.REVIEW)


def next_of(kind: str, step: Step) -> Step:
    """The step after this one; the last one is its own."""
    steps = steps_of(kind)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def before(kind: str, step: Step) -> Step | None:
    steps = steps_of(kind)
    place = steps.index(step)
    return steps[place - 1] if place else None
