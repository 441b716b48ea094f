"""The six assessment steps: for each member the questions that are asked, and their date (4.8)."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from enrollments.intake.draft.household import DraftHousehold, Member, read_household
from enrollments.intake.draft.issues import ValidationIssue
from enrollments.intake.draft.order import Step, steps_of
from enrollments.intake.draft.section_form import SectionForm
from enrollments.intake.draft.sections import SECTIONS
from enrollments.intake.steps.page import StepPage
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE, as_query, as_typed
from hud.rules import annual
from hud.rules.issues import Issue, error
from records.form_fields import DateField

Kind = IntakeDraft.Kind
COC = "enrollment_coc"
FUTURE = "Enter a date that is not in the future."
EARLY = "Enter a date on or after the project start date."
LATE = "Enter a date on or before the exit date."


class DayForm(forms.Form):
    """The date of an assessment after the project start (5.03)."""

    information_date = DateField(
        label="Information Date",
        error_messages={"required": "Enter the date of the assessment."},
    )

    def __init__(self, data: QueryDict | None, *, draft: IntakeDraft, members: Sequence[Member]):
        super().__init__(data, use_required_attribute=False)
        self.draft, self.members = draft, members
        self.initial["information_date"] = draft.answers.day
        self.found: list[Issue] = []

    @classmethod
    def stored(cls, draft: IntakeDraft, members: Sequence[Member]) -> "DayForm":
        """The date that the draft keeps, to be checked again."""
        day = as_query({"information_date": [as_typed(draft.answers.day)]})
        return cls(day, draft=draft, members=members)

    def clean_information_date(self) -> date:
        day = self.cleaned_data["information_date"]
        for issue in self._issues(day):
            if issue.blocks:
                raise forms.ValidationError(issue.message)
            self.found.append(issue)
        return day

    def _issues(self, day: date) -> list[Issue]:
        today = timezone.localdate()
        if day == self.draft.answers.corrects:
            return []  # what a corrected exit or start left outside may keep its date
        starts = [one.entry_date for one in self.members]
        exits = [one.exit_date for one in self.members if one.exit_date]
        late = [error("5.03", annual.FIELD, LATE)] if exits and day > min(exits) else []
        if self.draft.kind_of is Kind.ANNUAL and starts:
            head = next((one for one in self.members if one.is_head), self.members[0])
            return annual.issues(day, head_entry_date=head.entry_date, today=today) + late
        if day > today:
            late.append(error("5.03", annual.FIELD, FUTURE))
        if starts and day < max(starts):
            late.append(error("5.03", annual.FIELD, EARLY))
        return late

    @property
    def issues(self) -> list[ValidationIssue]:
        texts = [str(text) for texts in self.errors.values() for text in texts]
        return [ValidationIssue(text, "id_information_date") for text in texts]

    @property
    def warnings(self) -> list[ValidationIssue]:
        """For the user to confirm."""
        self.is_valid()
        return [
            ValidationIssue(
                one.message, "id_information_date", "", f"day:{self.data.get(one.field)}"
            )
            for one in self.found
        ]


class AssessmentPage(StepPage):
    template = "enrollments/intake/assessment.html"

    def prepare(self) -> None:
        self.household = read_household(self.draft, self.people)
        if self.household is None:
            self.detour = Step.PROGRAM
            return
        self.form = SectionForm(
            SECTIONS[self.step], self.household, self._with_suggestions(self.household)
        )
        self.errors, self.warnings = self.form.errors, self.form.warnings
        is_first = self.step == steps_of(self.draft.kind)[0]
        self.asks_day = is_first and self.draft.kind_of in {Kind.UPDATE, Kind.ANNUAL}
        has_day = self.typed is not None and "information_date" in self.typed
        members = self.household.members
        self.day = DayForm(self.typed if has_day else None, draft=self.draft, members=members)
        if self.asks_day and has_day:
            self.errors = self.day.issues + self.errors
            self.warnings = self.day.warnings + self.warnings

    def _with_suggestions(self, household: DraftHousehold) -> QueryDict:
        """The typed answers; at first, with the CoC that was last entered for this project."""
        if self.typed is not None:
            return self.typed
        typed = QueryDict(mutable=True)
        if self.step == Step.UNIVERSAL and household.head:
            coc = Enrollment.objects.latest_coc(household.project)
            typed[f"{household.head.prefix}-{COC}"] = coc
        return typed

    def left_unseen(self, posted: QueryDict) -> bool:
        return self.form.left_unseen(posted)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            row.name: f"{row.question.label} of {form.member.client.display_name}"
            for form in self.form.forms
            for one in form.rows
            for row in (one, one.amount)
            if row
        }

    def label_of(self, name: str) -> str:
        return "Information Date" if name == "information_date" else self._labels.get(name, "")

    def accept(self) -> None:
        if self.asks_day and self.day.is_bound:
            self.answers.day = self.day.cleaned_data["information_date"]

    @property
    def context(self) -> dict[str, Any]:
        day, filled = self.answers.day, self.answers.filled_in_from
        return {
            "page": self.form,
            "household": self.household,
            "day": self.day if self.asks_day else None,
            "day_text": day.strftime(DATE) if day and not self.asks_day else "",
            "filled_in_from": filled if self.typed is not None else None,
        }
