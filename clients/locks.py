"""The first lock of every write about a client (docs/locks.md, ADR 26)."""

from collections.abc import Iterable

from django.db import connection, transaction

ALONE = "SELECT id FROM clients_client WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
SHARED = "SELECT id FROM clients_client WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"


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
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Lock clients inside of a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(SHARED if shared else ALONE, [sorted(set(client_ids))])
