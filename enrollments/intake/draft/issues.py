"""What validation finds, as a page lists it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
        whose = [text for pk, text in names.items() if name.startswith(name_of(pk, ""))]
        for message in messages:
            text = f"{field.label}: {message}" if field else str(message)
            anchor = field.auto_id if field else ""
            found.append(ValidationIssue(text, anchor, whose[0] if whose else who))
    return found


def warnings_of(form: Any, step: IntakeDraft.Step) -> list[ValidationIssue]:
    """The warnings of a form about several people, for the user to confirm."""
    form.is_valid()
    return [
        ValidationIssue(
            one.message, "", form.names.get(pk, ""), f"{step}:{pk}:{one.field}:{one.message}"
        )
        for pk, one in form.warnings
    ]
