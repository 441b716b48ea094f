"""Writes that touch several records."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote, NoteAction, NoteDraft, Service
from casenotes.querysets import ServiceQuerySet
from clients.models import ClientAccess
from enrollments.locks import lock_households
from enrollments.models import Enrollment
from hud.rules.services import COLUMNS
from records.constraints import constraint_messages
from records.visibility import Visibility


@transaction.atomic(savepoint=False)
def note_saved(  # noqa: PLR0913 -- all that one form saves
    *,
    note: CaseNote,
    services: Iterable[Service],
    removed: Iterable[Service],
    draft_token: UUID | None,
    continued: UUID | None,
    by: User,
) -> None:
    """Save what was recorded with a note, and forget the drafts of it.

    Args:
        services: new and changed ones, not saved yet.
        removed: services that are deleted.
        draft_token: of the form that the note was typed into.
        continued: the ID of the draft that the form went on with.
    """
    for service in removed:
        service.mark_deleted(by=by)
    new = []
    for service in services:
        service.visibility = service.enrollment.visibility
        service.stamp(by=by)
        if service._state.adding:
            service.note, service.client = note, note.client
            service.organization = note.organization
            new.append(service)
        else:
            service.version += 1
            service.save()
    Service.objects.bulk_create(new)
    of_this_note = Q(form_token=draft_token) | Q(pk=continued)
    NoteDraft.objects.owned_by(by).filter(of_this_note).delete()


@transaction.atomic
def change_note(*, note: CaseNote, action: NoteAction, with_services: bool, by: User) -> None:
    """Do with a note what the pop-up of its row offers."""
    match action:
        case NoteAction.LOCK | NoteAction.UNTICK:
            note.set_read_only(action == NoteAction.LOCK, by=by)
        case NoteAction.SHARE:
            note.set_visibility(Visibility.ALL_ORGANIZATIONS, by=by)
        case NoteAction.UNSHARE:
            note.set_visibility(Visibility.OWN_ORGANIZATION, by=by)
        case NoteAction.DELETE:
            delete_note(note=note, with_services=with_services, by=by)


@transaction.atomic
def delete_note(*, note: CaseNote, with_services: bool, by: User) -> None:
    """Delete a note, and on demand what was recorded with it, at one moment."""
    now = timezone.now()
    if with_services:
        for service in note.services.all():
            service.mark_deleted(by=by, at=now)
    note.mark_deleted(by=by, at=now)


def undo_refused(*, note: CaseNote, by: User) -> str:
    """Why a note and its services do not come back at a user's click; empty where they do."""
    services = Service.with_deleted.filter(note=note, date_deleted=note.date_deleted)
    services = services.select_related("enrollment__updated_by")
    return next(filter(None, (one.undo_refused(by) for one in [note, *services])), "")


@constraint_messages()
def restore_note(*, note: CaseNote, by: User) -> None:
    """Bring a note back with the services that were deleted together with it.

    Raises:
        ValidationError: with a sentence, where an enrollment of theirs was deleted since.
    """
    for service in deleted_with(note):
        service.restore(by=by)
    note.restore(by=by)


def deleted_with(note: CaseNote) -> ServiceQuerySet:
    """The services that were deleted together with a note."""
    return Service.with_deleted.filter(note=note, date_deleted=note.date_deleted)


@transaction.atomic
def add_services(*, service: Service, members: list[Enrollment], by: User) -> None:
    """Record one service for the client, and the same for other members of the household.

    The access log notes it for each of them.

    Args:
        service: of the client, not saved yet.
    """
    lock_households([service.client_id, *(member.client_id for member in members)])
    service.stamp(by=by)
    same = [
        Service(
            client=member.client,
            enrollment=member,
            organization=service.organization,
            visibility=member.visibility,
            service_type=service.service_type,
            date=service.date,
            units=service.units,
            **{name: getattr(service, name) for name in COLUMNS},
        )
        for member in members
    ]
    for one in same:
        one.stamp(by=by)
    Service.objects.bulk_create([service, *same])
    ClientAccess.objects.bulk_create(
        ClientAccess(
            client=member.client,
            user=by,
            organization=service.organization,
            kind=ClientAccess.Kind.CHANGE,
            page="casenotes:add_service",
        )
        for member in members
    )
