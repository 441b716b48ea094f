"""What of a client's record a user sees: the one table behind docs/consent.md and the tests.

    python -m tests.consent.matrix      writes the table into docs/consent.md

Harbor Services filed every client; Cedar Center serves each of them too and has rows of its own;
Bridge House has none, and neither has Coordinated Access.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[2] / "docs/consent.md"
BEGIN, END = "<!-- matrix: begin -->\n", "<!-- matrix: end -->\n"


class Policy(StrEnum):
    """How much is shared, the stricter ones later; the values of `agencies.Sharing`."""

    OPEN = "open"
    PARTS = "parts"
    REQUIRED = "required"

    @property
    def words(self) -> str:
        return {"open": "Open", "parts": "Consent for parts", "required": "Consent required"}[self]


class Part(StrEnum):
    IDENTITY = "identity"
    DETAILS = "details"
    RECORDS = "records"
    FILES = "files"


class Sight(StrEnum):
    """What a cell of the table says."""

    SEEN = "seen"
    IDENTITY = "identity alone"
    NOT = "not seen"


@dataclass(frozen=True)
class Who:
    """A user, by the name of a persona."""

    name: str
    words: str
    agency: str
    is_administrator: bool = False
    has_cas: bool = False


@dataclass(frozen=True)
class State:
    """What a client agreed to. covers: the agencies that it opens the record to today."""

    key: str
    words: str
    covers: frozenset[str] = frozenset()
    is_restricted: bool = False  # the record, to the agency that filed it


@dataclass(frozen=True)
class Kind:
    """A kind of record. own: seen by users of its own agency alone, whatever the client said."""

    key: str
    words: str
    part: Part
    own: bool = False
    cas: bool = False


AGENCIES = {
    "harbor": "the agency that filed the client",
    "cedar": "another agency that serves the client",
    "bridge": "another agency",
    "cas": "Coordinated Access",
    "": "everywhere",
}
EVERY = frozenset(AGENCIES)
OF_CLIENT = {Part.IDENTITY, Part.DETAILS}  # the client's own row, which one agency has filed
OWNERS = ("harbor", "cedar")  # the agencies that have rows about the clients

WHO = (
    Who("alice", "case manager", "harbor"),
    Who("dana", "Data Quality Officer", "harbor"),
    Who("carla", "case manager", "cedar"),
    Who("celia", "Data Quality Officer", "cedar"),
    Who("charlie", "case manager", "bridge"),
    Who("bea", "Data Quality Officer", "bridge"),
    Who("cass", "CAS administrator", "cas", has_cas=True),
    Who("ada", "administrator", "", is_administrator=True, has_cas=True),
)
STATES = (
    State("never", "never asked, or imported"),
    State("all", "released to every agency", EVERY),
    State("one", "released to Bridge House alone", frozenset({"bridge"})),
    State("signed_since", "refused, released later", EVERY),
    State(
        "but_one", "released to every agency, refused later for Bridge House", EVERY - {"bridge"}
    ),
    State("later", "the release begins tomorrow"),
    State("ended", "the release ended yesterday"),
    State("revoked", "the release was revoked"),
    State("refused", "refused"),
    State("refused_since", "released, refused later"),
    State("undecided", "merged, and nobody has decided about the releases"),
    State("restricted", "restricted record, released to every agency", EVERY, is_restricted=True),
)
KINDS = (
    Kind("identity", "the client", Part.IDENTITY),
    Kind("photo", "photo", Part.IDENTITY),
    Kind("details", "contact, race, veteran status, aliases, full SSN", Part.DETAILS),
    Kind("enrollment", "enrollments", Part.RECORDS),
    Kind("income", "assessments", Part.RECORDS),
    Kind("assignment", "case managers", Part.RECORDS),
    Kind("service", "services", Part.RECORDS),
    Kind("event", "CAS events", Part.RECORDS),
    Kind("alert", "alerts", Part.RECORDS),
    Kind("other", "interested others", Part.RECORDS),
    Kind("shared_note", "notes shared with all", Part.RECORDS),
    Kind("file", "files", Part.FILES),
    Kind("own_note", "other notes", Part.RECORDS, own=True),
    Kind("check", "document checks", Part.FILES, cas=True),
)
# Without a release: what of others' records each policy shares.
SHARED = {
    Policy.OPEN: set(Part),
    Policy.PARTS: {Part.IDENTITY},
    Policy.REQUIRED: set(),
}


class Cell(NamedTuple):
    """A row of the population: a kind of record of one agency about the client in one state."""

    state: str
    owner: str
    kind: str


def cells() -> Iterator[Cell]:
    """Every row that the population has; who the client is, one agency has filed."""
    for state in STATES:
        for kind in KINDS:
            for owner in OWNERS[:1] if kind.part in OF_CLIENT else OWNERS:
                yield Cell(state.key, owner, kind.key)


def stricter(one: Policy, other: Policy) -> Policy:
    order = list(Policy)
    return order[max(order.index(one), order.index(other))]


def seen(who: Who, cell: Cell, filed: Policy, kept: Policy | None = None) -> bool:
    """Whether the user sees the row.

    Args:
        filed: the policy in force at the agency that filed the client.
        kept: that of the agency whose row it is; the same where it is left out.
    """
    kind = next(one for one in KINDS if one.key == cell.kind)
    state = next(one for one in STATES if one.key == cell.state)
    is_covered = who.agency in state.covers
    if kind.cas and not who.has_cas:
        return False
    if who.is_administrator or (state.is_restricted and who.agency != OWNERS[0]):
        return who.is_administrator  # no release opens a restricted record
    if who.agency == cell.owner or kind.own:
        return who.agency == cell.owner
    if kind.part in OF_CLIENT:  # who serves the client knows whom
        return who.agency in OWNERS or kind.part in SHARED[filed] or is_covered
    return kind.part in SHARED[stricter(filed, kept or filed)] or is_covered


def sight(who: Who, cell: Cell, filed: Policy) -> Sight:
    if seen(who, cell, filed):
        return Sight.SEEN
    client = cell._replace(owner=OWNERS[0], kind="identity")
    return Sight.IDENTITY if seen(who, client, filed) and client != cell else Sight.NOT


def expected(who: Who, filed: Policy, kept: Policy | None = None) -> set[Cell]:
    return {cell for cell in cells() if seen(who, cell, filed, kept)}


def one_of_each_kind(who: Who, filed: Policy) -> list[State]:
    """The first one of the states that fare alike for this user under a policy."""
    found: dict[tuple, State] = {}
    for state in STATES:
        sights = tuple(_sights(who, state, owner, filed) for owner in OWNERS)
        found.setdefault(sights, state)
    return list(found.values())


# the table in the documentation


def table() -> str:
    """The states, and the table of each policy: what fares alike shares a line or a column."""
    parts = [*_of_states(), *(part for policy in Policy for part in _of_policy(policy))]
    return "\n".join(parts)


def _of_states() -> Iterator[str]:
    yield "| the client's answer | covers today |\n|---|---|"
    for state in STATES:
        every = "every agency" if state.covers == EVERY else "every agency but Bridge House"
        one = "Bridge House" if state.covers == {"bridge"} else "nobody"
        covers = every if len(state.covers) > 1 else one
        yield f"| {state.words} | {'nobody: restricted' if state.is_restricted else covers} |"
    yield ""


def _of_policy(policy: Policy) -> Iterator[str]:
    columns = [", ".join(one.words for one in ones) for ones in _groups()]
    yield f"### {policy.words}\n"
    yield f"| who | records of | the answer | {' | '.join(columns)} |"
    yield "|---|---|---|" + "---|" * len(columns)
    lines: dict[tuple, list[Who]] = {}
    for who in WHO:
        lines.setdefault(tuple(_lines(who, policy)), []).append(who)
    for found, people in lines.items():
        named = "; ".join(
            f"{' or '.join(one.words for one in ones)}, {AGENCIES[agency]}"
            for agency, ones in groupby(people, lambda one: one.agency)
        )
        for owner, states, sights in found:
            yield f"| {named} | {owner} | {states} | {' | '.join(sights)} |"
    yield ""


def _lines(who: Who, policy: Policy) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Whose records, in which states, and what of each group of kinds the user sees."""
    found: dict[str, dict[tuple[str, ...], list[State]]] = {}
    for owner in OWNERS:
        by_sights: dict[tuple[str, ...], list[State]] = {}
        for state in STATES:
            by_sights.setdefault(_sights(who, state, owner, policy), []).append(state)
        found[owner] = by_sights
    if found[OWNERS[0]] == found[OWNERS[1]]:
        found = {"": found[OWNERS[0]]}
    for owner, by_sights in found.items():
        words = AGENCIES[owner] if owner else "either agency"
        for sights, states in by_sights.items():
            yield words, _named(states, who), sights


def _named(states: list[State], who: Who) -> str:
    """What these states have in common for this user's agency; else each by its words."""
    common = {
        "any": lambda one: True,
        "any, record not restricted": lambda one: not one.is_restricted,
        "restricted record": lambda one: one.is_restricted,
        "covers the user's agency": lambda one: who.agency in one.covers,
        "covers the user's agency, record not restricted": lambda one: (
            who.agency in one.covers and not one.is_restricted
        ),
        "does not cover the user's agency": lambda one: who.agency not in one.covers,
        "does not cover the user's agency, or restricted record": lambda one: (
            who.agency not in one.covers or one.is_restricted
        ),
    }
    for words, rule in common.items():
        if states == [one for one in STATES if rule(one)]:
            return words
    return "; ".join(one.words for one in states)


def _sights(who: Who, state: State, owner: str, policy: Policy) -> tuple[str, ...]:
    found = []
    for ones in _groups():
        of = OWNERS[0] if ones[0].part in OF_CLIENT else owner
        found.append(str(sight(who, Cell(state.key, of, ones[0].key), policy)))
    return tuple(found)


def _groups() -> list[list[Kind]]:
    """Kinds of which the rules say the same."""
    rules = lambda kind: (kind.part, kind.own, kind.cas)  # noqa: E731
    return [list(ones) for _, ones in groupby(KINDS, rules)]


def written(page: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
