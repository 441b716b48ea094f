"""A question section as a form: for each member the questions that are asked and what they lack.

A change of audience removes nothing that was typed or is stored (R12.2). Who is asked depends on
relationship, age, project type and other answers. Finish writes the questions that are asked and
leaves the others alone. Of those that are asked, a stored answer may go: it was left blank, or
another answer that it depends on was changed. Each one is confirmed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.draft.issues import REMOVAL, ValidationIssue, errors_of
from enrollments.intake.draft.questions import NOT_COLLECTED, Question, QuestionSection, Widget
from enrollments.intake.draft.sections import TOPICS
from hud.conditions import ALWAYS, as_data
from hud.elements import Audience, element
from hud.rules import coc, income
from hud.rules.issues import Issue
from hud.rules.sources import INCOME

BECAUSE = {
    Audience.HEAD_AND_ADULTS: "asked of the head of household and of adults",
    Audience.HEAD: "asked of the head of household",
    Audience.ADULTS: "asked of adults",
}
Texts = Mapping[str, str]  # answers of one member as a person would have typed them, by question


@dataclass
class Row:
    """A question of one member as the template shows it."""

    question: Question
    bound: Any
    when: str
    hidden: bool
    amount: "Row | None" = None

    @property
    def widget(self) -> str:
        return self.question.widget.value

    @property
    def is_ticked(self) -> bool:
        return bool(self.bound.value())

    @property
    def id(self) -> str:
        return self.bound.auto_id

    @property
    def name(self) -> str:
        return self.bound.html_name

    @cached_property
    def value(self) -> str:
        value = self.bound.value()
        return "" if value is None else str(value)

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The options under their headings, those without an answer last."""
        return [
            (
                heading,
                [
                    {"code": code, "label": label, "chosen": str(code) == self.value}
                    for code, label in choices
                ],
            )
            for heading, choices in self.question.groups
        ]


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
            self.fields[question.name] = question.form_field()
        self.applicable = self._that_apply({})
        self.warnings: list[Issue] = []

    def _that_apply(self, values: Mapping[str, Any]) -> set[str]:
        names = self.section.applicable_questions(values, self.member.project_type)
        return set(names) & set(self.fields)

    def clean_enrollment_coc(self) -> str:
        code = self.cleaned_data["enrollment_coc"].upper()
        self._note(coc.issues(code))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.applicable = self._that_apply(values) | (self.member.to_correct & set(self.fields))
        for name in set(self.errors) - self.applicable:
            del self.errors[name]
        validated = values if self.section.validates_all else self.answers
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
    def contradicting(self) -> set[str]:
        """Answers that do not apply, and that the user has to see to take them out."""
        if not self.section.validates_all or not self.errors:
            return set()
        values = self.cleaned_data
        return {name for name in self.fields if values.get(name) and name not in self.applicable}

    @property
    def total(self) -> Decimal:
        """4.02: the sum of the amounts."""
        values = getattr(self, "cleaned_data", {})
        return income.total({name: values.get(name) for name in INCOME.amounts})

    @cached_property
    def rows(self) -> list[Row]:
        """The questions as the page shows them, an amount beside its source."""
        shown = self.applicable | self.contradicting
        rows: dict[str, Row] = {}
        for question in self.questions:
            is_shown = question.name in self.member.to_correct
            project_type = self.member.project_type
            when = ALWAYS if is_shown else self.section.when(question.name, project_type)
            if not when:
                continue
            row = Row(question, self[question.name], as_data(when), question.name not in shown)
            if question.widget is Widget.AMOUNT:
                sources = TOPICS[self.section.step].sources
                rows[next(one.field for one in sources if one.amount == question.name)].amount = row
            else:
                rows[question.name] = row
        return list(rows.values())

    @property
    def has_amounts(self) -> bool:
        """Whether amounts are asked, so that there is a total to show."""
        return any(row.amount and not row.hidden for row in self.rows)

    # what Finish writes

    def to_write(self, stored: Texts) -> dict[str, Any]:
        """The columns that Finish writes, by name; what is not in it stays as it is.

        Args:
            stored: the member's stored answers to these questions.
        """
        values = {}
        for question in self.questions:
            if question.name in self.applicable:
                value = self.cleaned_data.get(question.name)
                values[question.name] = question.blank if value is None else value
            elif self._is_overruled(question, stored):
                values[question.name] = None
        return values

    def _is_overruled(self, question: Question, stored: Texts) -> bool:
        """Whether an answer that this one depends on is not the stored one any more."""
        for name in self.section.depends_on.get(question.name, ()):
            other = self.section.question(name)
            typed = self.cleaned_data.get(name)
            if _answered(other, typed) != _answered(other, stored.get(name, "")):
                return True
        return False

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
    return "" if str(value) == str(NOT_COLLECTED) else question.in_words(value)


class SectionForm:
    """The questions of a section for everybody of whom they are asked."""

    def __init__(
        self, section: QuestionSection, household: DraftHousehold, typed: QueryDict | None
    ):
        self.section = section
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
    def is_topic(self) -> bool:
        return self.section.step in TOPICS

    @property
    def because(self) -> str:
        """Why the others are not asked."""
        audiences = {element(question.rule).audience for question in self.section.questions}
        return next((text for whom, text in BECAUSE.items() if whom in audiences), "")

    @property
    def errors(self) -> list[ValidationIssue]:
        return [
            error
            for form in self.forms
            for error in errors_of(form, form.member.client.display_name)
        ]

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
            for issue in form.warnings
        ]

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that the page did not show: without script it comes back."""
        for form in self.forms:
            unseen = form.applicable - set(posted.getlist(f"{form.prefix}-shown"))
            if any(row.when and row.question.name in unseen for row in form.rows):
                return True
        return False
