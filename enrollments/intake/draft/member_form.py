"""The questions of a section that are asked of one member, and what is wrong with the answers.

A change of audience removes nothing that was typed or is stored (R12.2). Who is asked depends on
relationship, age, project type and other answers.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict

from enrollments.intake.draft.household import Member
from enrollments.intake.draft.questions import Group, QuestionSection, Row, Widget, in_words
from enrollments.intake.draft.sections import TOPICS
from hud.rules import coc, income
from hud.rules.issues import Issue
from hud.rules.sources import INCOME


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
