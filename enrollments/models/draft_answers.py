"""What a draft keeps: each step as it was typed, who comes along, and what is done and confirmed.

typed      {step: {name: [values]}} as the browser sent it, errors and all
saved      {step: {"n": count, "tab": page}} to notice that a step was saved elsewhere meanwhile
done       steps that were saved without an error
confirmed  warnings that the user has seen and stands by
people     ids of the clients who come along, the first client left out
household  project and members of the last HUD Program Enrollment that was in order
day        date of an assessment after the start
members    ids of the enrollments that such an assessment is about
corrects   date of the filed assessment that the draft is to correct
on_file    like typed: what was on file when the draft was filled in, if it corrects that
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from enrollments.models import IntakeDraft

# Names that belong to the page and not to its answers.
OF_THE_PAGE = frozenset(
    {
        "csrfmiddlewaretoken",
        "seen",
        "tab",
        "confirm",
        "asked",
        "next",
        "back",
        "close",
        "enter",
        "find",
        "finish",
        "copy",
        "opened_with",
    }
)
BASE = "on_file"
DATE = "%m/%d/%Y"


class Answers:
    def __init__(self, draft: IntakeDraft):
        self.draft = draft
        self.content: dict[str, Any] = draft.content

    def _part(self, name: str, empty: Any) -> Any:
        return self.content.setdefault(name, empty)

    # as typed

    def typed(self, step: str) -> QueryDict | None:
        """The step as it was typed; None where it never was saved."""
        kept = self._part("typed", {}).get(step)
        return None if kept is None else as_query(kept)

    def put(self, step: str, posted: QueryDict, *, tab: str) -> None:
        self._part("typed", {})[step] = as_lists(posted)
        self._part("saved", {})[step] = {"n": self.times_saved(step) + 1, "tab": tab}

    def forget(self, step: str) -> None:
        self._part("typed", {}).pop(step, None)

    def fill_in(self, step: str, values: Mapping[str, Any]) -> None:
        """Put answers that are on file into a step, as a person would have typed them."""
        kept = self._part("typed", {}).setdefault(step, {})
        kept.update({name: [as_typed(value)] for name, value in values.items()})

    def times_saved(self, step: str) -> int:
        return self._part("saved", {}).get(step, {}).get("n", 0)

    def is_stale(self, step: str, *, seen: int, tab: str) -> bool:
        """Whether another page saved the step after this one had opened it."""
        saved = self._part("saved", {}).get(step)
        return saved is not None and saved["n"] != seen and saved["tab"] != tab

    def differing(self, step: str, posted: QueryDict) -> list[str]:
        """The names whose values are not those that are kept."""
        kept, mine = self._part("typed", {}).get(step, {}), as_lists(posted)
        names = [*kept, *(name for name in mine if name not in kept)]
        return [name for name in names if _filled(kept, name) != _filled(mine, name)]

    # progress

    @property
    def done(self) -> set[str]:
        return set(self._part("done", []))

    def mark(self, step: str, *, done: bool) -> None:
        others = self.done - {step}
        self.content["done"] = sorted(others | {step} if done else others)

    @property
    def confirmed(self) -> set[str]:
        return set(self._part("confirmed", []))

    def confirm(self, keys: Iterable[str]) -> None:
        self.content["confirmed"] = sorted(self.confirmed | set(keys))

    # who and when

    @property
    def people(self) -> list[int]:
        """Ids of everybody in the draft, the first client first."""
        others = [pk for pk in self._part("people", []) if pk != self.draft.client_id]
        return [self.draft.client_id, *dict.fromkeys(others)]

    @people.setter
    def people(self, ids: Iterable[int]) -> None:
        self.content["people"] = list(dict.fromkeys(ids))

    @property
    def household(self) -> dict[str, Any] | None:
        return self.content.get("household")

    @household.setter
    def household(self, household: dict[str, Any]) -> None:
        self.content["household"] = household

    @property
    def day(self) -> date | None:
        day = self.content.get("day")
        return date.fromisoformat(day) if day else None

    @day.setter
    def day(self, day: date) -> None:
        self.content["day"] = day.isoformat()

    @property
    def corrects(self) -> date | None:
        day = self.content.get("corrects")
        return date.fromisoformat(day) if day else None

    @corrects.setter
    def corrects(self, day: date) -> None:
        self.content["corrects"] = day.isoformat()

    @property
    def title(self) -> str:
        """What the draft is, for its pages and the list of paused ones."""
        label = str(self.draft.kind_of.label)
        return f"{label} of {self.corrects.strftime(DATE)}" if self.corrects else label

    @property
    def enrollments(self) -> list[int]:
        return self._part("members", [])

    @enrollments.setter
    def enrollments(self, ids: Iterable[int]) -> None:
        self.content["members"] = list(ids)

    @property
    def filled_in_from(self) -> date | None:
        """The date of the answers on file that a later assessment begins with."""
        day = self.content.get("filled_in_from")
        return date.fromisoformat(day) if day else None

    @filled_in_from.setter
    def filled_in_from(self, day: date) -> None:
        self.content["filled_in_from"] = day.isoformat()


def prefix_of(client_id: int) -> str:
    """What the names of a client's answers begin with."""
    return f"c{client_id}"


def name_of(client_id: int, field: str) -> str:
    """The name of the answer of a client to a question."""
    return f"{prefix_of(client_id)}-{field}"


def as_lists(posted: QueryDict) -> dict[str, list[str]]:
    return {
        name: [str(value) for value in values]
        for name, values in posted.lists()
        if name not in OF_THE_PAGE and not name.startswith("find-")
    }


def as_query(kept: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in kept.items():
        query.setlist(name, values)
    return query


def as_typed(value: Any) -> str:
    """A stored value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.strftime(DATE)
    return str(value)


def _filled(kept: Mapping[str, list[str]], name: str) -> list[str]:
    return [value for value in kept.get(name, []) if value]
