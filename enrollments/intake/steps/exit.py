"""Exit, the first step of ending enrollments with their exit assessment (4.9)."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from clients.models import Client
from enrollments.forms.exit import ExitFields, used_for_all
from enrollments.intake.draft.issues import ValidationIssue, errors_of
from enrollments.intake.steps.page import StepPage
from enrollments.models import IntakeDraft


class ExitPage(StepPage):
    template = "enrollments/intake/exit.html"

    def prepare(self) -> None:
        self.form = exit_fields(self.draft, self.people, self.typed)
        if self.form.is_bound:
            self.errors, self.warnings = exit_errors(self.form), exit_warnings(self.form)

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        return used_for_all(posted)

    def label_of(self, name: str) -> str:
        field = self.form.fields.get(name)
        return str(field.label) if field else ""

    def accept(self) -> None:
        """Let the form say about whom the exit assessment is, and of which day."""
        self.answers.enrollments = [one.pk for one in self.form.ticked]
        self.answers.day = self.form.cleaned_data["exit_date"]

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form}


def exit_fields(
    draft: IntakeDraft, people: Iterable[Client], typed: QueryDict | None
) -> ExitFields:
    """The exit step of a draft; who has left already, or belongs to others, is not offered.

    Args:
        people: the clients of the draft whom its owner may see.
    """
    seen = {client.pk for client in people}
    owner = draft.created_by
    candidates = [row for row in draft.stays if row.exit_date is None and row.client_id in seen]
    return ExitFields(typed, candidates=candidates, household=draft.household_rows, viewer=owner)


def exit_errors(form: ExitFields) -> list[ValidationIssue]:
    return errors_of(form, names=form.names)


def exit_warnings(form: ExitFields) -> list[ValidationIssue]:
    form.is_valid()
    return [
        ValidationIssue(issue.message, "", form.names.get(pk, ""), f"exit:{pk}:{issue.message}")
        for pk, issue in form.warnings
    ]


def exit_saved(count: int) -> str:
    """What a user reads after an exit of so many members."""
    who = "1 member" if count == 1 else f"{count} members"
    return f"Exit saved for {who} of the household."
