"""What the browser is told about a question is what HUD's rules say, for every answer."""

from itertools import product

import pytest

from enrollments.intake.draft.sections import SECTIONS
from hud.choices import ProjectType
from hud.conditions import alternatives

CONDITIONAL = [
    (slug, question.name)
    for slug, section in SECTIONS.items()
    for question in section.questions
    if question.name in section.depends_on
]


def fits(found, values):
    """Whether the alternatives hold under these values, as the browser decides it."""
    return any(all(values.get(name) in codes for name, codes in one.items()) for one in found)


@pytest.mark.parametrize(
    "project_type", [None, ProjectType.TRANSITIONAL_HOUSING, ProjectType.ES_ENTRY_EXIT]
)
@pytest.mark.parametrize(("slug", "name"), CONDITIONAL)
def test_data_for_the_browser_equals_the_rule_for_every_combination(slug, name, project_type):
    section = SECTIONS[slug]
    found = section.when(name, project_type)
    every = {question.name: question.codes for question in section.questions if question.choices}
    every |= {other: section.question(other).codes for other in section.depends_on[name]}
    others = section.depends_on[name]
    for codes in product(*(every[other] for other in others)):
        values = dict(zip(others, codes, strict=True))
        applies = name in section.applicable_questions(values, project_type)
        assert fits(found, values) == applies, values


@pytest.mark.parametrize("slug", SECTIONS)
def test_depends_on_names_every_question_that_a_rule_reads(slug):
    """One whose answer changes what applies, and which is not named, would be missed."""
    section = SECTIONS[slug]
    usual = {question.name: None for question in section.questions}
    for question in section.questions:
        for code in question.codes:
            changed = set(section.applicable_questions(usual | {question.name: code}, None)) ^ set(
                section.applicable_questions(usual, None)
            )
            for name in changed:
                assert question.name in section.depends_on.get(name, ()), (question.name, name)


def test_question_that_does_not_matter_is_left_out():
    found = alternatives(lambda a, b: a == 1, {"a": (None, 0, 1), "b": (None, 0, 1)})
    assert found == [{"a": [1]}]


def test_question_that_never_applies_has_no_alternative():
    assert alternatives(lambda a: False, {"a": (None, 1)}) == []


def test_question_that_depends_on_none_always_applies():
    assert alternatives(lambda: True, {}) == [{}]
