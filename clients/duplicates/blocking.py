"""Which pairs are worth weighing: those that share one of some keys, joined by PostgreSQL.

A million clients are half a million million pairs. Two records of one person nearly always agree in
at least one of these keys; what they bring is weighed in Python afterwards.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Self

from django.db import connections

from clients.duplicates.rows import NUMBERS, ROWS, SOUND
from clients.models import Client, ClientAlias, PossibleDuplicate

LARGEST_BLOCK = 100  # rows that share a key, above which it says too little: 5,000 pairs

FIRST_ALIKE = """(levenshtein_less_equal(one.first, two.first, 2) <= 2
    OR starts_with(one.first, two.first) OR starts_with(two.first, one.first))"""
LAST_ALIKE = "levenshtein_less_equal(one.last, two.last, 2) <= 2"
BOTH_ALIKE = f"{FIRST_ALIKE} AND {LAST_ALIKE}"
CROSSED_ALIKE = """(levenshtein_less_equal(one.first, two.last, 2) <= 2
    AND levenshtein_less_equal(one.last, two.first, 2) <= 2)"""
NO_GENERATION = "(abs(one.year - two.year) <= 13 OR abs(one.year - two.year) > 50)"


class Block(NamedTuple):
    """Columns that both clients have the same; `other` where the second has them elsewhere."""

    columns: str
    other: str = ""
    only: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        mine = self.columns.split()
        return list(zip(mine, self.other.split() or mine, strict=True))


BLOCKS = (
    Block("ssn_hash"),
    Block("last4 last_sound"),
    Block("last4 first_sound"),
    Block("last4 first_sound", "last4 last_sound"),
    Block("last4 dob"),
    Block("dob last_sound"),
    Block("dob first_sound"),
    Block("dob first_sound", "dob last_sound"),
    Block("dob last_sound", "turned last_sound"),
    Block("dob first_sound", "turned first_sound"),
    Block("dob first_letter last_letter", only=BOTH_ALIKE),
    Block("dob first_letter last_letter", "dob last_letter first_letter", CROSSED_ALIKE),
    Block("dob zip", only=f"({FIRST_ALIKE} OR {LAST_ALIKE})"),
    Block("dob number"),
    Block("dob road"),
    Block("last_sound first_sound year"),
    Block("last_sound first_sound birthday"),
    Block(
        "last_sound first_sound zip",
        only=f"(one.dob IS NULL OR two.dob IS NULL OR {NO_GENERATION})",
    ),
    Block("last_sound first_sound", only="(one.dob IS NULL OR two.dob IS NULL)"),
    Block("last_sound first_sound year", "first_sound last_sound year"),
    Block("last_sound first_sound zip", "first_sound last_sound zip"),
    Block("last_sound first_letter year month", only=FIRST_ALIKE),
    Block("last_sound first_letter birthday", only=f"{FIRST_ALIKE} AND {NO_GENERATION}"),
    Block("first_sound last_letter year month", only=LAST_ALIKE),
    Block("first_sound last_letter birthday", only=f"{LAST_ALIKE} AND {NO_GENERATION}"),
    Block("rough_year last_sound first_letter", "year last_sound first_letter", FIRST_ALIKE),
    Block("year last_sound first_letter", "rough_year last_sound first_letter", FIRST_ALIKE),
    Block("rough_year first_sound last_letter", "year first_sound last_letter", LAST_ALIKE),
    Block("year first_sound last_letter", "rough_year first_sound last_letter", LAST_ALIKE),
    Block("street first_sound"),
    Block("street first_letter last_letter", only=BOTH_ALIKE),
    Block("street first_sound", "street last_sound"),
    Block("number first_sound last_letter", only=LAST_ALIKE),
    Block("number last_sound first_letter", only=FIRST_ALIKE),
    Block("road first_sound last_letter", only=LAST_ALIKE),
    Block("road last_sound first_letter", only=FIRST_ALIKE),
    Block("road first_sound", "road last_sound"),
    Block("phone first_sound"),
    Block("phone last_sound first_letter"),
    Block("email"),
)

OVERSIZED = """
CREATE TEMPORARY TABLE duplicate_oversized AS
SELECT {columns}, count(*) AS rows FROM duplicate_row WHERE {known}
GROUP BY {columns} HAVING count(*) > %s
"""
# Of all clients: most keys are one client's alone, and their rows are left out before the join.
SHARED = """
CREATE TEMPORARY TABLE duplicate_shared AS
SELECT {columns}, count(*) AS rows FROM duplicate_row WHERE {known}
GROUP BY {columns} HAVING count(*) > 1
"""
JOIN_SHARED = """
INSERT INTO duplicate_found
WITH block AS MATERIALIZED (
    SELECT id, first, last, {named}
    FROM duplicate_row AS known JOIN duplicate_shared AS shared ON {whole}
    WHERE shared.rows <= %s
)
SELECT one.id, two.id FROM block one JOIN block two ON {same} WHERE one.id < two.id
"""
# Each pair of which at least one is new once: by the new one, the lower one where both are.
JOIN = """
INSERT INTO duplicate_found
SELECT least(one.id, two.id), greatest(one.id, two.id)
FROM duplicate_row one JOIN duplicate_row two ON {same}
WHERE one.is_new AND one.id <> two.id AND (NOT two.is_new OR one.id < two.id)
"""
KNOWN = """
INSERT INTO duplicate_found
SELECT client_1_id, client_2_id FROM {pairs}
WHERE decision = 'open'
    AND EXISTS (SELECT FROM duplicate_row WHERE id = client_1_id)
    AND EXISTS (SELECT FROM duplicate_row WHERE id = client_2_id)
    AND (%s::timestamptz IS NULL
        OR client_1_id IN (SELECT id FROM duplicate_row WHERE is_new)
        OR client_2_id IN (SELECT id FROM duplicate_row WHERE is_new))
"""
TABLES = (
    *("duplicate_row", "duplicate_found", "duplicate_pair"),
    *("duplicate_oversized", "duplicate_shared"),
)
# The joins are of equal keys, nearly all of which are met once: hashes beat sorted text, and the
# planner thinks otherwise.
PLANS = {"work_mem": "128MB", "enable_mergejoin": "off"}
ONLY_HASHES = {"enable_nestloop": "off"}  # where all is compared with all


class Pairs:
    """The pairs of one part of a search, in temporary tables of this connection.

    since: only pairs of which one client was changed after that; None for all.
    part, parts: which share of the blocks; the same pair may come in two parts.
    """

    def __init__(self, since: datetime | None, part: int = 0, parts: int = 1):
        self.since = since
        self.blocks = BLOCKS[part::parts]
        self.has_listed = part == 0
        # Rows whose key too many share, by the key's columns.
        self.oversized_blocks: dict[str, int] = {}
        self.clients = self.count = 0

    def __enter__(self) -> Self:
        self.cursor = connections[Client.objects.db].cursor()
        self._drop()
        for setting in (PLANS if self.since else PLANS | ONLY_HASHES).items():
            self.cursor.execute("SELECT set_config(%s, %s, false)", setting)
        self.cursor.execute(
            ROWS.format(
                numbers=NUMBERS,
                clients=Client._meta.db_table,
                aliases=ClientAlias._meta.db_table,
                versions=Client.pgh_event_model._meta.db_table,  # type: ignore[attr-defined]
                largest=LARGEST_BLOCK,
                first=SOUND.format("first"),
                last=SOUND.format("last"),
            ),
            [self.since, self.since, self.since],
        )
        self.cursor.execute("ANALYZE duplicate_row")
        self.cursor.execute("SELECT count(DISTINCT id) FROM duplicate_row WHERE is_new")
        (self.clients,) = self.cursor.fetchone()
        self.cursor.execute("CREATE TEMPORARY TABLE duplicate_found (one bigint, two bigint)")
        for block in self.blocks:
            self._join(block)
        if self.has_listed:
            pairs = PossibleDuplicate._meta.db_table
            self.cursor.execute(KNOWN.format(pairs=pairs), [self.since])
        self.cursor.execute(
            "CREATE TEMPORARY TABLE duplicate_pair AS"
            " SELECT DISTINCT one, two FROM duplicate_found ORDER BY one, two"
        )
        self.count = self.cursor.rowcount
        self.cursor.execute("CREATE INDEX ON duplicate_pair (one, two)")
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()
        for name in PLANS | ONLY_HASHES:
            self.cursor.execute(f"RESET {name}")
        self.cursor.close()

    def _drop(self) -> None:
        self.cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")

    def _join(self, block: Block) -> None:
        if self.since is None and not block.other:
            self._join_shared(block)
            return
        same = [f"one.{mine} = two.{theirs}" for mine, theirs in block.pairs]
        # The hash is of rows that have the key: few have a rough year.
        same += [f"two.{theirs} IS NOT NULL" for _, theirs in block.pairs]
        same += [f"one.{mine} IS NOT NULL" for mine, _ in block.pairs]
        if self.since is None and (alike := self._oversized(block)):
            same.append(f"NOT EXISTS (SELECT FROM duplicate_oversized large WHERE {alike})")
        same += [block.only] if block.only else []
        self.cursor.execute(JOIN.format(same=" AND ".join(same)))
        self.cursor.execute("DROP TABLE IF EXISTS duplicate_oversized")

    def _join_shared(self, block: Block) -> None:
        """The same for all clients and one key: each of its rows is read twice, not four times."""
        columns = block.columns.split()
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        self.cursor.execute(SHARED.format(columns=", ".join(columns), known=known))
        self.cursor.execute("ANALYZE duplicate_shared")
        self.cursor.execute(
            "SELECT sum(rows)::bigint FROM duplicate_shared WHERE rows > %s", [LARGEST_BLOCK]
        )
        if rows := self.cursor.fetchone()[0]:
            self.oversized_blocks[block.columns] = rows
        same = [f"one.{column} = two.{column}" for column in columns]
        self.cursor.execute(
            JOIN_SHARED.format(
                named=", ".join(f"known.{c}" for c in dict.fromkeys([*columns, "dob", "year"])),
                whole=" AND ".join(f"known.{column} = shared.{column}" for column in columns),
                same=" AND ".join([*same, block.only] if block.only else same),
            ),
            [LARGEST_BLOCK],
        )
        self.cursor.execute("DROP TABLE duplicate_shared")

    def _oversized(self, block: Block) -> str:
        """Note the keys that too many share; return the condition that the second's is one."""
        theirs = [column for _, column in block.pairs]
        self.cursor.execute(
            OVERSIZED.format(
                columns=", ".join(theirs),
                known=" AND ".join(f"{column} IS NOT NULL" for column in theirs),
            ),
            [LARGEST_BLOCK],
        )
        if not self.cursor.rowcount:
            return ""
        self.cursor.execute("SELECT sum(rows)::bigint FROM duplicate_oversized")
        (self.oversized_blocks[block.other or block.columns],) = self.cursor.fetchone()
        return " AND ".join(f"two.{column} = large.{column}" for column in theirs)

    def chunks(self, size: int) -> Iterator[list[tuple[int, int]]]:
        """The pairs in their order, so many at a time."""
        last = (0, 0)
        while True:
            self.cursor.execute(
                "SELECT one, two FROM duplicate_pair WHERE (one, two) > (%s, %s)"
                " ORDER BY one, two LIMIT %s",
                [*last, size],
            )
            pairs = self.cursor.fetchall()
            if not pairs:
                return
            yield pairs
            last = pairs[-1]
