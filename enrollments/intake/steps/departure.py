"""The exit step: who of a household leaves, when and where to, with the exit assessment (4.9)."""

from collections.abc import Iterable

from django.http import QueryDict

from clients.models import Client
from enrollments.forms.exit import ExitFields
from enrollments.intake.draft.household import prefix_of
from enrollments.intake.draft.section_page import Objection
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import Answers


def exit_fields(
    draft: IntakeDraft, people: Iterable[Client], typed: QueryDict | None
) -> ExitFields:
    """The exit step of a draft; who has left already, or belongs to others, is not offered.

    Args:
        people: the clients of the draft whom its owner may see.
    """
    seen = {client.pk for client in people}
    owner = draft.created_by
    candidates = [
        row for row in draft.enrollments if row.exit_date is None and row.client_id in seen
    ]
    return ExitFields(typed, candidates=candidates, household=draft.household_rows, viewer=owner)


def accept_exit(answers: Answers, form: ExitFields) -> None:
    """Let a form that is in order say about whom the exit assessment is, and of which day."""
    answers.enrollments = [one.pk for one in form.ticked]
    answers.day = form.cleaned_data["exit_date"]


def exit_errors(form: ExitFields) -> list[Objection]:
    found = []
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        for message in messages:
            text = f"{bound.label}: {message}" if bound else str(message)
            found.append(Objection(text, bound.auto_id if bound else "", _who(form, name)))
    return found


def exit_warnings(form: ExitFields) -> list[Objection]:
    return [
        Objection(finding.message, "", form.names.get(pk, ""), f"exit:{pk}:{finding.message}")
        for pk, finding in form.warnings
    ]


def exit_saved(count: int) -> str:
    """What a user reads after an exit of so many members."""
    who = "1 member" if count == 1 else f"{count} members"
    return f"Exit saved for {who} of the household."


def _who(form: ExitFields, name: str) -> str:
    members = {f"{prefix_of(pk)}-": who for pk, who in form.names.items()}
    return next((who for prefix, who in members.items() if name.startswith(prefix)), "")
