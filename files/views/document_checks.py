"""Document Check: to users without access to a CAS organization there is no such page (7.5)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agencies import limits
from agencies.models import LimitedUse
from clients.loading import get_client, get_client_of_part
from files import serving
from files.forms.document_check import AddDocumentCheckForm, EditDocumentCheckForm
from files.models import DocumentCheck
from files.row_actions import file_actions
from files.serving import answers_store_errors
from files.viewer import show
from files.views.upload_pages import UploadPages


def for_cas_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to everybody else, whatever the verb, and log no look: nothing was shown."""

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_cas_access:
            raise Http404
        return view(request, *args, **kwargs)

    return known


class DocumentCheckPages(UploadPages):
    model = DocumentCheck
    kind = "document check"
    key = "check_id"
    list_page = "files:document_checks"
    form, edit_form = AddDocumentCheckForm, EditDocumentCheckForm
    template = "files/edit_document_check.html"

    def view(self, page, *methods):
        return for_cas_only(super().view(page, *methods))


pages = DocumentCheckPages()


@for_cas_only
@require_GET
def document_checks(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "checks": list(client.documentchecks.visible_to(request.user).listed()),
        "deleted": pages.recently_deleted(client, request.user),
    }
    for row in page["checks"]:
        row.actions = file_actions(row, request.user)
    return render(request, "files/document_checks.html", page)


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
