"""The locks of a household: its clients, then its enrollments (docs/locks.md, ADR 26)."""

from collections.abc import Iterable

from clients.locks import lock_clients
from clients.models import Client
from enrollments.models import Enrollment


def lock_households(client_ids: Iterable[int]) -> None:
    """Let other writers of these clients, and of all who share a household with them, wait.

    A client who is merged away while the lock is waited for is followed.
    """
    wanted = set(client_ids)
    locked: set[int] = set()
    while not (ids := _together(wanted)) <= locked:
        lock_clients(ids | locked)
        locked |= ids


def _together(client_ids: set[int]) -> set[int]:
    survivors = Client.with_deleted.filter(pk__in=client_ids).values_list("merged_into", flat=True)
    people = client_ids | {pk for pk in survivors if pk is not None}
    households = Enrollment.with_deleted.filter(client__in=people).values("household")
    members = Enrollment.with_deleted.filter(household__in=households)
    return people | set(members.values_list("client", flat=True))
