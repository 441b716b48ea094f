from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.pages import leave
from agencies.submissions import saves_once
from clients.access import Kind, get_changeable, get_client
from clients.forms.interested_other import InterestedOtherForm
from clients.models import Client, InterestedOther

UNDO_FOR = timedelta(hours=1)


@require_GET
def interested_others(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "others": client.interestedothers.visible_to(request.user).select_related("organization"),
        "removed": InterestedOther.with_deleted.filter(client=client).removed_by(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    return render(request, "clients/interested_others.html", page)


@require_http_methods(["GET", "POST"])
@saves_once
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    form = InterestedOtherForm(
        request.POST or None, instance=InterestedOther(client=client), request=request
    )
    return _save(request, client, form)


@require_GET
def interested_other(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    other = get_object_or_404(client.interestedothers.visible_to(request.user), pk=other_id)
    return render(request, "clients/interested_other.html", {"client": client, "other": other})


@require_http_methods(["GET", "POST"])
@saves_once
def edit(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    other = get_changeable(request, client.interestedothers, other_id)
    form = InterestedOtherForm(request.POST or None, instance=other, request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    rows = InterestedOther.with_deleted.filter(client=client)
    other = get_changeable(request, rows, other_id)
    if request.method == "POST" and not other.date_deleted:
        other.mark_deleted(by=request.user)
        messages.success(request, "Interested other removed.")
    if other.date_deleted:  # by the first of two clicks, perhaps
        return leave(request, "clients:interested_others", client.pk)
    page = {
        "client": client,
        "what": other.display_name,
        "kind": "interested other",
        "list_url": reverse("clients:interested_others", args=[client.pk]),
    }
    return render(request, "clients/confirm_removal.html", page)


@require_POST
def restore(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    other = get_changeable(request, InterestedOther.with_deleted.filter(client=client), other_id)
    if other.date_deleted:
        other.restore(by=request.user)
        messages.success(request, "Interested other put back.")
    return redirect("clients:interested_others", client.pk)


def _save(request: HttpRequest, client: Client, form: InterestedOtherForm) -> HttpResponse:
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Interested other"))
        return redirect("clients:interested_others", client.pk)
    page = {"client": client, "form": form}
    return render(request, "clients/edit_interested_other.html", page)
