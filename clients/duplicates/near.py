"""Who shares a key with one of few changed clients, found by one look at everybody's stored keys.

Nearly all are left out by the first of these. Several processes of PostgreSQL look at once: they
read no temporary tables, so the keys of the changed clients stand in the statement, as lists of
hashes. What two keys share by chance the joins tell apart.
"""

from collections.abc import Iterable
from typing import NamedTuple

from clients.duplicates.blocks import Block, Way, ways_to_changed
from clients.duplicates.keys import KEYS
from clients.duplicates.rows import DERIVED

MOST_CHANGED = 20_000  # above, such lists are no gain: everybody is compared
Gate = tuple[str, ...]
# What is asked first: every way has the columns of one of these.
GATES: list[Gate] = [
    *((one,) for one in ("ssn_hash", "email", "phone", "street", "dob", "last4", "road")),
    *(
        ("last_sound", "first_letter"),
        ("first_sound", "last_letter"),
        ("last_sound", "first_sound"),
    ),
]
NEAR = f"""
CREATE TEMPORARY TABLE duplicate_near AS SELECT client_id AS id FROM {KEYS} WHERE {{near}}
"""  # noqa: S608
THEIRS = """ARRAY(
    SELECT DISTINCT key FROM duplicate_row CROSS JOIN LATERAL (VALUES {keys}) AS of_changed (key)
    WHERE key IS NOT NULL
)::text"""
DAYS = {"dob", "turned"}


class Near(NamedTuple):
    """A statement that makes a table, and the lists that it takes, as SQL over `duplicate_row`."""

    statement: str
    theirs: list[str]


def near_changed(blocks: Iterable[Block]) -> Near:
    """Return the statement that finds them by the keys of these blocks, with its lists."""
    by_gate: dict[Gate, list[Way]] = {}
    for way in ways_to_changed(blocks):
        gate = next(gate for gate in GATES if dict(way).keys() >= set(gate))
        by_gate.setdefault(gate, []).append(way)
    theirs: list[str] = []
    near = [_behind(gate, by_gate[gate], theirs) for gate in GATES if gate in by_gate]
    return Near(NEAR.format(near=" OR ".join(near) or "false"), theirs)


def _behind(gate: Gate, ways: list[Way], theirs: list[str]) -> str:
    """Any of these ways behind their gate; the lists of it are added."""
    of_gate = [_theirs([dict(way)[column] for column in gate]) for way in ways]
    passed = _one_of(_mine(gate), of_gate, theirs)
    if any(len(way) == len(gate) for way in ways):
        return passed
    ways_in: dict[Gate, list[str]] = {}
    for way in ways:
        columns, same = zip(*sorted(way), strict=True)
        ways_in.setdefault(columns, []).append(_theirs(same))
    rest = " OR ".join(_one_of(_mine(mine), keys, theirs) for mine, keys in ways_in.items())
    return f"({passed} AND ({rest}))"


def _one_of(key: str, keys: Iterable[str], theirs: list[str]) -> str:
    values = ", ".join(f"({one})" for one in dict.fromkeys(keys))
    theirs.append(THEIRS.format(keys=values))
    return f"{key} = ANY(%s::bigint[])"


def _mine(columns: Iterable[str]) -> str:
    return _hash((column, DERIVED.get(column, column)) for column in columns)


def _theirs(columns: Iterable[str]) -> str:
    return _hash((column, column) for column in columns)


def _hash(columns: Iterable[tuple[str, str]]) -> str:
    """The hash of some columns, each by its name and as SQL; NULL where one is."""
    key = "0"
    for column, sql in columns:
        value = f"({sql}) - date '2000-01-01'" if column in DAYS else sql
        key = f"hashint4extended({value}, {key})"
    return key
