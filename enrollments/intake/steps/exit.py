"""Exit, the first step of ending enrollments with their exit assessment (4.9)."""

from collections.abc import Iterable

from django.http import QueryDict

from clients.models import Client
from enrollments.forms.exit_fields import ExitFields, used_for_all
from enrollments.intake.draft.household import read_household
from enrollments.intake.draft.steps import leave_out_steps
from enrollments.intake.draft.validation_issues import errors_of
from enrollments.intake.steps.page import StepPage, warnings_of
from enrollments.models import IntakeDraft


class ExitPage(StepPage):
    template = "enrollments/intake/exit.html"
    adjusted = staticmethod(used_for_all)

    def prepare(self) -> None:
        self.form = exit_fields(self.draft, self.people, self.typed)
        if self.form.is_bound:
            self.errors, self.warnings = errors_of(self.form), warnings_of(self.form, self.step)

    def accept(self) -> None:
        """Let the form say about whom the exit assessment is, and of which day."""
        self.answers.enrollments = [one.pk for one in self.form.ticked]
        self.answers.day = self.form.cleaned_data["exit_date"]
        leave_out_steps(self.draft, read_household(self.draft, self.people))


def exit_fields(
    draft: IntakeDraft, people: Iterable[Client], typed: QueryDict | None
) -> ExitFields:
    """The exit step of a draft; who has left already, or belongs to others, is not offered."""
    seen = {client.pk for client in people}
    rows = [row for row in draft.enrollments if row.exit_date is None and row.client_id in seen]
    everybody, owner = draft.household_rows, draft.created_by
    return ExitFields(typed, candidates=rows, household=everybody, viewer=owner)


def exit_saved(count: int) -> str:
    """What a user reads after an exit of so many members."""
    who = "1 member" if count == 1 else f"{count} members"
    return f"Exit saved for {who} of the household."
