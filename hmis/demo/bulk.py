"""Further clients in bulk, for measuring; written batch by batch, so that memory stays flat."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.core.management.base import CommandError
from django.db import connection, transaction

from agencies.models import Membership, Organization, User
from clients.models import Client
from hmis.demo.clients import Desks, save_unsigned
from hmis.demo.people import people
from hmis.demo.rng import Rng

BATCH = 10_000


def add_clients_in_bulk(*, count: int, seed: int | None = None, today: date) -> Iterator[int]:
    """Add clients to the agencies that there are; yields how many are written so far.

    Without a seed every run brings other people.
    Raises CommandError if no user works at an agency who could have opened the records.
    """
    if seed is None:
        seed = Client.with_deleted.order_by("-pk").values_list("pk", flat=True).first() or 0
    desks = Desks(staff(), Rng(seed), today, expected=count)
    filed = desks.file_people(people(seed, count, today=today))
    written = 0
    while batch := list(islice(filed, BATCH)):
        with transaction.atomic():
            save_unsigned(batch)
        written += len(batch)
        yield written
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # before anybody measures


def staff() -> dict[Organization, list[User]]:
    """The users of each agency, without those that only coordinate access."""
    rows = Membership.objects.filter(organization__is_cas=False).order_by("pk")
    users = defaultdict(list)
    for row in rows.select_related("organization", "user"):
        users[row.organization].append(row.user)
    if not users:
        raise CommandError("No user works at an agency yet: run `manage.py load_demo` first.")
    return dict(users)
