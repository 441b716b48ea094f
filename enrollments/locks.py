"""The locks of a household: its clients, then its enrollments (docs/locks.md, ADR 26)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from clients.locks import lock_clients_of, lock_found
from enrollments.models import Enrollment
from records.conflicts import concurrent_change

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
    return lock_found(lambda: _together(wanted), locked=locked)


GIVEN_BACK = concurrent_change("undid the merge of this client", "Look at both clients.")


def lock_enrollments(
    enrollments: Iterable[Enrollment], *, refusal: str = GIVEN_BACK
) -> list[Enrollment]:
    """These enrollments as they are now, deleted ones too, locked with their households.

    Args:
        enrollments: as the user saw them.
        refusal: the sentence where the undo of a merge gave one back to a client who was brought
            back, and whom nobody has locked.

    Raises:
        ValidationError: with the refusal.
    """
    clients = {one.pk: one.client_id for one in enrollments}
    locked = lock_households(clients.values())
    rows = list(Enrollment.with_deleted.filter(pk__in=clients).locked())
    if not locked.issuperset(row.client_id for row in rows):
        raise ValidationError(refusal, code="stale")
    return rows


def lock_members(
    members: Iterable[Enrollment], *, seen: Callable[[Enrollment], Any], refusal: str
) -> list[Enrollment]:
    """The enrollments of some members of a household as they are now, locked with the household.

    Args:
        members: as the user saw them.
        seen: what of each nobody else may have changed since.
        refusal: the sentence where somebody did, or deleted one, or `lock_enrollments` refuses.

    Raises:
        ValidationError: with the refusal.
    """
    members = list(members)
    before = {one.pk: seen(one) for one in members}
    rows = lock_enrollments(members, refusal=refusal)
    if any(row.date_deleted for row in rows) or {row.pk: seen(row) for row in rows} != before:
        raise ValidationError(refusal, code="stale")
    return rows


def _together(wanted: dict[str, list[int]]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, wanted)
        return {pk for (pk,) in cursor.fetchall()}
