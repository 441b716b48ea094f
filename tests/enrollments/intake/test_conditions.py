"""What the browser is told about a question is what HUD's rules say, for every answer."""

from itertools import product

import pytest

from enrollments.intake.draft.sections import SHEETS
from hud.choices import ProjectType
from hud.conditions import alternatives, fits

CONDITIONAL = [
    (slug, question.name)
    for slug, sheet in SHEETS.items()
    for question in sheet.questions
    if question.name in sheet.controls
]


@pytest.mark.parametrize(
    "project_type", [None, ProjectType.TRANSITIONAL_HOUSING, ProjectType.ES_ENTRY_EXIT]
)
@pytest.mark.parametrize(("slug", "name"), CONDITIONAL)
def test_data_for_the_browser_equals_the_rule_for_every_combination(slug, name, project_type):
    sheet = SHEETS[slug]
    found = sheet.when(name, project_type)
    every = {question.name: question.codes for question in sheet.questions if question.choices}
    every |= {control: sheet.question(control).codes for control in sheet.controls[name]}
    controls = sheet.controls[name]
    for codes in product(*(every[control] for control in controls)):
        values = dict(zip(controls, codes, strict=True))
        assert fits(found, values) == (name in sheet.under(values, project_type)), values


@pytest.mark.parametrize("slug", SHEETS)
def test_controls_name_every_question_that_a_rule_looks_at(slug):
    """One whose answer changes what applies, and which is not named, would be missed."""
    sheet = SHEETS[slug]
    usual = {question.name: None for question in sheet.questions}
    for question in sheet.questions:
        for code in question.codes:
            changed = set(sheet.under(usual | {question.name: code}, None)) ^ set(
                sheet.under(usual, None)
            )
            for name in changed:
                assert question.name in sheet.controls.get(name, ()), (question.name, name)


def test_control_that_does_not_matter_is_left_out():
    found = alternatives(lambda a, b: a == 1, {"a": (None, 0, 1), "b": (None, 0, 1)})
    assert found == [{"a": [1]}]


def test_question_that_never_applies_has_no_alternative():
    assert alternatives(lambda a: False, {"a": (None, 1)}) == []


def test_question_without_controls_always_applies():
    assert alternatives(lambda: True, {}) == [{}]
