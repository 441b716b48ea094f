"""What is wrong, unlikely or about to be removed, as the pages of a draft list it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import name_of

REMOVAL = "remove:"  # what the keys of those begin with


@dataclass(frozen=True)
class ValidationIssue:
    """An error or a warning, as a page lists it.

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
        whose = (text for pk, text in names.items() if name.startswith(name_of(pk, "")))
        about = (field.auto_id if field else "", next(whose, who))
        texts = (f"{field.label}: {one}" if field else str(one) for one in messages)
        found += [ValidationIssue(text, *about) for text in texts]
    return found
