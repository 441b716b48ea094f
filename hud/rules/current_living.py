"""4.12 Current Living Situation: at each contact, in projects that meet people where they live."""

from hud.choices import CurrentLivingSituation, NoYesReasons
from hud.choices.situations import SituationCategory

RULE = "4.12"
FIELD = "current_living_situation"
LEAVES = "leave_situation_14_days"
# 4.12.C to F: what there is for somebody who has to leave.
AFTER_LEAVING = (
    "subsequent_residence",
    "resources_to_obtain",
    "lease_own_60_day",
    "moved_two_or_more",
)
HOUSED = {
    SituationCategory.INSTITUTIONAL,
    SituationCategory.TEMPORARY,
    SituationCategory.PERMANENT,
}


def questions(situation: int | None, leaves: int | None) -> tuple[str, ...]:
    """The fields that are asked after these answers, beyond the situation itself."""
    asked: tuple[str, ...] = ()
    if situation == CurrentLivingSituation.RENTAL_WITH_SUBSIDY:
        asked += ("cls_subsidy_type",)
    is_housed = situation is not None and SituationCategory.of(situation) in HOUSED
    if is_housed or situation == CurrentLivingSituation.OTHER:
        asked += (LEAVES,)
        if leaves == NoYesReasons.YES:
            asked += AFTER_LEAVING
    return asked
