"""Writes that touch several records."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote, NoteDraft, Service
from clients.models import ClientAccess
from enrollments.locks import lock_households
from enrollments.models import Enrollment
from records.constraints import constraint_messages

if TYPE_CHECKING:
    from casenotes.forms.note import NoteForm
    from casenotes.forms.service import AddServiceForm
    from casenotes.forms.service_rows import BaseServiceRows


@transaction.atomic
def save_note(*, form: "NoteForm", rows: "BaseServiceRows", by: User) -> CaseNote:
    """Save a note together with its services, and forget the draft of it."""
    note = form.save(by=by)
    for service in rows.removed:
        service.mark_deleted(by=by)
    for row in rows.filled:
        _save_row(row.save(commit=False), note, by)
    tokens = [form.cleaned_data.get("form_token")]
    drafts = NoteDraft.objects.owned_by(by)
    drafts.filter(form_token__in=[one for one in tokens if one]).delete()
    if continued := form.cleaned_data.get("continued"):
        drafts.filter(pk=continued).delete()
    return note


def _save_row(service: Service, note: CaseNote, by: User) -> None:
    if service._state.adding:
        service.note, service.client, service.organization = note, note.client, note.organization
    else:
        service.version += 1
    service.visibility = service.enrollment.visibility
    service.stamp(by=by)
    service.save()


@transaction.atomic
def delete_note(*, note: CaseNote, with_services: bool, by: User) -> None:
    """Delete a note, and on demand what was recorded with it, at one moment."""
    now = timezone.now()
    if with_services:
        for service in note.services.all():
            service.mark_deleted(by=by, at=now)
    note.mark_deleted(by=by, at=now)


@constraint_messages()
def restore_note(*, note: CaseNote, by: User) -> None:
    """Bring a note back with the services that were deleted together with it.

    Raises:
        ValidationError: with a sentence, where an enrollment of theirs was deleted since.
    """
    for service in Service.with_deleted.filter(note=note, date_deleted=note.date_deleted):
        service.restore(by=by)
    note.restore(by=by)


@transaction.atomic
def add_services(
    *, form: "AddServiceForm", members: Iterable[Enrollment], by: User
) -> list[Service]:
    """Record one service for the client, and the same for other members of the household.

    The access log notes it for each of them.
    """
    members = list(members)
    client_id = form.instance.client_id  # type: ignore[attr-defined]
    lock_households([client_id, *(member.client_id for member in members)])
    first = form.save(by=by)
    services = [first]
    for member in members:
        service = Service(
            client=member.client,
            enrollment=member,
            organization=first.organization,
            visibility=member.visibility,
            service_type=first.service_type,
            date=first.date,
            units=first.units,
        )
        service.stamp(by=by)
        service.save()
        services.append(service)
        ClientAccess.objects.create(
            client=member.client,
            user=by,
            organization=first.organization,
            kind=ClientAccess.Kind.CHANGE,
            page="casenotes:add_service",
        )
    return services
