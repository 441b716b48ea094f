"""The texts of docs/help: their form, their words, and that they name what the pages say."""

import re

import pytest
from pypdfium2 import PdfDocument

from hmis.help.document import as_pdf
from hmis.help.topics import groups, topics
from hud.choices.answers import NO_ANSWER_LABELS
from hud.elements import ELEMENTS, FIELDS
from hud.explanations import beside, by_element, explanations
from records.explained import explained
from tests.hmis.help.labels import documents, labels, of_template

BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
KEYS = sorted(topics())


def named_in(text: str) -> set[str]:
    return {" ".join(found.split()) for found in BOLD.findall(text)}


def test_every_text_is_a_topic_of_the_index():
    assert {path.stem for path in documents()} == set(topics())
    assert [group for group, _ in groups()] == list(
        dict.fromkeys(one.group for one in topics().values())
    )


@pytest.mark.parametrize("key", KEYS)
def test_text_has_a_title_a_sentence_and_numbered_steps(key):
    topic = topics()[key]
    title, blank, lead, *rest = topic.source.splitlines()
    assert title == f"# {topic.title}"
    assert blank == ""
    assert lead == topic.lead
    assert topic.lead.endswith(".")
    steps = [line for line in rest if re.match(r"\d+\. ", line)]
    assert len(steps) >= 3
    assert [int(line.partition(".")[0]) for line in steps] == [*range(1, len(steps) + 1)]
    assert "<ol>" in topic.html


@pytest.mark.parametrize("key", KEYS)
def test_labels_that_a_text_names_stand_on_the_pages(key):
    unknown = named_in(topics()[key].source) - labels()
    assert not unknown, "Bold is for labels alone, letter for letter as the page has them."


def test_labels_that_explanations_name_stand_on_the_pages():
    found = {label for one in explanations() for label in named_in(one.text)}
    assert set(NO_ANSWER_LABELS) <= found
    assert not found - labels()


def test_a_label_that_is_on_no_page_is_found_out():
    assert "Save" in labels()
    assert "Save & Next" in labels()
    assert "Find Client" in labels()
    assert "Use this date for all" in labels()
    assert "Save everything now" not in labels()
    assert "Use this date" not in labels()  # a part of a label is none


def test_labels_of_a_template_are_whole():
    text = """{# Press Gone #}{% card "A heading" %}<a title="A hint" href="x">{% icon "plus" %}Add
      it &amp; go<span> at once</span></a> {{ name }}"""
    found = {" ".join(one.split()) for one in of_template(text)}
    assert {"A heading", "A hint", "Add it & go", "at once"} <= found
    assert "Press Gone" not in found


@pytest.mark.parametrize("key", KEYS)
def test_sheet_is_one_page_with_every_word(key):
    topic = topics()[key]
    with PdfDocument(as_pdf(topic)) as pdf:
        assert len(pdf) == 1
        drawn = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    assert topic.title in drawn
    # A word that is broken at the end of a line is one all the same.
    missing = set(topic.text.split()) - set(drawn.split())
    assert len(missing) <= 2, missing


@pytest.mark.parametrize("one", explanations(), ids=lambda one: one.heading)
def test_explanation_is_of_elements_that_there_are(one):
    assert set(one.elements) <= set(ELEMENTS)
    assert one.heading
    assert len(one.text) > 100


def test_what_people_ask_most_is_explained():
    headings = " ".join(one.heading for one in explanations())
    for words in (
        *("Safe Haven", "long-continued and indefinite", "homeless month", "chronic homelessness"),
        *("head of household", "prior living situation", "disabling condition"),
        "data not collected",
    ):
        assert words in headings


def test_explanations_stand_beside_questions_that_are_asked():
    asked = questions_of_forms()
    named = {field for one in explanations() for field in one.fields}
    assert not named - asked


def test_each_explanation_stands_beside_a_question_or_says_of_which_element_it_is():
    assert all(one.fields or one.elements for one in explanations())
    assert beside("living_situation")
    assert beside("no_such_question") == ()


def test_what_a_page_asks_for_is_not_kept_in_memory():
    """Names of questions hold the IDs of records, and their labels names of clients."""
    for one in (beside, explained):
        assert not hasattr(one, "cache_info")
    assert sum(len(found) for _, found in by_element()) == len(explanations())


def questions_of_forms() -> set[str]:
    from clients.forms.client import ClientForm
    from enrollments.forms.current_living import CurrentLivingForm
    from enrollments.forms.exit_fields import ExitFields
    from enrollments.intake.draft.sections import SECTIONS

    of_intake = {one.name for section in SECTIONS.values() for one in section.questions}
    of_forms = {
        name for form in (ClientForm, CurrentLivingForm, ExitFields) for name in form.base_fields
    }
    of_program = {"entry_date", "relationship_to_hoh"}  # a card of each member has them
    return of_intake | of_forms | of_program | set(FIELDS) | {"no_answer"}
