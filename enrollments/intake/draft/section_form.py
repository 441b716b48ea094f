"""A question section as a form: for each member the questions that are asked, and what is wrong.

A change of audience removes nothing that was typed or is stored (R12.2). Who is asked depends on
relationship, age, project type and other answers. Finish writes the questions that are asked and
leaves the others alone. A stored answer may go where it is asked: it was left blank, or another
answer that it depends on was changed. Each one is confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from typing import Any

from django import forms
from django.http import QueryDict

from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.draft.questions import (
    Group,
    Question,
    QuestionSection,
    Row,
    Widget,
    in_words,
)
from enrollments.intake.draft.sections import TOPICS
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import name_of
from hud.rules import coc, income
from hud.rules.issues import Issue
from hud.rules.sources import INCOME

REMOVAL = "remove:"  # what the keys of those begin with
Texts = Mapping[str, str]  # answers of one member as a person would have typed them, by question


@dataclass(frozen=True)
class ValidationIssue:
    """An error or a warning, as a page lists it.

    anchor: the id of the field that it is about; empty for the page as a whole.
    key: tells one warning from another, so that it is confirmed once.
    step, page: where the field is and its address, where that is another page.
    """

    text: str
    anchor: str = ""
    who: str = ""
    key: str = ""
    step: IntakeDraft.Step | None = None
    page: str = ""

    @property
    def address(self) -> str:
        """Where the field is; empty where there is none."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    @property
    def is_removal(self) -> bool:
        """Whether a stored answer would be removed."""
        return self.key.startswith(REMOVAL)


def errors_of(form: Any, who: str = "") -> list[ValidationIssue]:
    """The errors of a form, each with its field's label.

    Args:
        form: `names` tells those whom a form about several people asks about, by client.
        who: whom all of them are about.
    """
    names: Mapping[int, str] = getattr(form, "names", {})
    found = []
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        whose = (text for pk, text in names.items() if name.startswith(name_of(pk, "")))
        about = (field.auto_id if field else "", next(whose, who))
        texts = (f"{field.label}: {one}" if field else str(one) for one in messages)
        found += [ValidationIssue(text, *about) for text in texts]
    return found


class MemberForm(forms.Form):
    """The questions of a section that are asked of a member.

    After cleaning, `applicable` names the questions that apply under the answers, and `answers`
    has them alone: what does not apply is never stored. `warnings` are for the user to confirm.
    """

    def __init__(self, data: QueryDict | None, *, section: QuestionSection, member: Member):
        super().__init__(data, prefix=member.prefix, use_required_attribute=False)
        self.section, self.member = section, member
        self.questions = section.asked_of(member)
        for question in self.questions:
            self.fields[question.name] = question.form_field
        self.applicable = self._that_apply({})
        self.warnings: list[Issue] = []

    def _that_apply(self, values: Mapping[str, Any]) -> set[str]:
        elsewhere = {"veteran_status": self.member.veteran_status}  # for V1
        known = elsewhere | dict(values)
        names = self.section.applicable_questions(known, self.member.project_type)
        return set(names) & set(self.fields)

    def clean_enrollment_coc(self) -> str:
        code = (self.cleaned_data["enrollment_coc"] or "").upper()
        self._note(coc.issues(code, of_project=self.member.project.coc_codes))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.applicable = self._that_apply(values) | (self.member.to_correct & set(self.fields))
        for name in set(self.errors) - self.applicable:
            del self.errors[name]
        validated = values if self.section.validates_all else self.answers
        if self.section.issues:
            self._note(self.section.issues(validated, self.member))
        return values

    def _note(self, issues: Iterable[Issue]) -> None:
        for issue in issues:
            if issue.blocks:
                field = issue.field if issue.field in self.fields else None
                self.add_error(field, issue.message)
            else:
                self.warnings.append(issue)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that apply, by name; a blank stays blank."""
        return {
            question.name: self.cleaned_data.get(question.name)
            for question in self.questions
            if question.name in self.applicable
        }

    @property
    def answered(self) -> list[tuple[str, str]]:
        """The questions that were answered, with the answers in words."""
        answers = self.answers
        texts = ((one.label, in_words(one, answers.get(one.name))) for one in self.questions)
        return [(label, text) for label, text in texts if text]

    @property
    def contradicting(self) -> set[str]:
        """Answers that do not apply, and that the user has to see to take them out."""
        if not self.section.validates_all or not self.errors:
            return set()
        values = self.cleaned_data
        return {name for name in self.fields if values.get(name) and name not in self.applicable}

    @property
    def total(self) -> Decimal:
        """4.02: the sum of the amounts."""
        return income.total({name: self.cleaned_data.get(name) for name in INCOME.amounts})

    @cached_property
    def rows(self) -> list[Row]:
        """The questions as the page shows them, an amount beside its source."""
        shown = self.applicable | self.contradicting
        rows: dict[str, Row] = {}
        for question in self.questions:
            when = self.section.condition(question.name, self.member.project_type)
            depends_on = self.section.depends_on.get(question.name, ())
            if question.name in self.member.to_correct or not self.fields.keys() >= set(depends_on):
                when = ""  # always
            if when is None:
                continue
            row = Row(question, self[question.name], when, question.name not in shown)
            if question.widget is Widget.AMOUNT:
                sources = TOPICS[self.section.step].sources
                rows[next(one.field for one in sources if one.amount == question.name)].amount = row
            else:
                rows[question.name] = row
        return list(rows.values())

    @property
    def groups(self) -> list[Group]:
        """The rows under the programs that ask them; those of every project come first."""
        by_heading = groupby(self.rows, lambda row: row.question.heading)
        return [Group(heading, list(rows)) for heading, rows in by_heading]

    @property
    def has_amounts(self) -> bool:
        """Whether amounts are asked, so that there is a total to show."""
        return any(row.amount and not row.hidden for row in self.rows)

    # what Finish writes

    def to_write(self, stored: Texts) -> dict[str, Any]:
        """The columns that Finish writes, by name; what is not in it stays as it is stored."""
        values = {}
        for question in self.questions:
            if question.name in self.applicable:
                value = self.cleaned_data.get(question.name)
                values[question.name] = question.blank if value is None else value
                continue
            others = map(self.section.question, self.section.depends_on.get(question.name, ()))
            if any(  # an answer that it depends on is not the stored one any more
                _answered(one, self.cleaned_data.get(one.name))
                != _answered(one, stored.get(one.name, ""))
                for one in others
            ):
                values[question.name] = None
        return values

    def removals(self, stored: Texts) -> Iterator[ValidationIssue]:
        """The stored answers that Finish would remove."""
        values = self.to_write(stored)
        for question in self.questions:
            name, was = question.name, _answered(question, stored.get(question.name, ""))
            applies = name in self.applicable
            typed = self.cleaned_data.get(name)
            is_blank = typed is None or typed is False or typed == ""  # 0 is an answer: No
            if not was or name not in values or (applies and not is_blank):
                continue
            yield ValidationIssue(
                f"{question.label}: “{was}” is stored and would be removed.",
                self[name].auto_id if applies else "",
                self.member.client.display_name,
                f"{REMOVAL}{self.section.step}:{self.prefix}:{name}:{was}",
            )


def _answered(question: Question, value: Any) -> str:
    """An answer in words; "" for none, which "data not collected" is too."""
    return "" if str(value) == str(question.blank) else in_words(question, value)


class SectionForm:
    """The questions of a section for everybody of whom they are asked.

    Args:
        stored: the answers that are corrected, as `typed`; None where there are none.
    """

    def __init__(
        self,
        section: QuestionSection,
        household: DraftHousehold,
        typed: QueryDict | None,
        stored: QueryDict | None = None,
    ):
        self.section, self.stored = section, stored
        self.forms: list[MemberForm] = []
        self.left_out: list[Member] = []
        for member in household.members:
            form = MemberForm(typed, section=section, member=member)
            form.is_valid()
            if form.questions:
                self.forms.append(form)
            else:
                self.left_out.append(member)

    @property
    def because(self) -> str:
        """Why those who are left out are not asked."""
        return self.section.because([one for form in self.forms for one in form.questions])

    @property
    def errors(self) -> list[ValidationIssue]:
        found = (errors_of(form, form.member.client.display_name) for form in self.forms)
        return list(chain.from_iterable(found))

    @property
    def warnings(self) -> list[ValidationIssue]:
        return [
            ValidationIssue(
                f"{form[issue.field].label}: {issue.message}",
                form[issue.field].auto_id,
                form.member.client.display_name,
                f"{self.section.step}:{form.prefix}:{issue.field}:{issue.message}",
            )
            for form in self.forms
            for issue in self._to_confirm(form)
        ]

    def _to_confirm(self, form: MemberForm) -> list[Issue]:
        """The warnings without those of stored answers that are left as they are."""
        member, row = form.member, form.member.enrollment
        is_moved = row is None or member.entry_date != row.entry_date
        if not form.warnings or self.stored is None or is_moved:
            return form.warnings
        was = MemberForm(self.stored, section=self.section, member=member)
        was.is_valid()
        return [
            one
            for one in form.warnings
            if one not in was.warnings
            or was.cleaned_data.get(one.field) != form.cleaned_data.get(one.field)
        ]

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that the page did not show: without script it comes back."""
        return any(
            row.when
            and row.question.name in form.applicable
            and row.question.name not in posted.getlist(f"{form.prefix}-shown")
            for form in self.forms
            for row in form.rows
        )
