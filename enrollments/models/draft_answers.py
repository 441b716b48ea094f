"""What a draft keeps: each step as it was typed, who comes along, and what is done and confirmed.

typed           {step: {name: [values]}} as the browser sent it, errors and all
saved           {step: {"n": count, "tab": page}} to notice that another page saved it
done            steps that were saved without an error
confirmed       warnings that the user has seen and stands by
people          ids of the clients who come along, the first client left out
household       project and members of the last HUD Program Enrollment that was in order
day             date of an assessment after the start
enrollments     ids of the enrollments that such an assessment is about
corrects        date of the filed assessment that the draft is to correct
filled_in_from  date of the stored answers that a later assessment begins with
followed        {id that a merge took away: id of who remains}
stored          like typed: the answers that the draft corrects, as they were when it was filled in
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

if TYPE_CHECKING:
    from enrollments.models.intake_draft import IntakeDraft

# Names that belong to the page and not to its answers.
OF_THE_PAGE = re.compile(
    "csrfmiddlewaretoken|seen|tab|confirm|asked|next|back|close|enter|find|finish|copy|opened_with"
    "|find-.*"
)
STORED = "stored"
DATE = "%m/%d/%Y"
Typed = dict[str, dict[str, list[str]]]  # by step and name


class Entry:
    """An entry of the content as an attribute."""

    def __init__(self, empty: Any = None):
        self.empty = empty

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, answers: "Answers", owner: type) -> Any:
        return answers.content.get(self.name, self.empty)

    def __set__(self, answers: "Answers", value: Any) -> None:
        answers.content[self.name] = value


class DateEntry(Entry):
    def __get__(self, answers: "Answers", owner: type) -> date | None:
        day = super().__get__(answers, owner)
        return date.fromisoformat(day) if day else None

    def __set__(self, answers: "Answers", value: date) -> None:
        super().__set__(answers, value.isoformat())


class Answers:
    household = Entry()
    enrollments = Entry(())
    followed = Entry({})
    day, corrects, filled_in_from = DateEntry(), DateEntry(), DateEntry()

    def __init__(self, draft: "IntakeDraft"):
        self.draft = draft
        self.content: dict[str, Any] = json.loads(draft.answers_json) if draft.answers_json else {}

    # as typed

    @property
    def steps(self) -> Typed:
        return self.content.setdefault("typed", {})

    def typed(self, step: str) -> QueryDict | None:
        """The step as it was typed; None where it never was saved."""
        kept = self.steps.get(step)
        return None if kept is None else as_query(kept)

    def put(self, step: str, posted: QueryDict, *, tab: str) -> None:
        self.steps[step] = as_lists(posted)
        saved = {"n": self.times_saved(step) + 1, "tab": tab}
        self.content.setdefault("saved", {})[step] = saved

    def forget(self, step: str) -> None:
        self.steps.pop(step, None)

    def fill_in(self, step: str, values: Mapping[str, Any], client_id: int | None = None) -> None:
        """Put stored answers into a step as typed: by name, or a client's by question."""
        kept = self.steps.setdefault(step, {})
        for name, value in values.items():
            kept[name_of(client_id, name) if client_id else name] = [as_typed(value)]

    def times_saved(self, step: str) -> int:
        return self.content.get("saved", {}).get(step, {}).get("n", 0)

    def is_stale(self, step: str, *, seen: int, tab: str) -> bool:
        """Whether another page saved the step after this one had opened it."""
        saved = self.content.get("saved", {}).get(step)
        return saved is not None and saved["n"] != seen and saved["tab"] != tab

    def differing(self, step: str, posted: QueryDict) -> list[str]:
        """The names whose values are not those that are kept."""
        kept, mine = self.steps.get(step, {}), as_lists(posted)
        names = [*kept, *(name for name in mine if name not in kept)]
        return [name for name in names if _filled(kept, name) != _filled(mine, name)]

    # progress

    @property
    def done(self) -> set[str]:
        return set(self.content.get("done", []))

    def mark(self, step: str, *, done: bool) -> None:
        others = self.done - {step}
        self.content["done"] = sorted(others | {step} if done else others)

    @property
    def confirmed(self) -> set[str]:
        return set(self.content.get("confirmed", []))

    def confirm(self, keys: Iterable[str]) -> None:
        self.content["confirmed"] = sorted(self.confirmed | set(keys))

    # who and what

    @property
    def people(self) -> list[int]:
        """Ids of everybody in the draft, the first client first."""
        return list(dict.fromkeys([self.draft.client_id, *self.content.get("people", [])]))

    @people.setter
    def people(self, ids: Iterable[int]) -> None:
        self.content["people"] = list(dict.fromkeys(ids))

    @property
    def title(self) -> str:
        """What the draft is, for its pages and the list of paused ones."""
        label = str(self.draft.kind_of.label)
        return f"{label} of {self.corrects.strftime(DATE)}" if self.corrects else label


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
        if not OF_THE_PAGE.fullmatch(name)
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
