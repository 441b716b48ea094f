"""Answers of the clients of a bench about sharing: `python -m tests.bench.releases`, once.

Of ten clients five released everything to every agency and one to a single agency, one refused,
one's release has ended, and two were never asked: the same at every size.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
if __name__ == "__main__":
    django.setup()

from django.db import connection
from django.utils import timezone

from agencies.models import Organization
from clients.models import Client, Release
from tests.bench.copying import copy_rows, unhindered, write_history
from tests.bench.sharing import FOR_ONE

COLUMNS = """
client_id organization_id covers_id kind answered_on begins_on ends_on created_by_id witness_id
date_created
"""
REFUSED, ENDED = 6, 7  # as FOR_ONE, by the last digit of the Client ID


def rows(today: date) -> Iterator[tuple]:
    """The answers of all clients, as `COLUMNS` has them."""
    agencies = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    clients = Client.objects.order_by("pk").values_list("pk", "organization_id", "created_by_id")
    for client, agency, by in clients:
        kind = client % 10
        if kind > ENDED:
            continue
        begin = today - timedelta(days=30 + client % 300)
        end = begin + timedelta(days=365) if client % 2 else None
        if kind == ENDED:
            end = today - timedelta(days=1 + client % 25)
        elif kind == REFUSED:
            end = None
        yield (
            *(client, agency, agencies[client % len(agencies)] if kind == FOR_ONE else None),
            *("refused" if kind == REFUSED else "verbal", begin, begin, end, by, by),
            datetime.combine(begin, time(15), UTC),
        )


def write(today: date) -> None:
    answers = list(rows(today))  # nothing can be read while rows are copied
    copy_rows(Release, COLUMNS, answers)


def main() -> None:
    """Past indexes and triggers (superuser); nothing where there are answers already."""
    if Release.objects.exists():
        return
    tables = [model._meta.db_table for model in (Release, Release.pgh_event_models["insert"])]
    with unhindered(tables):
        write(timezone.localdate())
        write_history(Release)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE, FREEZE) {table}")


if __name__ == "__main__":
    main()
