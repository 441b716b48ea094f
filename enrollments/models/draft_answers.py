"""What a draft keeps: each step as it was typed, who comes along, and what is done and confirmed.

typed           {step: {name: [values]}} as the browser sent it, errors and all
saved           {step: {"n": count, "tab": page, "turn": number}} to notice that another page saved
                it, or this one since: what a page sent may arrive after what it sent later
done            steps that were saved without an error
confirmed       warnings that the user has seen and stands by
people          ids of the clients who come along, the first client left out
household       project and members of the last HUD Program Enrollment that was in order
day             date of an assessment after the start
enrollments     ids of the enrollments that such an assessment is about
left_out        steps that ask nothing of those who join or leave a household
corrects        date of the filed assessment that the draft is to correct
filled_in_from  date of the stored answers that a later assessment begins with
followed        {id that a merge took away: id of who remains}
signatures      {client: fields of the page on which it was signed} of a step of an upper floor
stored          like typed: the answers that the draft corrects, as they were when it was filled in

Encrypted, and wiped at Finish: a merge looks through no drafts, each follows it when it is opened.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from clients.models import Client
from enrollments.models.draft_page import OF_THE_PAGE, seen_by, tab_of, turn_of
from hud.text import as_id

if TYPE_CHECKING:
    from enrollments.models.intake_draft import IntakeDraft

OF_A_CLIENT = re.compile(r"c(\d{1,18})-", re.ASCII)
MEMBER = "member"  # the boxes of Family Members, whose values are ids
DATE = "%m/%d/%Y"
Typed = dict[str, dict[str, list[str]]]  # by step and name
Renames = dict[int, int]  # ids of clients


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
    household, stored = Entry(), Entry()
    enrollments, left_out = Entry(()), Entry(())
    followed, signatures = Entry({}), Entry({})
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

    def stored_typed(self, step: str) -> QueryDict | None:
        """The stored answers to the step that the draft corrects; None where there are none."""
        kept = (self.stored or {}).get(step)
        return as_query(kept) if kept else None

    def sent(
        self, step: str, posted: QueryDict, depends_on: Mapping[str, Iterable[str]] | None
    ) -> QueryDict:
        """What a page sent, under the ids of who remains, with kept answers that it did not ask."""
        if self.followed:
            posted = as_query(_renamed(dict(posted.lists()), self._followed))
        if depends_on is None or step not in self.steps:
            return posted
        merged = posted.copy()
        for key, values in self.steps[step].items():
            prefix, _, name = key.partition("-")
            was_there = name in posted.getlist(f"{prefix}-shown") or any(
                f"{prefix}-{other}" in posted for other in depends_on.get(name, ())
            )
            if name and name != "shown" and key not in posted and not was_there:
                merged.setlist(key, values)
        return merged

    def put(self, step: str, posted: QueryDict) -> None:
        self.steps[step] = as_lists(posted)
        saved = {"n": self.times_saved(step) + 1, "tab": tab_of(posted), "turn": turn_of(posted)}
        self.content.setdefault("saved", {})[step] = saved

    def forget(self, step: str) -> None:
        self.steps.pop(step, None)

    def fill_in(self, step: str, values: Mapping[str, Any], client_id: int | None = None) -> None:
        """Put stored answers into a step as typed: by name, or a client's by question."""
        kept = self.steps.setdefault(step, {})
        for name, value in values.items():
            kept[name_of(client_id, name) if client_id else name] = [as_typed(value)]

    def times_saved(self, step: str) -> int:
        return self._saved(step).get("n", 0)

    def last_turn(self, step: str) -> int:
        """The number of the last request of its page that saved the step."""
        return self._saved(step).get("turn", 0)

    def is_stale(self, step: str, posted: QueryDict) -> bool:
        """Whether another page, or a later request of this one, saved the step since."""
        saved = self._saved(step)
        is_seen = not saved or saved["n"] == seen_by(posted)
        is_late = turn_of(posted) < self.last_turn(step)
        return not is_seen and (saved["tab"] != tab_of(posted) or is_late)

    def _saved(self, step: str) -> dict[str, Any]:
        return self.content.get("saved", {}).get(step, {})

    def differing(self, step: str, posted: QueryDict) -> list[str]:
        """The names whose values are not those that are kept."""
        kept, mine = self.steps.get(step, {}), as_lists(posted)
        return [
            name
            for name in dict.fromkeys([*kept, *mine])
            if [*filter(None, kept.get(name, []))] != [*filter(None, mine.get(name, []))]
        ]

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
    def named(self) -> set[int]:
        """The ids of clients that the answers name."""
        matches = [OF_A_CLIENT.match(name) for kept in self.steps.values() for name in kept]
        ticked = [one for kept in self.steps.values() for one in kept.get(MEMBER, [])]
        household = self.household or {"members": []}
        return {
            *self.content.get("people", []),
            *(int(match[1]) for match in matches if match),
            *(pk for one in ticked if (pk := as_id(one)) is not None),
            *(one["client"] for one in household["members"]),
        }

    def follow_merges(self) -> None:
        """Name who remains after a merge, and who is there again after its undoing.

        Of two who became one, the answers of the one who remains count; the program step reopens.
        """
        if not self.draft.answers_json:
            return
        named, followed = self.named, self._followed
        known = named | followed.keys() | {self.draft.client_id}
        if known == {self.draft.client_id}:
            return
        remain = Client.with_deleted.all().who_remain(known)
        gone = {pk: kept for pk, kept in remain.items() if pk != kept}
        away = {pk: kept for pk, kept in gone.items() if pk in named}
        back = {kept: pk for pk, kept in followed.items() if pk not in gone}
        both = {pk for pk, kept in away.items() if kept in named}
        if away or back:
            self._rename(away | back)
        if both:
            self.mark(self.draft.Step.PROGRAM, done=False)
        self.followed = {
            str(pk): gone[pk] for pk in (away.keys() - both) | (followed.keys() & gone.keys())
        }

    @property
    def _followed(self) -> Renames:
        return {int(pk): kept for pk, kept in self.followed.items()}

    def _rename(self, renames: Renames) -> None:
        for named in (self.steps, self.stored or {}):
            for step, kept in named.items():
                named[step] = _renamed(kept, renames)
        self.people = [renames.get(pk, pk) for pk in self.content.get("people", [])]
        if self.household:
            members: dict[int, dict[str, Any]] = {}
            for one in self.household["members"]:
                pk = renames.get(one["client"], one["client"])
                if pk not in members or pk == one["client"]:
                    members[pk] = one | {"client": pk}
            self.household["members"] = list(members.values())

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


def _renamed(kept: dict[str, list[str]], renames: Renames) -> dict[str, list[str]]:
    """The fields of a page by their new names; what was typed for who remains counts."""
    numbers = {str(pk): str(other) for pk, other in renames.items()}
    fields: dict[str, list[str]] = {}
    for name, values in kept.items():
        match = OF_A_CLIENT.match(name)
        if name == MEMBER:
            fields[name] = list(dict.fromkeys(numbers.get(one, one) for one in values))
        elif match and int(match[1]) in renames:
            fields.setdefault(name_of(renames[int(match[1])], name[match.end() :]), values)
        else:
            fields[name] = values
    return fields
