from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import Invitation, User
from casenotes.models import NoteDraft
from clients.access_log.recorder import record_list
from clients.form_drafts import copy_keys
from clients.forms.find import FindClientForm
from clients.models import ClientAccess, FormDraft
from clients.models.form_draft import Draft
from enrollments.assignments.caseload import most_urgent
from enrollments.models import IntakeDraft
from records.statements import compiled
from tasks.listing import ON_HOME, due_next

RECENT = 8
CASES = 10
PAUSED = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    recent = ClientAccess.objects.recent_clients(request.user, most=RECENT)
    cases, count = most_urgent(request.user, timezone.localdate(), CASES)
    tasks = due_next(request.user)
    paused = _paused(request.user)
    note_drafts = _waiting(request.user, model=NoteDraft)
    form_drafts = _waiting(request.user, model=FormDraft)
    drafts = [*note_drafts, *form_drafts]
    record_list(request, [one.assignment.client_id for one in cases])
    record_list(request, [one.client_id for one in tasks[:ON_HOME]])
    record_list(
        request, [*recent, *(one.visible_client for one in paused), *(one.client for one in drafts)]
    )
    page = {
        "invitations": _invitations(request.user),
        "form": FindClientForm(),
        "caseload": cases,
        "caseload_count": count,
        "tasks": tasks[:ON_HOME],
        "more_tasks": len(tasks) > ON_HOME,
        "recent": recent,
        "paused": paused,
        "note_drafts": note_drafts,
        "form_drafts": form_drafts,
        "copy_keys": copy_keys(request.user),
    }
    return render(request, "hmis/home.html", page)


@compiled
def _paused(user: User) -> QuerySet[IntakeDraft]:
    return IntakeDraft.objects.owned_by(user).paused().listed_for(user)[:PAUSED]


@compiled
def _waiting(user: User, *, model: type[Draft]) -> QuerySet[Draft]:
    return model.objects.owned_by(user).waiting().listed()[:PAUSED]


@compiled
def _invitations(user: User) -> QuerySet[Invitation]:
    return Invitation.objects.open_for(user).select_related("organization")
