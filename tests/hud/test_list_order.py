"""HUD's lists in the order of HUD's data dictionary, those without an answer last and set apart."""

import pytest
from django import forms
from django.apps import apps

from clients.models import Client
from enrollments.forms.current_living import CurrentLivingForm
from enrollments.forms.exit_fields import ExitFields
from enrollments.intake.draft.sections import SECTIONS
from enrollments.models import Enrollment
from hud import choices
from hud.choices.answers import NO_ANSWER, NO_ANSWER_LABELS, grouped
from hud.lists import code_lists

SITUATIONS = [
    *(116, 101, 118),
    *(215, 206, 207, 225, 204, 205),
    *(302, 329, 314, 332, 312, 313, 327, 336, 335),
    *(422, 423, 426, 410, 435, 421, 411),
    *(30, 17, 24, 37),
]
# The lists whose order is not that of their codes, as the data dictionary prints them.
DICTIONARY = {
    "3.12": SITUATIONS,
    "3.917": SITUATIONS,
    "4.12": SITUATIONS,
    "3.917.2": [10, 11, 2, 3, 4, 5],
    "3.12.A": [428, 419, 431, 433, 434, 420, 436, 437, 438, 439, 440],
    "C4.A": [*range(100, 427), 21],  # "Different preferred language" last
}
NUMBERED = {
    number: codes
    for number, codes in code_lists(2026).items()
    if all(isinstance(key, int) for key, _ in codes.values)
    and number != "ad_hoc_yes_no"  # no list of HUD's exchange, and in words of its own
}
OURS = {"agencies", "cas", "casenotes", "clients", "enrollments", "files"}


def flat(listed) -> list[tuple]:
    return [
        pair
        for code, label in listed
        for pair in (label if isinstance(label, list | tuple) else [(code, label)])
    ]


def is_without_answer(label: object) -> bool:
    return str(label) in NO_ANSWER_LABELS


def assert_apart(listed, *, where: str) -> None:
    """The non-answers are last, and under a heading of their own."""
    pairs = flat(listed)
    places = [place for place, (_, label) in enumerate(pairs) if is_without_answer(label)]
    assert places == list(range(len(pairs) - len(places), len(pairs))), where
    if len(places) < len(pairs) - ("" in dict(pairs)):
        heading, group = list(listed)[-1]
        assert heading == NO_ANSWER, where
        assert [label for _, label in group] == [label for _, label in pairs[-len(places) :]], where


@pytest.mark.parametrize("number", NUMBERED)
def test_list_is_in_the_order_of_the_dictionary_with_the_non_answers_last(number):
    pairs = NUMBERED[number].choices
    answers = [key for key, label in pairs if not is_without_answer(label)]
    without = [key for key, label in pairs if is_without_answer(label)]
    assert [key for key, _ in pairs] == [*answers, *without]
    assert without == sorted(without)
    order = DICTIONARY.get(number)
    natural = [key for key in order if key in answers] if order else sorted(answers)
    assert answers == natural


def test_length_of_stay_grows_and_months_count_up():
    labels = [one.label for one in choices.LengthOfStay]
    assert labels[:3] == [
        "One night or less",
        "Two to six nights",
        "One week or more, but less than one month",
    ]
    assert labels[-3:] == [
        "Client doesn't know",
        "Client prefers not to answer",
        "Data not collected",
    ]
    assert [one.label for one in choices.MonthsHomeless][:13] == [
        *map(str, range(1, 13)),
        "More than 12 months",
    ]


def test_list_of_nothing_but_non_answers_needs_no_heading():
    assert grouped(choices.RaceNone.choices) == choices.RaceNone.choices


@pytest.mark.parametrize(
    "enum", [choices.PriorLivingSituation, choices.CurrentLivingSituation, choices.Destination]
)
def test_situations_end_with_the_non_answers(enum):
    headings = [heading for heading, _ in enum.by_category()]
    assert headings[0] == "Homeless situations"
    assert headings[-1] == NO_ANSWER
    assert_apart(enum.by_category(), where=enum.__name__)


def test_every_field_of_every_model_sets_the_non_answers_apart():
    """The admin's forms and filters take their choices from here."""
    seen = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for column in model._meta.get_fields():
            listed = getattr(column, "choices", None)
            if not listed or not any(is_without_answer(label) for _, label in column.flatchoices):
                continue
            seen += 1
            assert_apart(listed, where=f"{model.__name__}.{column.name}")
    assert seen > 50


def exit_fields():
    member = Enrollment(pk=1, client=Client(pk=1))
    return ExitFields(candidates=[member], household=[member], viewer=None).fields


@pytest.mark.parametrize(
    "fields", [lambda: CurrentLivingForm.base_fields, exit_fields], ids=["contact", "exit"]
)
def test_forms_set_the_non_answers_apart(fields):
    fields = [one for one in fields().values() if isinstance(one, forms.ChoiceField)]
    listed = [
        one for one in fields if any(is_without_answer(text) for _, text in flat(one.choices))
    ]
    assert listed
    for one in listed:
        assert_apart(list(one.choices), where=str(one.label))


def test_questions_of_the_intake_set_the_non_answers_apart():
    asked = [one for section in SECTIONS.values() for one in section.questions if one.choices]
    assert len(asked) > 20
    for question in asked:
        codes = [code for _, group in question.groups for code, _ in group]
        assert codes == [code for code, _ in question.choices]
        if 99 in codes:
            assert question.groups[-1][0] == NO_ANSWER
