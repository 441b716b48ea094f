from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import Invitation
from casenotes.models import NoteDraft
from clients.access_log.recorder import record_list
from clients.form_drafts import copy_keys
from clients.forms.find import FindClientForm
from clients.models import ClientAccess, FormDraft
from enrollments.assignments.caseload import caseload
from enrollments.models import IntakeDraft

RECENT = 8
CASES = 10
PAUSED = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    recent = ClientAccess.objects.recent_clients(request.user, most=RECENT)
    cases = caseload(request.user, timezone.localdate())
    paused = IntakeDraft.objects.owned_by(request.user).paused()
    paused = paused.with_names(request.user, most=PAUSED)
    drafts = [
        *(note_drafts := NoteDraft.objects.owned_by(request.user).waiting()[:PAUSED]),
        *(form_drafts := FormDraft.objects.owned_by(request.user).waiting()[:PAUSED]),
    ]
    record_list(request, [one.assignment.client_id for one in cases[:CASES]])
    record_list(
        request, [*recent, *(one.visible_client for one in paused), *(one.client for one in drafts)]
    )
    page = {
        "invitations": Invitation.objects.open_for(request.user).select_related("organization"),
        "form": FindClientForm(),
        "caseload": cases[:CASES],
        "caseload_count": len(cases),
        "recent": recent,
        "paused": paused,
        "note_drafts": note_drafts,
        "form_drafts": form_drafts,
        "copy_keys": copy_keys(request.user),
    }
    return render(request, "hmis/home.html", page)
