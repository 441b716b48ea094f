"""Whoever died needs no place in the queue: proposed to those who decide, never done by itself."""

from collections.abc import Iterable
from datetime import date

from agencies.models import User
from cas import upcoming
from cas.actions.telling import Matter, case_managers, lock, tell
from cas.mail.due import cas_administrators
from cas.models import Kind
from cas.subjects import of_death
from enrollments.models import CaseAssignment, Enrollment
from hud.choices import Destination


def propose_removals(*, clients: Iterable[int], on: date, by: User | None = None) -> list[User]:
    """Notify of clients in the queue whom an exit calls deceased; return those newly notified.

    What was proposed and is not called for any more is settled. Run in a transaction.

    Args:
        clients: their IDs.
        on: the day whose case managers are notified, with those whose work ended by that exit.
        by: who recorded it, and knows.
    """
    ids = sorted(set(clients))
    lock(ids)
    upcoming.removals_to_settle().filter(client__in=ids).settle()
    queued = upcoming.queued_after_death().filter(pk__in=ids).values_list("pk", flat=True)
    return tell(
        (_matter(client_id), user)
        for client_id in queued
        for user in _who_decides(client_id, on)
        if user != by
    )


def _matter(client_id: int) -> Matter:
    exits = Enrollment.objects.deceased().filter(client=client_id)
    return Matter(Kind.PROPOSED, of_death(client_id), client_id, about=exits)


def _who_decides(client_id: int, on: date) -> list[User]:
    ended = CaseAssignment.objects.filter(
        client=client_id, enrollment__destination=Destination.DECEASED, ends_on__isnull=False
    ).select_related("case_manager")
    users = [*case_managers(client_id, on), *(row.case_manager for row in ended)]
    users += cas_administrators()
    return [user for user in dict.fromkeys(users) if user.is_active]
