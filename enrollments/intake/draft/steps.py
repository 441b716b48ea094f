"""Which steps a draft has: those that HUD asks of all, and of the programs that pay the project."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from django.utils import timezone

from enrollments.intake.draft.added_steps import added_to
from enrollments.intake.draft.household import DraftHousehold, Member, funders_of
from enrollments.intake.draft.sections import SECTIONS
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import DataCollectionStage
from hud.elements import element
from hud.programs import Grant, funders_between

Step = IntakeDraft.Step
Kind = IntakeDraft.Kind
NEXT = "Save & Next"
SAVE = "Save"  # as the cheat sheet has it on HUD Program Enrollment
OF_AN_INTAKE = (Step.BASIC, Step.FAMILY, Step.PROGRAM, Step.REVIEW)


def steps_of(draft: IntakeDraft) -> tuple[Step, ...]:
    """The steps of a draft; until its project is chosen those of every project.

    Those of upper floors stand before Review, which is the last of every draft.
    """
    left_out = draft.answers.left_out
    *own, review = (step for step in _all_steps(draft) if step not in left_out)
    return (*own, *added_to(draft), review)


def _all_steps(draft: IntakeDraft) -> tuple[Step, ...]:
    funders = funders_of(draft)
    if not funders:
        return steps_for(draft.kind)
    answers, days = draft.answers, [draft.answers.day or timezone.localdate()]
    if draft.kind_of.enrolls:
        days = [date.fromisoformat(one["entry_date"]) for one in answers.household["members"]]
    grants = [Grant(one.funder, one.start_date, one.end_date) for one in funders]
    return steps_for(draft.kind, funders[0].project.project_type, grants, days)


def leave_out_steps(draft: IntakeDraft, household: DraftHousehold | None) -> None:
    """Let a draft skip the steps that ask nothing of these members, such as income of a child."""
    if household is None:
        return
    draft.answers.left_out = [
        step
        for step in _all_steps(draft)
        if step in SECTIONS and not any(SECTIONS[step].asked_of(one) for one in household.members)
    ]


def steps_for(
    kind: str,
    project_type: int | None = None,
    grants: Sequence[Grant] = (),
    days: Sequence[date] = (),
) -> tuple[Step, ...]:
    """The steps of a kind of draft in a project with these grants.

    Args:
        days: of which the answers are.
    """
    funders = funders_between(grants, min(days), max(days)) if grants and days else frozenset()
    return _steps(kind, project_type, funders)


def steps_of_exit(household: Sequence[Enrollment]) -> tuple[Step, ...]:
    """The steps that an exit has whoever leaves: those that ask each of these members something."""
    project, today = household[0].project, timezone.localdate()
    members = [
        Member(
            client=row.client,
            entry_date=row.entry_date,
            day=today,
            relationship=row.relationship_to_hoh,
            project=project,
            stage=Kind.DEPARTURE.stage,
            enrollment=row,
        )
        for row in household
    ]
    return tuple(
        step
        for step in steps_for(Kind.DEPARTURE, project.project_type, project.grants, [today])
        if step not in SECTIONS or all(SECTIONS[step].asked_of(one) for one in members)
    )


@cache
def _steps(kind: str, project_type: int | None, funders: frozenset[int]) -> tuple[Step, ...]:
    of_kind = Kind(kind)
    collected = [one for one in SECTIONS if _asks(one, of_kind.stage, project_type, funders)]
    if of_kind.enrolls:
        own = [step for step in OF_AN_INTAKE if step != Step.BASIC or of_kind is not Kind.MEMBER]
        return tuple(step for step in Step if step in (*own, *collected))
    # A draft begins with what every project is asked.
    first = next(place for place, one in enumerate(collected) if _asks(one, of_kind.stage))
    first_step = [Step.EXIT] if of_kind is Kind.DEPARTURE else []
    return (*first_step, *collected[first:], *collected[:first], Step.REVIEW)


def _asks(
    step: Step,
    stage: DataCollectionStage,
    project_type: int | None = None,
    funders: frozenset[int] = frozenset(),
) -> bool:
    """Whether HUD collects something of a step at a stage, of all or for one of the funders."""
    elements = [element(number) for one in SECTIONS[step].questions for number in one.rules]
    return any(
        one.is_collected_at(stage)
        and (not one.funded or (project_type is not None and one.is_for(project_type, funders)))
        for one in elements
    )


def next_of(draft: IntakeDraft, step: Step) -> Step:
    """The step after this one; the last one is its own."""
    steps = steps_of(draft)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def next_label(step: Step) -> str:
    """What the button that leads to the next step says."""
    return SAVE if step == Step.PROGRAM else NEXT


def before(draft: IntakeDraft, step: Step) -> Step | None:
    steps = steps_of(draft)
    place = steps.index(step)
    return steps[place - 1] if place else None
