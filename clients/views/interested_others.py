from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.deletion import UNDO_FOR, Deletion
from clients.forms.interested_other import EditInterestedOtherForm, InterestedOtherForm
from clients.loading import Kind, get_changeable, get_client
from clients.models import Client, InterestedOther
from records.submissions import submit_once

DELETION = Deletion("interested other", back="clients:interested_others")


@require_GET
def interested_others(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "others": client.interestedothers.visible_to(request.user).select_related("organization"),
        "deleted": InterestedOther.with_deleted.filter(client=client).deleted_by_user(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    return render(request, "clients/interested_others.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
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
@submit_once
def edit(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_post = request.method == "POST"
    other = get_changeable(request, client.interestedothers, other_id, lock=is_post)
    form = EditInterestedOtherForm(request.POST or None, instance=other, request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    other = get_changeable(request, InterestedOther.with_deleted.filter(client=client), other_id)
    return DELETION.delete(request, client, other)


@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    other = get_changeable(request, InterestedOther.with_deleted.filter(client=client), other_id)
    return DELETION.restore(request, client, other)


def _save(request: HttpRequest, client: Client, form: InterestedOtherForm) -> HttpResponse:
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Interested other"))
        return redirect("clients:interested_others", client.pk)
    if getattr(form, "changes", None):
        form = form.conflict_form()
    page = {"client": client, "form": form}
    return render(request, "clients/edit_interested_other.html", page)
