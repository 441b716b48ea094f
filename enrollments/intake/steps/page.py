"""What the pages of all steps have in common."""

from typing import Any

from django.http import HttpResponse, QueryDict

from agencies.requests import UserRequest
from clients.models import Client
from enrollments.intake.draft.issues import ValidationIssue
from enrollments.intake.draft.order import Step
from enrollments.models import IntakeDraft


class StepPage:
    """A step as it is shown and saved.

    Args:
        people: the clients of the draft, the first one first.
        typed: the answers as they were typed; None where the step was never saved.
    """

    template = ""
    form: Any = None
    detour: Step | None = None  # the step that must be in order before this one can be shown

    def __init__(
        self,
        request: UserRequest,
        draft: IntakeDraft,
        step: Step,
        people: list[Client],
        typed: QueryDict | None,
    ):
        self.request, self.draft, self.step, self.people = request, draft, step, people
        self.answers = draft.answers
        self.typed = typed
        self.errors: list[ValidationIssue] = []
        self.warnings: list[ValidationIssue] = []
        self.prepare()

    def prepare(self) -> None:
        """Build the forms, and find the errors and warnings of what was typed."""

    @property
    def unconfirmed(self) -> list[ValidationIssue]:
        return [one for one in self.warnings if one.key not in self.answers.confirmed]

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that was not on the page."""
        return False

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        """What was posted, after a button that changes other fields."""
        return posted

    def label_of(self, name: str) -> str:
        """A field's label with whom it is about, for the notice about another page."""
        field = self.form.fields.get(name)
        return str(field.label or "") if field else ""

    def search(self) -> HttpResponse | None:
        """Where a search for somebody else leads, if that is what was pressed."""
        return None

    def accept(self) -> None:
        """Take over what is in order."""

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form}
