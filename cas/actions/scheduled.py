"""Notifications that only the calendar brings, or of records of packages that do not know this one.

The cron command calls it as often as it likes: each subject is notified once, and what is not so
any more is resolved.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from django.db import transaction

from agencies.models import User
from cas import pending
from cas.actions.assignments import assignments_written
from cas.actions.notify import Subject, notify_case_managers, notify_of_event, propose_removals
from cas.changes import Look
from cas.choices import Kind
from clients.locks import lock_clients
from clients.models import ClientRecord
from records.retries import again_if_rolled_back


def notify_scheduled(*, on: date) -> int:
    """Write the notifications that a day brings, each subject in its own transaction.

    The first run of a day looks at all clients, those after it at whom something was written of.

    Assignments that begin or end by their dates, events while nobody worked with the client,
    documents that were verified, files about to expire, releases of information that end or ended,
    clients of whom nothing is recorded, and deaths of clients in the queue.

    Returns:
        How many users were notified of something, assignments apart.
    """
    look = Look(on)
    count = 0 if look.among == [] else _notify_all(on, look.among)
    look.done()
    return count


def _notify_all(on: date, among: pending.Among) -> int:
    for rows in pending.outdated(on, among):
        rows.resolve()
    for pk in pending.clients_with_changed_assignments(on, among):
        _in_transaction(pk, partial(assignments_written, clients=[pk], on=on))
    count = 0
    for event in pending.events(on, among):
        write = partial(notify_of_event, event, but=event.updated_by, on=on)
        count += _in_transaction(event.client_id, write, row=event)
    for subject, row, but in _records(on, among):
        count += _notify(subject, on=on, row=row, but=but)
    for pk, key in pending.inactive_clients(on, among).values_list("pk", "key"):
        count += _notify(Subject(Kind.INACTIVITY, key, pk), on=on)
    for pk in pending.queued_after_death(among).values_list("pk", flat=True):
        count += _in_transaction(pk, partial(propose_removals, clients=[pk], on=on))
    return count


def _records(on: date, among: pending.Among) -> Iterator[tuple[Subject, ClientRecord, User | None]]:
    """Documents and releases of which somebody is to be notified, and who knows of them already."""
    for check in pending.document_checks(on, among):
        # No document is named and no list: what they are about is for CAS alone (7.5).
        subject = Subject(Kind.DOCUMENTS_VERIFIED, check.key, check.client_id)
        yield subject, check, check.created_by
    for kind, rows in (
        (Kind.DOCUMENTS_EXPIRING, pending.expiring_files(on, among)),
        (Kind.RELEASE_ENDING, pending.ending_releases(on, among)),
        (Kind.RELEASE_ENDED, pending.ended_releases(on, among)),
    ):
        for row in rows:
            about = type(row).objects.filter(pk=row.pk)
            yield Subject(kind, row.key, row.client_id, about), row, None


def _notify(
    subject: Subject, *, on: date, row: ClientRecord | None = None, but: User | None = None
) -> int:
    write = partial(notify_case_managers, subject, on=on, but=but)
    return _in_transaction(subject.client_id, write, row=row)


def _in_transaction(
    client_id: int, write: Callable[[], list[User] | None], *, row: ClientRecord | None = None
) -> int:
    """In a transaction that a merge of the client waits for, and the other way round.

    Nothing is written of a `row` that the undo of a merge gave to another client before that. The
    next run finds it there.
    """

    @transaction.atomic
    def locked() -> list[User]:
        lock_clients([client_id], shared=True)
        if row and not type(row).objects.filter(pk=row.pk, client=client_id).exists():
            return []
        return write() or []

    return len(again_if_rolled_back(locked))
