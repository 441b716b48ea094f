"""The list of a client's notes, and one note (6.1)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import User
from casenotes.access import get_note
from casenotes.drafts import waiting_drafts
from casenotes.enrollment_choices import seen_enrollments
from casenotes.forms.find import FindNotesForm
from casenotes.models import CaseNote, NoteSearch, Service
from casenotes.querysets import CaseNoteQuerySet
from casenotes.row_menu import note_actions
from clients.form_drafts import copy_keys
from clients.loading import get_client
from clients.models import Client
from enrollments.models import Enrollment
from records.keyset import first_page, first_rows, keyset_page
from records.pages import partial
from records.statements import compiled


@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, client_id: int) -> HttpResponse:
    """POST keeps what to look for, and leads to what is found."""
    client = get_client(request, client_id)
    enrollments = seen_enrollments(client, request.user)
    form = FindNotesForm(request.POST or None, enrollments=enrollments)
    if request.method == "POST" and form.is_valid():
        if not any(form.cleaned_data.values()):
            return redirect("casenotes:notes", client.pk)
        return redirect(form.save_search(user=request.user, client=client))
    return _list(request, client, form)


@require_GET
def found(request: HttpRequest, client_id: int, search_id) -> HttpResponse:
    client = get_client(request, client_id)
    search = get_object_or_404(NoteSearch, pk=search_id, user=request.user, client=client)
    enrollments = seen_enrollments(client, request.user)
    form = FindNotesForm(search.criteria, enrollments=enrollments)
    return _list(request, client, form, search)


def _list(request: HttpRequest, client: Client, form, search=None) -> HttpResponse:
    before = request.GET.get("before", "")
    if search or before:
        rows = _listed(request.user, client.pk)
        if search:
            rows = form.narrow(rows) if form.is_valid() else rows.none()
        page = keyset_page(rows, before, "date")
    else:
        page = first_page(_newest(request.user, client.pk), "date")
    for note in page.rows:
        note.actions = note_actions(note, request.user, is_emergency=client.is_emergency)
    context = {
        "client": client,
        "form": form,
        "search": search,
        "page": page,
        "drafts": waiting_drafts(request.user, client),
        "copy_keys": copy_keys(request.user),
    }
    return render(request, partial(request, "casenotes/notes.html", "list"), context)


def _listed(user: User, client_id: int) -> CaseNoteQuerySet:
    rows = CaseNote.objects.visible_to(user).of_client(client_id).without_text()
    return rows.select_related("organization", "created_by")


@compiled
def _newest(user: User, client_id: int) -> QuerySet[CaseNote]:
    return first_rows(_listed(user, client_id), "date")


@require_GET
def note(request: HttpRequest, client_id: int, note_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    note = get_note(request, client, note_id)
    note.rights = note.rights_of(request.user)
    named = note.enrollment_id
    page = {
        "client": client,
        "note": note,
        "enrollment": _enrollment.first(request.user, named) if named else None,
        "services": _services(request.user, note.pk),
    }
    return render(request, "casenotes/note.html", page)


@compiled
def _services(user: User, note_id: int) -> QuerySet[Service]:
    rows = Service.objects.visible_to(user).filter(note=note_id)
    return rows.for_list().order_by("date", "pk")


@compiled
def _enrollment(user: User, enrollment_id: int) -> QuerySet[Enrollment]:
    """One that is restricted to another agency is not named by a note that it shares (R16.2)."""
    seen = Enrollment.with_deleted.visible_to(user).select_related("project")
    return seen.filter(pk=enrollment_id)
