"""What validation finds, as a page lists it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.forms import BaseForm

from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import name_of

REMOVAL = "remove:"  # what the keys of those begin with


@dataclass(frozen=True)
class ValidationIssue:
    """An error or a warning.

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

    def at(self, step: IntakeDraft.Step, page: str) -> "ValidationIssue":
        return replace(self, step=step, page=page)

    @property
    def address(self) -> str:
        """Where the field is; empty where there is none."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    @property
    def is_removal(self) -> bool:
        """Whether a stored answer would be removed."""
        return self.key.startswith(REMOVAL)


def errors_of(
    form: BaseForm, *, who: str = "", names: Mapping[int, str] | None = None
) -> list[ValidationIssue]:
    """The errors of a form, each with its field's label.

    Args:
        who: whom all of them are about.
        names: of a form about several people, their names by client.
    """
    found = []
    for name, messages in form.errors.items():
        whose = [text for pk, text in (names or {}).items() if name.startswith(name_of(pk, ""))]
        field = form[name] if name in form.fields else None
        for message in messages:
            text = f"{field.label}: {message}" if field else str(message)
            anchor = field.auto_id if field else ""
            found.append(ValidationIssue(text, anchor, whose[0] if whose else who))
    return found
