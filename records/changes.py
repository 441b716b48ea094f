"""What changed since an earlier look, by the history that triggers write of every change."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connections, models

# Between the moment that a transaction takes for its time and the one in which others see it.
MARGIN = timedelta(seconds=5)
OLDEST = """
SELECT least(now(), min(xact_start)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
"""


def next_look(using: str) -> datetime:
    """The moment from which the look after this one has to ask; call it before looking.

    A version carries the time at which its transaction began. What this look does not see yet is
    written by a transaction that is under way, the oldest of which is asked for, or by a later one:
    nothing that commits late is missed, however long its transaction takes.

    Transactions of other database roles, such as those of `migrate`, do not show their beginning to
    the server's role.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(OLDEST)
        return cursor.fetchone()[0] - MARGIN


def versions_since(model: type[models.Model], moment: datetime) -> models.QuerySet[Any]:
    """What was written of these rows since a moment; the model is `tracked` with `by_time`."""
    return model.pgh_event_model.objects.filter(pgh_created_at__gte=moment)  # type: ignore[attr-defined]
