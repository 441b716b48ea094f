"""Who shares a key with one of few changed clients, found by one look at everybody.

The keys of a million clients take seconds to make and to keep. Here nearly all clients are left out
by what is quickly made of them, and by several processes of PostgreSQL at once: these read no
temporary tables, so the keys of the changed clients stand in the statement, as lists, which
PostgreSQL hashes.
"""

from collections.abc import Iterable

from clients.duplicates.blocks import Block, Way, ways_to_changed
from clients.duplicates.rows import DERIVED, NAMES, NUMBERS, PERSON, SOUNDS

MOST_CHANGED = 20_000  # above, such lists are no gain: everybody is compared
# What is asked first, the rarest one: every way has the columns of one of these.
GATES = (
    *(("ssn_hash",), ("email",), ("phone",), ("street",), ("dob",), ("last4",), ("road",)),
    *(("last_sound", "first_sound"), ("last_sound", "first_letter")),
    ("first_sound", "last_letter"),
)
# OFFSET keeps a key from being made anew wherever it is asked for.
NEAR = """
CREATE TEMPORARY TABLE duplicate_near AS
SELECT id FROM (
    SELECT named.id, first, last, key.*
    FROM ({names}) AS named CROSS JOIN LATERAL (SELECT {numbers}, {sounds} OFFSET 0) AS key
) AS somebody WHERE {near}
"""
THEIRS = """ARRAY(
    SELECT DISTINCT key FROM duplicate_row CROSS JOIN LATERAL (VALUES {keys}) AS of_changed (key)
    WHERE key IS NOT NULL
)::text"""


class NearChanged:
    """The statement that finds them, for the keys of these blocks.

    theirs: the lists that it takes, each as SQL over `duplicate_row` with the changed clients.
    """

    def __init__(self, blocks: Iterable[Block], *, clients: str, aliases: str):
        self.theirs: list[str] = []
        by_gate: dict[tuple[str, ...], list[Way]] = {}
        for way in ways_to_changed(blocks):
            gate = next(gate for gate in GATES if dict(way).keys() >= set(gate))
            by_gate.setdefault(gate, []).append(way)
        person = f"({PERSON.format(clients=clients)}) AS person"
        names = NAMES.format(what="person.*", union="UNION ALL", person=person, aliases=aliases)
        near = " OR ".join(self._behind(gate, by_gate[gate]) for gate in GATES if gate in by_gate)
        self.sql = NEAR.format(names=names, numbers=NUMBERS, sounds=SOUNDS, near=near)

    def _behind(self, gate: tuple[str, ...], ways: list[Way]) -> str:
        """Any of these ways, all of which have the columns of the gate."""
        passed = self._same(gate, {tuple(dict(way)[mine] for mine in gate) for way in ways})
        if any(len(way) == len(gate) for way in ways):
            return passed
        whole = (zip(*sorted(way), strict=True) for way in ways)
        ways_in = " OR ".join(self._same(mine, [theirs]) for mine, theirs in whole)
        return f"({passed} AND ({ways_in}))"

    def _same(self, mine: Iterable[str], theirs: Iterable[Iterable[str]]) -> str:
        keys = ", ".join(f"({_one_key(columns)})" for columns in theirs)
        self.theirs.append(THEIRS.format(keys=keys))
        return f"{_one_key(DERIVED.get(column, column) for column in mine)} = ANY(%s)"


def _one_key(columns: Iterable[str]) -> str:
    """NULL where one is."""
    return " || ' ' || ".join(columns)
