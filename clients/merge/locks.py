"""Both clients of a merge, kept for it alone until the transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from clients.models import Client

BUSY = (
    "Somebody is writing to one of these records at this moment. Nothing was changed. "
    "Try again in a moment."
)
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"


class Refused(Exception):  # noqa: N818 - a refusal is no failure of the program
    """It cannot be done as things are; `texts` say why, and what to do."""

    def __init__(self, *texts: str):
        super().__init__(*texts)
        self.texts = list(texts)


@contextmanager
def not_in_the_way() -> Iterator[None]:
    """Run in a transaction that gives way within a second to whoever writes to the records.

    PostgreSQL looks for deadlocks after a second, and would end whichever it finds first.

    Raises:
        Refused: when it had to give way.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '900ms'")
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in (LOCK_NOT_AVAILABLE, DEADLOCK):
            raise Refused(BUSY) from error
        raise


def lock(*client_ids: int) -> dict[int, Client]:
    """The clients by ID, locked in the order of their IDs.

    Whoever files something about one of them waits: the row's foreign key needs the client, and
    follows the merge then (clients.merge.triggers).
    """
    rows = Client.objects.select_related("organization").order_by("pk")
    return {one.pk: one for one in rows.select_for_update(of=("self",)).filter(pk__in=client_ids)}
