"""What nobody does but the calendar, and what is written on floors that do not know this one.

The command that runs from cron calls it as often as it likes: each matter is told once, and what is
not so any more is settled.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import transaction

from agencies.models import User
from cas import subjects, upcoming
from cas.actions.assignments import assignments_written
from cas.actions.deaths import propose_removals
from cas.actions.events import tell_of
from cas.actions.telling import Matter, tell_case_managers
from cas.models import Event, Kind
from clients.locks import lock_clients
from files.models import ClientFile
from records.retries import again_if_rolled_back


def notify_what_time_brings(*, on: date) -> int:
    """Write the notifications that a day brings: each client, each paper in its own transaction.

    Assignments that begin or end by their dates, papers that were verified, files about to expire,
    clients of whom nothing is recorded.

    Returns:
        How many users were told of something, assignments apart.
    """
    for rows in upcoming.outdated(on):
        rows.settle()
    for client_id in upcoming.clients_to_look_at(on):
        _once(client_id, partial(assignments_written, clients=[client_id], on=on))
    told = [_tell_of_events, _tell_of_checks, _tell_of_files, _tell_of_silences, _tell_of_deaths]
    return sum(tell(on) for tell in told)


def _tell_of_events(on: date) -> int:
    """What happened while nobody worked with the client, for who does by now."""
    return sum(_tell_of(event, on=on) for event in upcoming.events_to_tell(on))


def _tell_of_checks(on: date) -> int:
    """No paper is named and no list: what they are about is for CAS alone (7.5)."""
    return sum(
        _tell(
            Matter(Kind.DOCUMENTS_VERIFIED, subjects.of_check(check), check.client_id),
            on=on,
            but=check.created_by,
        )
        for check in upcoming.checks_to_tell(on).select_related("created_by")
    )


def _tell_of_files(on: date) -> int:
    return sum(
        _tell(
            Matter(
                Kind.DOCUMENTS_EXPIRING,
                subjects.of_file(file),
                file.client_id,
                about=ClientFile.objects.filter(pk=file.pk),
            ),
            on=on,
        )
        for file in upcoming.files_to_tell(on)
    )


def _tell_of_silences(on: date) -> int:
    rows = upcoming.silences_to_tell(on).values_list("pk", "since")
    return sum(
        _tell(Matter(Kind.INACTIVITY, subjects.of_silence(pk, since), pk), on=on)
        for pk, since in rows
    )


def _tell_of_deaths(on: date) -> int:
    """Of exits that were imported, or whose client came into the queue later."""
    rows = upcoming.queued_after_death().values_list("pk", flat=True)
    return sum(_once(pk, partial(propose_removals, clients=[pk], on=on)) for pk in rows)


def _tell_of(event: Event, *, on: date) -> int:
    return _once(event.client_id, lambda: tell_of(event, but=event.updated_by, on=on))


def _tell(matter: Matter, *, on: date, but: User | None = None) -> int:
    return _once(matter.client_id, lambda: tell_case_managers(matter, on=on, but=but))


def _once(client_id: int, tell: Callable[[], list[User] | None]) -> int:
    """In a transaction that a merge of the client waits for, and the other way round."""

    @transaction.atomic
    def told() -> list[User]:
        lock_clients([client_id], shared=True)
        return tell() or []

    return len(again_if_rolled_back(told))
