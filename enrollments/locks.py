"""The locks of a household: its clients, then its enrollments (docs/locks.md, ADR 26)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from clients.locks import lock_clients, lock_clients_of
from enrollments.models import Enrollment

# These clients, who remains of those merged away, and all who share a household with them.
TOGETHER = """
    WITH people AS (
        SELECT unnest(%(ids)s::bigint[]) AS id
        UNION SELECT merged_into_id FROM clients_client WHERE id = ANY(%(ids)s)
    )
    SELECT id FROM people WHERE id IS NOT NULL
    UNION SELECT theirs.client_id
        FROM enrollments_enrollment AS own
        JOIN enrollments_enrollment AS theirs USING (household_id)
        WHERE own.client_id IN (SELECT id FROM people)"""


def lock_households(client_ids: Iterable[int]) -> set[int]:
    """Let other writers of these clients, and of all who share a household with them, wait.

    A client who is merged away while the lock is waited for is followed. Returns the IDs of all
    who are locked.
    """
    wanted = {"ids": sorted(set(client_ids))}
    locked = lock_clients_of(TOGETHER, wanted)
    while not (ids := _together(wanted)) <= locked:
        lock_clients(ids | locked)
        locked |= ids
    return locked


def lock_members(
    members: Iterable[Enrollment], *, seen: Callable[[Enrollment], Any], refusal: str
) -> list[Enrollment]:
    """The enrollments of some members of a household as they are now, locked with the household.

    Args:
        members: as the user saw them.
        seen: what of each nobody else may have changed since.
        refusal: the sentence where somebody did, or deleted one, or gave it back to the client
            whom the undo of a merge brought back.

    Raises:
        ValidationError: with the refusal.
    """
    members = list(members)
    before = {one.pk: seen(one) for one in members}
    locked = lock_households(one.client_id for one in members)
    rows = list(Enrollment.objects.locked().filter(pk__in=before))
    is_changed = {row.pk: seen(row) for row in rows} != before
    if is_changed or not locked.issuperset(row.client_id for row in rows):
        raise ValidationError(refusal, code="stale")
    return rows


def concurrent_change(what: str, then: str) -> str:
    """The sentence that refuses what somebody else changed first: what, and what to do then."""
    return f"Somebody else {what} meanwhile. {then}"


def _together(wanted: dict[str, list[int]]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, wanted)
        return {pk for (pk,) in cursor.fetchall()}
