"""The stored keys of every client, by which a search of the changed finds whom they may meet.

What is kept of clients who are no longer as it says does no harm: the rows that are joined are made
of the clients themselves. What is missing would, so that it is known whether everybody's are there.
"""

import hashlib

from django.db import connections, transaction

from clients.duplicates.rows import ADDRESSES, KEPT, NAMES, ROWS
from clients.models import Client, DuplicateKey, DuplicateSearch

KEYS = DuplicateKey._meta.db_table
COLUMNS = ", ".join(KEPT)
# Most are as they were: to write a million again would leave as many dead rows.
FORGET = f"""
DELETE FROM {KEYS} AS stored WHERE {{of}} AND NOT EXISTS (
    SELECT FROM duplicate_row AS made WHERE id = client_id AND made.name = stored.name
        AND ({", ".join(f"made.{one}" for one in KEPT)})
            IS NOT DISTINCT FROM ({", ".join(f"stored.{one}" for one in KEPT)})
)
"""  # noqa: S608
KEEP = f"""
INSERT INTO {KEYS} (client_id, {COLUMNS})
SELECT client_id, {COLUMNS} FROM (SELECT *, id AS client_id FROM duplicate_row) AS made WHERE {{of}}
ORDER BY client_id, name ON CONFLICT DO NOTHING
"""  # noqa: S608
# Whoever was erased since the rows were made.
LEAVE_ERASED = f"""
DELETE FROM duplicate_row AS made USING {Client._meta.db_table} AS client
WHERE client.id = made.id AND client.erased_at IS NOT NULL
"""  # noqa: S608
LOCK = 0x6B657973  # "keys": any number of ours; what a search writes of clients


def version() -> str:
    """What the stored keys were made by: other SQL or another PostgreSQL hashes otherwise."""
    server = connections[Client.objects.db].pg_version // 10_000  # type: ignore[attr-defined]
    made_by = repr((ADDRESSES, NAMES, ROWS, server))
    return hashlib.sha256(made_by.encode()).hexdigest()[:32]


def are_complete(last: DuplicateSearch) -> bool:
    """Whether every client's keys are there as the last search left them.

    A database restored without them has none.
    """
    return last.keys_version == version() and DuplicateKey.objects.exists()


def keep(of: str) -> None:
    """Have the stored keys be those of `duplicate_row`.

    of: of which clients that has the rows, as SQL over `client_id`.
    """
    database = Client.objects.db
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        let_erasures_wait()
        cursor.execute(LEAVE_ERASED)
        cursor.execute(FORGET.format(of=of))
        cursor.execute(KEEP.format(of=of))


def let_erasures_wait() -> None:
    """For a search, before it reads who was erased: nobody is until its transaction ends."""
    with connections[Client.objects.db].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def wait_for_searches() -> None:
    """For an erasure, before it reads what there is: no search adds keys or pairs until its end.

    A search that is writing some is waited for.
    """
    with connections[DuplicateKey.objects.db].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
