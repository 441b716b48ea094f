"""3.01 Name: a first or a last name."""

from collections.abc import Iterator

from hud.choices.answers import UNANSWERED
from hud.rules.issues import Issue, collected, error
from hud.text import normalised

RULE = "3.01"


def is_blank(name: str | None) -> bool:
    """Whether no letter or digit is there: dashes and question marks are no name."""
    return not normalised(name)


def is_complete(first: str | None, last: str | None) -> bool:
    """Whether the name is full: first and last."""
    return not is_blank(first) and not is_blank(last)


@collected
def issues(first: str | None, last: str | None, *, chosen: int | None = None) -> Iterator[Issue]:
    """One of the two, unless the user has `chosen` why there is none (8, 9, 99)."""
    if is_blank(first) and is_blank(last) and chosen not in UNANSWERED:
        yield error(RULE, "first_name", "Enter a first name or a last name.")
