"""Every data quality rule, in HUD's order."""

from data_quality.rules import answers, assessment, enrollment, later, outside, person
from data_quality.rules.rule import Rule

LAST = "9"  # rules of the house come after HUD's


def _place(rule: Rule) -> tuple[int, int]:
    """HUD's number as two numbers: 3.08 before 3.10, and 3.917 after all of these."""
    whole, _, part = (rule.number or LAST).partition(".")
    return int(whole), int(part[:2] or 0)


RULES: tuple[Rule, ...] = tuple(
    sorted(
        [
            *person.rules,
            *enrollment.rules,
            *assessment.rules,
            *answers.rules,
            *later.rules,
            *outside.rules,
        ],
        key=_place,
    )
)
BY_KEY = {rule.key: rule for rule in RULES}
