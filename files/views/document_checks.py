"""Document Check: to users without access to a CAS organization there is no such page (7.5)."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import limits
from agencies.models import LimitedUse
from clients.deletion import UNDO_FOR, Deletion
from clients.loading import Kind, get_changeable, get_client, get_client_of_part
from files import serving
from files.actions import StoredUpload
from files.forms.document_check import AddDocumentCheckForm, EditDocumentCheckForm
from files.models import DocumentCheck
from files.row_actions import of_document_check
from files.serving import answers_store_errors
from files.uploads import stored_upload, upload_once
from files.viewer import show
from records.pages import leave
from records.submissions import submit_once

DELETION = Deletion("document check", "files:document_checks")


def for_cas_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to everybody else, whatever the verb, and log no look: nothing was shown."""

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_cas_access:
            raise Http404
        return view(request, *args, **kwargs)

    return known


@for_cas_only
@require_GET
def document_checks(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "checks": list(client.documentchecks.visible_to(request.user).listed()),
        "deleted": DocumentCheck.with_deleted.filter(client=client).deleted_by_user(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    for row in page["checks"]:
        row.actions = of_document_check(row, request.user)
    return render(request, "files/document_checks.html", page)


@for_cas_only
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.UPLOADS)
    form = AddDocumentCheckForm(
        request.POST or None,
        request.FILES or None,
        instance=DocumentCheck(client=client),
        request=request,
    )
    if form.is_valid() and (answer := _saved(request, form)):
        return answer
    return render(request, "files/edit_document_check.html", {"client": client, "form": form})


def _saved(request: HttpRequest, form: AddDocumentCheckForm) -> HttpResponse | None:
    if file := form.cleaned_data["file"]:
        return upload_once(request, form, stored_upload(file), partial(_added, request, form))
    return submit_once(_added)(request, form)


def _added(
    request: HttpRequest, form: AddDocumentCheckForm, upload: StoredUpload | None = None
) -> HttpResponse:
    row = form.save(by=request.user, stored=upload and upload.record())
    messages.success(request, form.saved("Document check"))
    return leave(request, "files:document_checks", row.client_id)


@for_cas_only
@require_GET
@answers_store_errors
def document_check(request: HttpRequest, client_id: int, check_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    row = get_object_or_404(client.documentchecks.visible_to(request.user).listed(), pk=check_id)
    limits.require_room(request.user, LimitedUse.DOWNLOADS)
    page = {"client": client, "check": row, "shown": show(row.stored, request.GET)}
    return render(request, "files/document_check.html", page)


@for_cas_only
@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int, check_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_post = request.method == "POST"
    row = get_changeable(request, client.documentchecks, check_id, lock=is_post)
    form = EditDocumentCheckForm(request.POST or None, instance=row, request=request)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Document check"))
        return redirect(row)
    if form.changes:
        form = form.conflict_form()
    return render(request, "files/edit_document_check.html", {"client": client, "form": form})


@for_cas_only
@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: HttpRequest, client_id: int, check_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    row = get_changeable(request, DocumentCheck.with_deleted.filter(client=client), check_id)
    return DELETION.delete(request, client, row)


@for_cas_only
@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int, check_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    row = get_changeable(request, DocumentCheck.with_deleted.filter(client=client), check_id)
    return DELETION.restore(request, client, row)


@for_cas_only
@require_GET
@answers_store_errors
def download(request: HttpRequest, client_id: int, check_id: int) -> HttpResponseBase:
    client = get_client(request, client_id)
    row = get_object_or_404(client.documentchecks.visible_to(request.user).with_file(), pk=check_id)
    limits.require(request.user, LimitedUse.DOWNLOADS)
    return serving.attachment(row.stored, row.document_name)


@for_cas_only
@require_GET
@answers_store_errors
def page(request: HttpRequest, client_id: int, check_id: int, number: int) -> HttpResponse:
    client = get_client_of_part(request, client_id)
    row = get_object_or_404(client.documentchecks.visible_to(request.user).with_file(), pk=check_id)
    if number == 1:
        limits.require(request.user, LimitedUse.DOWNLOADS)
    return serving.drawn_page(row.stored, number)
