"""A change of audience removes nothing that was typed or is on file (R12.2).

Who is asked depends on relationship, age, project type and other answers. Finish writes the
questions that are asked and leaves the others alone. Of those that are asked, an answer on file may
go: it was left blank, or another answer that it depends on was changed. Each one is confirmed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from enrollments.intake.draft.questions import NOT_COLLECTED, Question
from enrollments.intake.draft.section_form import MemberForm
from enrollments.intake.draft.section_page import REMOVAL, Objection, Section
from enrollments.intake.draft.sections import SHEETS
from enrollments.models.draft_answers import Answers

Texts = Mapping[str, str]  # answers of one member as a person would have typed them, by question


def with_unasked(answers: Answers, slug: str, posted: QueryDict) -> QueryDict:
    """What a page sent, and the answers that were kept of questions that it did not ask."""
    sheet, kept = SHEETS.get(slug), answers.typed(slug)
    if sheet is None or kept is None:
        return posted
    merged = posted.copy()
    for field, values in kept.lists():
        prefix, _, name = field.partition("-")
        controls = sheet.controls.get(name, ())
        was_there = name in posted.getlist(f"{prefix}-shown") or any(
            f"{prefix}-{control}" in posted for control in controls
        )
        if name and name != "shown" and field not in posted and not was_there:
            merged.setlist(field, values)
    return merged


def texts_of(values: Mapping[str, Mapping[str, list[str]]], slug: str, prefix: str) -> Texts:
    """One member's answers to a step, of answers as a draft keeps them."""
    kept = values.get(slug, {})
    start = f"{prefix}-"
    return {
        field.removeprefix(start): texts[-1]
        for field, texts in kept.items()
        if field.startswith(start) and texts
    }


def to_write(form: MemberForm, on_file: Texts) -> dict[str, Any]:
    """The columns that Finish writes of a member, by name; what is not in it stays as it is."""
    values = dict(form.stored)
    for question in form.questions:
        if question.name not in values and _is_overruled(form, question, on_file):
            values[question.name] = None
    return values


def removals(section: Section, on_file: Texts) -> Iterator[Objection]:
    """The answers on file that Finish would remove."""
    form, slug = section.form, section.form.sheet.slug
    values = to_write(form, on_file)
    for question in form.questions:
        was = _answered(question, on_file.get(question.name, ""))
        if not was or question.name not in values or _is_typed(form, question):
            continue
        text = f"{question.label}: “{was}” is on file and would be removed."
        key = f"{REMOVAL}{slug}:{form.prefix}:{question.name}:{was}"
        anchor = form[question.name].auto_id if question.name in form.applicable else ""
        yield Objection(text, anchor, section.member.client.display_name, key)


def _is_overruled(form: MemberForm, question: Question, on_file: Texts) -> bool:
    """Whether an answer that this one depends on is not the one on file any more."""
    for name in form.sheet.controls.get(question.name, ()):
        control = form.sheet.question(name)
        typed = form.cleaned_data.get(name)
        if _answered(control, typed) != _answered(control, on_file.get(name, "")):
            return True
    return False


def _is_typed(form: MemberForm, question: Question) -> bool:
    value = form.cleaned_data.get(question.name)
    is_blank = value is None or value is False or value == ""  # 0 is an answer: No
    return question.name in form.applicable and not is_blank


def _answered(question: Question, value: Any) -> str:
    """An answer in words; "" for none, which "data not collected" is too."""
    return "" if str(value) == str(NOT_COLLECTED) else question.in_words(value)
