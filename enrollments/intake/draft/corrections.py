"""Stored answers that a draft corrects: what is asked again of them, and what Finish writes.

Finish writes the questions that are asked and leaves the others alone. A stored answer may go
where it is asked: it was left blank, or another answer that it depends on was changed. Each one
is confirmed (R12.2).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.questions import Question, in_words
from enrollments.intake.draft.validation_issues import REMOVAL, ValidationIssue
from hud.rules.issues import Issue

Texts = Mapping[str, str]  # answers of one member as a person would have typed them, by question


def to_confirm(form: MemberForm, stored: QueryDict | None) -> list[Issue]:
    """The warnings without those of stored answers that are left as they are."""
    member, row = form.member, form.member.enrollment
    is_moved = row is None or member.entry_date != row.entry_date
    if not form.warnings or stored is None or is_moved:
        return form.warnings
    was = MemberForm(stored, section=form.section, member=member)
    was.is_valid()
    return [
        one
        for one in form.warnings
        if one not in was.warnings
        or was.cleaned_data.get(one.field) != form.cleaned_data.get(one.field)
    ]


def to_write(form: MemberForm, stored: Texts) -> dict[str, Any]:
    """The columns that Finish writes, by name; what is not in it stays as it is stored."""
    values = {}
    for question in form.questions:
        if question.name in form.applicable:
            value = form.cleaned_data.get(question.name)
            values[question.name] = question.blank if value is None else value
            continue
        others = map(form.section.question, form.section.depends_on.get(question.name, ()))
        if any(  # an answer that it depends on is not the stored one any more
            _answered(one, form.cleaned_data.get(one.name))
            != _answered(one, stored.get(one.name, ""))
            for one in others
        ):
            values[question.name] = None
    return values


def removals(form: MemberForm, stored: Texts) -> Iterator[ValidationIssue]:
    """The stored answers that Finish would remove."""
    values = to_write(form, stored)
    for question in form.questions:
        name, was = question.name, _answered(question, stored.get(question.name, ""))
        applies = name in form.applicable
        typed = form.cleaned_data.get(name)
        is_blank = typed is None or typed is False or typed == ""  # 0 is an answer: No
        if not was or name not in values or (applies and not is_blank):
            continue
        yield ValidationIssue(
            f"{question.label}: “{was}” is stored and would be removed.",
            form[name].auto_id if applies else "",
            form.member.client.display_name,
            f"{REMOVAL}{form.section.step}:{form.prefix}:{name}:{was}",
        )


def _answered(question: Question, value: Any) -> str:
    """An answer in words; "" for none, which "data not collected" is too."""
    return "" if str(value) == str(question.blank) else in_words(question, value)
