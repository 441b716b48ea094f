"""Which pairs are worth weighing: those that share one of some keys, joined by PostgreSQL.

A million clients are half a million million pairs. Two records of one person nearly always agree in
at least one of these keys; what they bring is weighed in Python afterwards.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Self

from django.db import connections

from clients.duplicates.blocks import BLOCKS, Block
from clients.duplicates.keys import KEYS, keep
from clients.duplicates.near import MOST_CHANGED, near_changed
from clients.duplicates.rows import ADDRESSES, CHANGED, LEAVE_SHELTERS, NAMES, ROWS, SHELTERS
from clients.models import Client, ClientAlias, PossibleDuplicate

LARGEST_BLOCK = 100  # rows that share a key, above which it says too little: 5,000 pairs

OVERSIZED = """
CREATE TEMPORARY TABLE duplicate_oversized AS
SELECT {columns}, count(*) AS rows FROM duplicate_row WHERE {known}
GROUP BY {columns} HAVING count(*) > %s
"""
# Of all clients: most keys are one client's alone, and their rows are left out before the join.
SHARED = """
CREATE TEMPORARY TABLE duplicate_shared AS
SELECT {columns}, count(*) AS rows FROM duplicate_row WHERE {known}
GROUP BY {columns} HAVING count(*) > 1{also}
"""
JOIN_SHARED = """
INSERT INTO duplicate_found
WITH block AS MATERIALIZED (
    SELECT id, is_new, first, last, {named}
    FROM duplicate_row AS known JOIN duplicate_shared AS shared ON {whole}
    WHERE shared.rows <= %s
)
SELECT one.id, two.id FROM block one JOIN block two ON {same} WHERE one.id < two.id
"""
JOIN = """
INSERT INTO duplicate_found
SELECT one.id, two.id FROM duplicate_row one JOIN duplicate_row two ON {same}
WHERE one.id < two.id
"""
ONE_IS_NEW = "(one.is_new OR two.is_new)"
KNOWN = """
INSERT INTO duplicate_found
SELECT client_1_id, client_2_id FROM {pairs}
WHERE decision = 'open'
    AND (SELECT count(*) FROM {clients} WHERE id IN (client_1_id, client_2_id)
        AND date_deleted IS NULL AND merged_into_id IS NULL) = 2
    AND (client_1_id IN (SELECT id FROM duplicate_row WHERE is_new)
        OR client_2_id IN (SELECT id FROM duplicate_row WHERE is_new))
"""
# Of few addresses, among everybody's: how many clients have each.
SHELTERS_OF_FEW = f"""
SELECT street FROM (SELECT DISTINCT street, client_id FROM {KEYS} WHERE street = ANY(%s)) AS address
GROUP BY street HAVING count(*) > %s
"""  # noqa: S608
TABLES = (
    *("duplicate_row", "duplicate_changed", "duplicate_near", "duplicate_address"),
    *("duplicate_found", "duplicate_pair", "duplicate_oversized", "duplicate_shared"),
)
CLIENTS, ALIASES = Client._meta.db_table, ClientAlias._meta.db_table
VERSIONS = Client.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
ALIAS_VERSIONS = ClientAlias.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
IS_CHANGED = "id IN (SELECT id FROM duplicate_changed)"
# Whose rows are not there yet; one list, whose clients are reached by their IDs.
IS_NEAR = "id IN (SELECT id FROM duplicate_near EXCEPT SELECT id FROM duplicate_changed)"
MADE, ADDED = "CREATE TEMPORARY TABLE duplicate_row AS", "INSERT INTO duplicate_row"
# The joins are of equal keys, nearly all of which are met once: hashes beat sorted text, and the
# planner thinks otherwise.
PLANS = {"work_mem": "128MB", "enable_mergejoin": "off", "jit": "off"}
# Where few are looked for: rows are read by their IDs, and more than one process counts addresses.
FOR_FEW = {"random_page_cost": "1.1", "parallel_tuple_cost": "0.01"}
ONLY_HASHES = {"enable_nestloop": "off"}  # but where the rows of few are made


class Pairs:
    """The pairs of one part of a search, in temporary tables of this connection.

    since: only pairs of which one client was changed after that; None for all.
    part, parts: which share of the blocks; the same pair may come in two parts.
    has_keys: whether everybody's keys are stored as they were then.
    """

    def __init__(
        self, since: datetime | None, part: int = 0, parts: int = 1, *, has_keys: bool = False
    ):
        self.since, self.part, self.parts, self.has_keys = since, part, parts, has_keys
        self.blocks = BLOCKS[part::parts]
        # Rows whose key too many share, by the key's columns.
        self.oversized_blocks: dict[str, int] = {}
        self.clients = self.count = 0

    def __enter__(self) -> Self:
        self.cursor = connections[Client.objects.db].cursor()
        self._drop()
        self._plan(PLANS)
        if self._are_few_changed():
            self._plan(FOR_FEW)
            self._make_rows_near_changed()
        else:
            self._plan(ONLY_HASHES)
            self._make_rows_of_all()
        self.cursor.execute("ANALYZE duplicate_row")
        self._plan(ONLY_HASHES)
        self.cursor.execute("SELECT count(DISTINCT id) FROM duplicate_row WHERE is_new")
        (self.clients,) = self.cursor.fetchone()
        self.cursor.execute("CREATE TEMPORARY TABLE duplicate_found (one bigint, two bigint)")
        for block in self.blocks:
            self._join(block)
        if self.part == 0:
            pairs = PossibleDuplicate._meta.db_table
            self.cursor.execute(KNOWN.format(pairs=pairs, clients=CLIENTS))
        self.cursor.execute(
            "CREATE TEMPORARY TABLE duplicate_pair AS"
            " SELECT DISTINCT one, two FROM duplicate_found ORDER BY one, two"
        )
        self.count = self.cursor.rowcount
        self.cursor.execute("CREATE INDEX ON duplicate_pair (one, two)")
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()
        for name in PLANS | FOR_FEW | ONLY_HASHES:
            self.cursor.execute(f"RESET {name}")
        self.cursor.close()

    def _plan(self, settings: dict[str, str]) -> None:
        for setting in settings.items():
            self.cursor.execute("SELECT set_config(%s, %s, false)", setting)

    def _drop(self) -> None:
        self.cursor.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")

    def _are_few_changed(self) -> bool:
        """Note who was changed; return whether they are few enough to look for whom they meet."""
        if not self.since:
            return False
        sql = CHANGED.format(versions=VERSIONS, alias_versions=ALIAS_VERSIONS)
        self.cursor.execute(sql, {"since": self.since})
        return self.has_keys and self.cursor.rowcount <= MOST_CHANGED

    def _make_rows_near_changed(self) -> None:
        """Rows of the changed clients, and then of whoever else shares a key with one."""
        self.cursor.execute("ANALYZE duplicate_changed")
        self._make_rows(of=IS_CHANGED, is_new="true")
        keep(of="client_id = ANY(ARRAY(SELECT id FROM duplicate_changed))")
        self._leave_shelters_of_few()
        near = near_changed(self.blocks)
        self.cursor.execute(f"SELECT {', '.join(near.theirs)}")
        self.cursor.execute(near.statement, self.cursor.fetchone())
        self.cursor.execute("ANALYZE duplicate_near")
        self.cursor.execute("DROP TABLE duplicate_address")
        self._make_rows(of=IS_NEAR, is_new="false", into=ADDED)
        self._leave_shelters_of_few()

    def _make_rows_of_all(self) -> None:
        self._make_rows(of="true", is_new=IS_CHANGED if self.since else "true")
        keep(of=f"client_id % {self.parts} = {self.part}")
        self.cursor.execute(LEAVE_SHELTERS.format(shelters=SHELTERS), [LARGEST_BLOCK])

    def _make_rows(self, *, of: str, is_new: str, into: str = MADE) -> None:
        self.cursor.execute(ADDRESSES.format(clients=CLIENTS, of=of))
        union = " UNION ".join(NAMES)
        names = union.format(what="person.id", person="person", aliases=ALIASES)
        rows = ROWS.format(clients=CLIENTS, names=names, of=of, is_new=is_new)
        self.cursor.execute(into + rows)

    def _leave_shelters_of_few(self) -> None:
        self.cursor.execute(
            "SELECT ARRAY(SELECT DISTINCT street FROM duplicate_row WHERE street IS NOT NULL)"
        )
        (streets,) = self.cursor.fetchone()
        self.cursor.execute(SHELTERS_OF_FEW, [streets, LARGEST_BLOCK])
        shelters = [street for (street,) in self.cursor.fetchall()]
        self.cursor.execute(LEAVE_SHELTERS.format(shelters="SELECT unnest(%s::int[])"), [shelters])

    def _join(self, block: Block) -> None:
        also = [block.only] * bool(block.only) + [ONE_IS_NEW] * bool(self.since)
        if not block.other:
            self._join_shared(block, also)
            return
        same = [f"one.{mine} = two.{theirs}" for mine, theirs in block.pairs]
        # The hash is of rows that have the key: few have a rough year.
        same += [f"two.{theirs} IS NOT NULL" for _, theirs in block.pairs]
        same += [f"one.{mine} IS NOT NULL" for mine, _ in block.pairs]
        if alike := self._oversized(block):
            same.append(f"NOT EXISTS (SELECT FROM duplicate_oversized large WHERE {alike})")
        self.cursor.execute(JOIN.format(same=" AND ".join(same + also)))
        self.cursor.execute("DROP TABLE IF EXISTS duplicate_oversized")

    def _join_shared(self, block: Block, also: list[str]) -> None:
        """The same where both have one key: each of its rows is read twice, not four times."""
        columns = block.columns.split()
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        of_changed = " AND bool_or(is_new)" if self.since else ""
        self.cursor.execute(SHARED.format(columns=", ".join(columns), known=known, also=of_changed))
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
                same=" AND ".join(same + also),
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
