"""The first lock of every write about a client (docs/locks.md, ADR 26)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction

Params = Mapping[str, Any] | Sequence[Any]
LOCK = "SELECT id FROM clients_client WHERE id {} ORDER BY id FOR {}"


def lock_clients(client_ids: Iterable[int], *, shared: bool = False) -> None:
    """Let other writers of these clients wait until the transaction ends.

    Args:
        client_ids: all clients that the transaction writes about, at once: a second call with
            other clients later on would break the order.
        shared: wait for a merge only, beside other writers. For what touches no row that somebody
            else writes, such as a draft.

    Raises:
        TransactionManagementError: outside of a transaction, where a lock would hold nothing.
    """
    _lock("= ANY(%s)", [sorted(set(client_ids))], shared=shared)


def lock_clients_of(query: str, params: Params, *, shared: bool = False) -> set[int]:
    """The same, of the clients whose IDs a query gives; return those that are there.

    Args:
        query: SQL with placeholders for `params`.
    """
    return _lock(f"IN ({query})", params, shared=shared)


def lock_found(find: Callable[[], set[int]], *, locked: Iterable[int] = ()) -> set[int]:
    """Lock the clients that are found, until behind their locks nobody else is; return all.

    Who was merged, or came to a household, while the locks were waited for may have a lower ID than
    those that are locked. Of two who wait for one another PostgreSQL ends one, which runs again
    (`records.retries`).

    Args:
        find: reads whom the transaction writes about; asked again behind each lock.
        locked: those whom an earlier statement has locked.
    """
    held = set(locked)
    while not (wanted := find()) <= held:
        held |= wanted
        lock_clients(held)
    return held


def lock_client_of(
    row: Any, *, among: models.QuerySet[Any], fields: Iterable[str] | None = None
) -> None:
    """Lock the client of a row that was read before, and read the row again.

    Once more where a merge, or its undo, gave it to another client in between.

    Args:
        among: how the row is read, with a lock of its own where it needs one.
        fields: what of it is read again; all where it is None. The client is among them.
    """

    def whose() -> set[int]:
        row.refresh_from_db(fields=fields, from_queryset=among)
        return {row.client_id}

    lock_clients([row.client_id])
    lock_found(whose, locked=[row.client_id])


def _lock(which: str, params: Params, *, shared: bool) -> set[int]:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Lock clients inside of a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(which, "KEY SHARE" if shared else "NO KEY UPDATE"), params)
        return {pk for (pk,) in cursor.fetchall()}
