"""Who shares a key with one of few changed clients, found by one look at everybody.

The keys of a million clients take seconds to make and to keep. Here nearly all clients are left out
by what is quickly made of them, and by several processes of PostgreSQL at once: these read no
temporary tables, so the keys of the changed clients stand in the statement, as lists of hashes: no
log of statements has a name or a telephone by them. What two keys share by chance the joins tell
apart.
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
COLUMNS = "person.id, ssn_hash, ssn_last4_hash, dob, dob_data_quality, zip, address1, phone, email"
# What changes from call to call keeps PostgreSQL from making a key again wherever it is asked for;
# a limit would too, but in one process alone.
NEAR = """
CREATE TEMPORARY TABLE {table} AS
SELECT id FROM (
    SELECT id, first, last, {numbers}, {sounds}, clock_timestamp() AS made_at
    FROM ({names}) AS named
) AS somebody WHERE made_at IS NULL OR {near}
"""
NEAR_TABLES = ("duplicate_near_legal", "duplicate_near_part", "duplicate_near_alias")
THEIRS = """ARRAY(
    SELECT DISTINCT key FROM duplicate_row CROSS JOIN LATERAL (VALUES {keys}) AS of_changed (key)
    WHERE key IS NOT NULL
)::text"""


class NearChanged:
    """The statements that find them, for the keys of these blocks.

    theirs: the lists that each takes, as SQL over `duplicate_row` with the changed clients.
    """

    def __init__(self, blocks: Iterable[Block], *, clients: str, aliases: str):
        self.theirs: list[str] = []
        by_gate: dict[tuple[str, ...], list[Way]] = {}
        for way in ways_to_changed(blocks):
            gate = next(gate for gate in GATES if dict(way).keys() >= set(gate))
            by_gate.setdefault(gate, []).append(way)
        person = f"({PERSON.format(clients=clients)}) AS person"
        near = " OR ".join(self._behind(gate, by_gate[gate]) for gate in GATES if gate in by_gate)
        # A table each: only what makes one is read by several processes at once.
        self.statements = [
            NEAR.format(
                table=table,
                names=names.format(what=COLUMNS, person=person, aliases=aliases),
                numbers=NUMBERS,
                sounds=SOUNDS,
                near=near,
            )
            for table, names in zip(NEAR_TABLES, NAMES, strict=True)
        ]

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
        return f"{_one_key(DERIVED.get(column, column) for column in mine)} = ANY(%s::bigint[])"


def _one_key(columns: Iterable[str]) -> str:
    """The hash of some columns, as SQL; NULL where one is."""
    joined = " || ' ' || ".join(columns)
    return f"hashtextextended(({joined})::text, 0)"
