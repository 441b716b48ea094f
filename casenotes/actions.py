"""Writes that touch several records."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote, NoteAction, NoteDraft, Service
from casenotes.querysets import ServiceQuerySet
from records.constraints import constraint_messages
from records.visibility import Visibility


@transaction.atomic(savepoint=False)
def note_saved(  # noqa: PLR0913 -- all that one form saves
    *,
    note: CaseNote,
    services: Iterable[Service],
    deleted: Iterable[Service],
    draft_token: UUID | None,
    continued: UUID | None,
    by: User,
) -> None:
    """Save what was recorded with a note, and forget the drafts of it.

    Args:
        services: new and changed ones, not saved yet.
        deleted: services to be deleted.
        draft_token: of the form that the note was typed into.
        continued: the ID of the draft that the form went on with.
    """
    now = timezone.now()
    for service in deleted:
        service.mark_deleted(by=by, at=now)
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
    # Whoever saves a note of the client may see the client: that is not asked again.
    NoteDraft.objects.about(note.client).filter(of_this_note, user=by).delete()


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
    services = deleted_with(note).select_related("enrollment__updated_by")
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


def moment_of(service: Service) -> int:
    """When a service was deleted, in microseconds: those of one save have the same."""
    if service.date_deleted is None:
        return 0
    return (service.date_deleted - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


@constraint_messages()
def restore_services(*, note: CaseNote, moment: int, by: User) -> list[Service]:
    """Restore the services that the user took out of a note with one save, within the hour.

    Args:
        moment: of that save, as `moment_of` says it.

    Raises:
        ValidationError: with a sentence, where somebody else changed what they belong to since.
    """
    taken_out = Service.with_deleted.filter(note=note).recently_deleted_by(by)
    taken_out = taken_out.select_related("enrollment__updated_by", "note__updated_by")
    together = [row for row in taken_out.order_by("pk") if moment_of(row) == moment]
    for row in together:
        if why := row.undo_refused(by):
            raise ValidationError(why, code="changed")
        row.restore(by=by)
    return together
