"""Every data quality rule, in HUD's order."""

from data_quality.rules import answers, assessment, enrollment, later, outside, person, release
from data_quality.rules.rule import Rule

LAST = "Z9"  # rules of the house come after HUD's


def _place(rule: Rule) -> tuple[str, int, int]:
    """HUD's number in parts: 3.08 before 3.10, and 3.917 after these; R6 after the numbers."""
    whole, _, part = (rule.number or LAST).partition(".")
    letter = whole[0] if whole[0].isalpha() else ""
    return letter, int(whole.removeprefix(letter)), int(part[:2] or 0)


RULES: tuple[Rule, ...] = tuple(
    sorted(
        [
            *person.rules,
            *enrollment.rules,
            *assessment.rules,
            *answers.rules,
            *later.rules,
            *outside.rules,
            *release.rules,
        ],
        key=_place,
    )
)
BY_KEY = {rule.key: rule for rule in RULES}
