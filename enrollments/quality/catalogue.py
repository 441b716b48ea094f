"""Every data quality rule, in HUD's order."""

from itertools import chain

from enrollments.quality import (
    answer_rules,
    assessment_rules,
    enrollment_rules,
    later_rules,
    outside_rules,
    person_rules,
)
from enrollments.quality.rule import Rule

LAST = "9"  # rules of the house come after HUD's


def _place(rule: Rule) -> tuple[int, int]:
    """HUD's number as two numbers: 3.08 before 3.10, and 3.917 after all of these."""
    whole, _, part = (rule.number or LAST).partition(".")
    return int(whole), int(part[:2] or 0)


RULES: tuple[Rule, ...] = tuple(
    sorted(
        chain(
            person_rules.rules(),
            enrollment_rules.rules(),
            assessment_rules.rules(),
            answer_rules.rules(),
            later_rules.rules(),
            outside_rules.rules(),
        ),
        key=_place,
    )
)
BY_KEY = {rule.key: rule for rule in RULES}
