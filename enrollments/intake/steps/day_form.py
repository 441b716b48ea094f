"""The date of an assessment after the project start (5.03)."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

from enrollments.intake.draft.household import Member
from enrollments.intake.draft.section_page import Objection
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import Answers, as_query, as_typed
from hud.rules import annual
from hud.rules.findings import Finding, error
from records.form_fields import DateField

FUTURE = "Enter a date that is not in the future."
EARLY = "Enter a date on or after the project start date."
LATE = "Enter a date on or before the exit date."


class DayForm(forms.Form):
    information_date = DateField(
        label="Information Date",
        error_messages={"required": "Enter the date of the assessment."},
    )

    def __init__(self, data: QueryDict | None, *, draft: IntakeDraft, members: Sequence[Member]):
        super().__init__(data, use_required_attribute=False)
        self.draft, self.members = draft, members
        self.initial["information_date"] = Answers(draft).day
        self.warnings: list[Finding] = []

    @classmethod
    def on_file(cls, draft: IntakeDraft, members: Sequence[Member]) -> "DayForm":
        """The date that the draft keeps, checked again."""
        day = as_query({"information_date": [as_typed(Answers(draft).day)]})
        form = cls(day, draft=draft, members=members)
        form.is_valid()
        return form

    def clean_information_date(self):
        day = self.cleaned_data["information_date"]
        for finding in self._findings(day):
            if finding.blocks:
                raise forms.ValidationError(finding.message)
            self.warnings.append(finding)
        return day

    def _findings(self, day) -> list[Finding]:
        today = timezone.localdate()
        if day == Answers(self.draft).corrects:
            return []  # what a corrected exit or start left outside may keep its date
        starts = [one.entry_date for one in self.members]
        exits = [one.exit_date for one in self.members if one.exit_date]
        if self.draft.kind_of is IntakeDraft.Kind.ANNUAL and starts:
            head = next((one for one in self.members if one.is_head), self.members[0])
            found = annual.findings(day, head_entry_date=head.entry_date, today=today)
            return found + self._after(exits, day)
        found = self._after(exits, day)
        if day > today:
            found.append(error("5.03", annual.FIELD, FUTURE))
        if starts and day < max(starts):
            found.append(error("5.03", annual.FIELD, EARLY))
        return found

    @staticmethod
    def _after(exits: list[date], day: date) -> list[Finding]:
        return [error("5.03", annual.FIELD, LATE)] if exits and day > min(exits) else []

    @property
    def texts(self) -> list[str]:
        return [str(text) for texts in self.errors.values() for text in texts]

    @property
    def objections(self) -> list[Objection]:
        """The warnings, for the user to confirm."""
        return [
            Objection(one.message, "id_information_date", "", f"day:{self.data.get(one.field)}")
            for one in self.warnings
        ]
