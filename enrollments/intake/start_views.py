"""Where intakes begin, wait and are thrown away."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.access_log.recorder import Kind as Access
from clients.access_log.recorder import record_list
from clients.forms.find import FindClientForm
from clients.loading import get_client
from clients.views.searches import save_search
from enrollments.intake.draft.paused import with_names
from enrollments.intake.draft.start import start
from enrollments.intake.start_form import StartForm
from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import UNDO_FOR

LONGEST_ID = 18


@require_GET
def intakes(request: HttpRequest) -> HttpResponse:
    """The user's paused intakes, and the way to a new one."""
    client_id = request.GET.get("client", "")
    is_id = client_id.isdecimal() and len(client_id) <= LONGEST_ID
    drafts = IntakeDraft.objects.owned_by(request.user)
    removed = drafts.discarded_since(timezone.now() - UNDO_FOR).exclude(answers_json="")
    paused, discarded = (with_names(rows, request.user) for rows in (drafts.paused(), removed))
    record_list(request, [one.client for one in (*paused, *discarded)])
    page = {
        "client": get_client(request, int(client_id)) if is_id else None,
        "drafts": paused,
        "removed": discarded,
        "form": FindClientForm(),
        "start_form": StartForm(request=request),
    }
    return render(request, "enrollments/intake/intakes.html", page)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Find Client, whose results lead to a new intake."""
    form = FindClientForm(request.POST)
    if form.is_valid():
        return redirect(save_search(request, form, return_to=reverse("enrollments:intakes")))
    page = {"form": form, "start_form": StartForm(request=request)}
    return render(request, "enrollments/intake/intakes.html", page)


@require_POST
def begin(request: HttpRequest, client_id: int) -> HttpResponse:
    """A new intake for a client, filed for the organization that the page was opened for."""
    client = get_client(request, client_id, kind=Access.CHANGE, lock=False)
    form = StartForm(request.POST, request=request)
    if not form.is_valid() or form.chosen_organization is None:
        messages.error(request, "Choose one of your organizations, and start again.")
        return redirect(f"{reverse('enrollments:intakes')}?client={client.pk}")
    return redirect(start(by=request.user, organization=form.chosen_organization, client=client))


@require_POST
def discard(request: HttpRequest, draft_id) -> HttpResponse:
    """Throw a draft away; for an hour it can be restored."""
    paused = IntakeDraft.objects.owned_by(request.user).paused()
    get_object_or_404(paused, pk=draft_id).discard()
    IntakeDraft.objects.forget_discarded(before=timezone.now() - UNDO_FOR)
    messages.success(request, "Discarded. You can restore it for an hour.")
    return redirect("enrollments:intakes")


@require_POST
def restore(request: HttpRequest, draft_id) -> HttpResponse:
    own = IntakeDraft.objects.owned_by(request.user).exclude(answers_json="")
    recent = own.discarded_since(timezone.now() - UNDO_FOR - timedelta(minutes=5))
    draft = get_object_or_404(recent, pk=draft_id)
    draft.restore()
    return redirect(draft)
