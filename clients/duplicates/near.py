"""Who shares a key with one of few changed clients, found by one look at everybody.

The keys of a million clients take seconds to make and to keep. Here nearly all clients are left out
by what is quickly made of them, and by several processes of PostgreSQL at once: these read no
temporary tables, so the keys of the changed clients stand in the statement, as lists of hashes: no
log of statements has a name or a telephone by them. What two keys share by chance the joins tell
apart.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from clients.duplicates.blocks import Block, Way, ways_to_changed
from clients.duplicates.rows import CONTACT, DERIVED, IDENTITY, NAMES, PERSON, SOUNDS

MOST_CHANGED = 20_000  # above, such lists are no gain: everybody is compared
Gate = tuple[str, ...]
# What is asked first, of what is cheap to make: every way has the columns of one of these, or is of
# one of their addresses.
GATES: list[Gate] = [(one,) for one in ("ssn_hash", "email", "phone", "dob", "last4")]
GATES += [("last_sound", one) for one in ("first_sound", "first_letter")]
GATES += [("first_sound", "last_letter")]
OF_ADDRESS = ("address1",)
COLUMNS = "person.id, ssn_hash, ssn_last4_hash, dob, dob_data_quality, zip, address1, phone, email"
# What changes from call to call keeps PostgreSQL from making a key again wherever it is asked for;
# a limit would too, but in one process alone.
NEAR = """
CREATE TEMPORARY TABLE {table} AS
SELECT id FROM (
    SELECT sounding.*, {gates}clock_timestamp() AS hashed_at
    FROM (
        SELECT id, first, last, zip, address1, phone, email, {identity}, {sounds},
            clock_timestamp() AS made_at
        FROM ({names}) AS named
    ) AS sounding
) AS somebody WHERE hashed_at IS NULL OR {near}
"""
NEAR_TABLES = ("duplicate_near_legal", "duplicate_near_part", "duplicate_near_alias")
# As they are written: each address is brought into the form of a key once, not for each client.
NEAR_ADDRESSES = """
CREATE TEMPORARY TABLE duplicate_near_address AS
SELECT hashtextextended(address1, 0) AS key FROM duplicate_address
WHERE street IN (SELECT street FROM duplicate_row) OR road IN (SELECT road FROM duplicate_row)
"""
THEIR_ADDRESSES = "ARRAY(SELECT key FROM duplicate_near_address)::text"
THEIRS = """ARRAY(
    SELECT DISTINCT key FROM duplicate_row CROSS JOIN LATERAL (VALUES {keys}) AS of_changed (key)
    WHERE key IS NOT NULL
)::text"""
# What a name has otherwise than the legal name, by which all else is found; the rest of it is met.
OTHER_LAST = frozenset({"last_sound", "last_letter"})
OTHER_NAMES = (frozenset[str](), OTHER_LAST, OTHER_LAST | {"first_sound", "first_letter"})
# What is made where it is asked for, of few.
LATE = DERIVED | CONTACT | {"road": DERIVED["road"].replace("street", CONTACT["street"])}
DAYS = {"dob", "turned"}


class Near(NamedTuple):
    """A statement that makes a table, and the lists that it takes, as SQL over `duplicate_row`."""

    statement: str
    theirs: list[str]


def near_changed(blocks: Iterable[Block], *, clients: str, aliases: str) -> Iterator[Near]:
    """How they are found, for the keys of these blocks: by each kind of name in a table.

    Only what makes a table is read by several processes at once.
    """
    ways, person = ways_to_changed(blocks), f"({PERSON.format(clients=clients)}) AS person"
    for table, names, other in zip(NEAR_TABLES, NAMES, OTHER_NAMES, strict=True):
        by_gate: dict[Gate, list[Way]] = {}
        for way in ways:
            mine = dict(way).keys()
            if not other or mine & other:
                gate = next((gate for gate in GATES if mine >= set(gate)), OF_ADDRESS)
                by_gate.setdefault(gate, []).append(way)
        theirs: list[str] = []
        statement = NEAR.format(
            table=table,
            names=names.format(what=COLUMNS, person=person, aliases=aliases),
            identity=IDENTITY,
            sounds=SOUNDS,
            gates="".join(f"{_mine(gate)} AS {_name(gate)}, " for gate in by_gate),
            near=" OR ".join(
                _behind(gate, by_gate[gate], theirs)
                for gate in (*GATES, OF_ADDRESS)
                if gate in by_gate
            )
            or "false",
        )
        yield Near(statement, theirs)


def _behind(gate: Gate, ways: list[Way], theirs: list[str]) -> str:
    """Any of these ways behind their gate; the lists of it are added."""
    if gate == OF_ADDRESS:
        theirs.append(THEIR_ADDRESSES)
        passed = f"{_name(gate)} = ANY(%s::bigint[])"
        first = [("0", "0")] * len(ways)
    else:
        of_gate = [_theirs(dict(way)[column] for column in gate) for way in ways]
        passed = _one_of(_name(gate), of_gate, theirs)
        if any(len(way) == len(gate) for way in ways):
            return passed
        first = [(_name(gate), one) for one in of_gate]
    ways_in = []
    for way, (mine, its) in zip(ways, first, strict=True):
        rest = sorted(pair for pair in way if pair[0] not in gate)
        key = _mine((column for column, _ in rest), mine)
        ways_in.append(_one_of(key, [_theirs((column for _, column in rest), its)], theirs))
    return f"({passed} AND ({' OR '.join(ways_in)}))"


def _one_of(key: str, keys: list[str], theirs: list[str]) -> str:
    values = ", ".join(f"({one})" for one in dict.fromkeys(keys))
    theirs.append(THEIRS.format(keys=values))
    return f"{key} = ANY(%s::bigint[])"


def _name(gate: Gate) -> str:
    return f"by_{'_'.join(gate)}"


def _mine(columns: Iterable[str], seed: str = "0") -> str:
    return _hash(((column, LATE.get(column, column)) for column in columns), seed)


def _theirs(columns: Iterable[str], seed: str = "0") -> str:
    return _hash(((column, column) for column in columns), seed)


def _hash(columns: Iterable[tuple[str, str]], seed: str) -> str:
    """The hash of some columns, each by its name and as SQL; NULL where one is."""
    for column, sql in columns:
        value = f"({sql}) - date '2000-01-01'" if column in DAYS else sql
        seed = f"hashtextextended(({value})::text, {seed})"
    return seed
