"""3.08 Disabling Condition, derived from the disabilities 4.05 to 4.10.

Yes when one of them is present and of indefinite duration; for developmental disability (4.06) and
HIV/AIDS (4.08) being present is enough. No when all six were answered and none is disabling.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hud.choices import DisabilityResponse, DisabilityType, NoYesReasons
from hud.rules.issues import Issue, collected, error

RULE = "3.08"
FIELD = "disabling_condition"


class Disability(NamedTuple):
    """One row of Disabilities.csv: codes of 1.3, of 1.8 or 4.10.2, and of 1.8."""

    disability_type: int
    disability_response: int | None
    indefinite_and_impairs: int | None = None

    @property
    def is_present(self) -> bool:
        if self.disability_type == DisabilityType.SUBSTANCE_USE:
            return self.disability_response in DisabilityResponse.values and (
                DisabilityResponse(self.disability_response).is_present
            )
        return self.disability_response == NoYesReasons.YES

    @property
    def is_disabling(self) -> bool:
        if not self.is_present:
            return False
        always = DisabilityType(self.disability_type).is_always_disabling
        return always or self.indefinite_and_impairs == NoYesReasons.YES

    @property
    def is_ruled_out(self) -> bool:
        """Answered, and not disabling."""
        if self.disability_response == NoYesReasons.NO:
            return True
        always = DisabilityType(self.disability_type).is_always_disabling
        indefinite_no = self.indefinite_and_impairs == NoYesReasons.NO
        return self.is_present and not always and indefinite_no


def questions(disability_type: int, disability_response: int | None) -> tuple[str, ...]:
    """4.05 to 4.10: whether it is indefinite is asked where it is present and that decides 3.08."""
    row = Disability(disability_type, disability_response)
    if row.is_present and not DisabilityType(disability_type).is_always_disabling:
        return ("disability_response", "indefinite_and_impairs")
    return ("disability_response",)


def derived(disabilities: Iterable[Disability]) -> NoYesReasons | None:
    """3.08 as the disabilities tell it; None while they leave it open."""
    rows = list(disabilities)
    if any(row.is_disabling for row in rows):
        return NoYesReasons.YES
    ruled_out = {row.disability_type for row in rows if row.is_ruled_out}
    return NoYesReasons.NO if ruled_out == set(DisabilityType) else None


@collected
def issues(disabling_condition: int | None, disabilities: Iterable[Disability]) -> Iterator[Issue]:
    """An answer to 3.08 that the disabilities contradict."""
    follows = derived(disabilities)
    if disabling_condition == NoYesReasons.NO and follows == NoYesReasons.YES:
        message = "Change disabling condition to Yes: one of the disabilities is disabling."
        yield error(RULE, FIELD, message)
    if disabling_condition == NoYesReasons.YES and follows == NoYesReasons.NO:
        message = "Change disabling condition to No, or the disability that makes it Yes."
        yield error(RULE, FIELD, message)


@collected
def row_issues(disability: Disability) -> Iterator[Issue]:
    """4.05 to 4.10: the kinds of substances are answers to 4.10 alone."""
    kind, response, _ = disability
    allowed = DisabilityResponse if kind == DisabilityType.SUBSTANCE_USE else NoYesReasons
    if response is not None and response not in allowed.values:
        rule = DisabilityType(kind).rule
        yield error(rule, "disability_response", "Choose one of the answers that are listed.")
