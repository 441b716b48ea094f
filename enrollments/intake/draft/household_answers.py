"""What belongs to the household is filed with its head, and follows the head (HUD 3.16, 3.20)."""

from datetime import date, datetime
from typing import Any

from enrollments.intake.draft.household import prefix_of
from enrollments.intake.draft.order import Step
from enrollments.models.draft_answers import DATE, Answers
from hud.choices import RelationshipToHoH
from hud.rules import move_in

OF_HOUSEHOLD = ("enrollment_coc", move_in.FIELD)
KeptMember = dict[str, Any]  # as Answers.household keeps it


def change_household(answers: Answers, household: dict[str, Any]) -> None:
    """Keep who enters what as what; a new head takes over the household's answers.

    The former head's own copy stays as it is.
    """
    before, now = _head(answers.household), _head(household)
    answers.household = household
    if before is None or now is None or before["client"] == now["client"]:
        return
    typed = answers.typed(Step.UNIVERSAL)
    if typed is None:
        return
    for name in OF_HOUSEHOLD:
        value = typed.get(f"{prefix_of(before['client'])}-{name}", "").strip()
        if value and name == move_in.FIELD:
            value = _not_before(value, date.fromisoformat(now["entry_date"]))
        if value:
            field = f"{prefix_of(now['client'])}-{name}"
            answers.content["typed"][Step.UNIVERSAL][field] = [value]


def _head(household: dict[str, Any] | None) -> KeptMember | None:
    members = household["members"] if household else []
    return next((one for one in members if one["relationship"] == RelationshipToHoH.SELF), None)


def _not_before(typed: str, start: date) -> str:
    """HUD 3.20: who joined after the move-in moved in on the own start date."""
    try:
        day = datetime.strptime(typed, DATE).date()  # noqa: DTZ007 - a date as it was typed
    except ValueError:
        return typed  # the page says what is wrong with it
    return max(day, start).strftime(DATE)
