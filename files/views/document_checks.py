"""Document Check: to users without access to a CAS organization there is no such page (7.5)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.loading import get_client
from files.forms.document_check import AddDocumentCheckForm, EditDocumentCheckForm
from files.models import DocumentCheck
from files.views.upload_pages import UploadPages


def for_cas_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to everybody else, whatever the verb, and log no view: nothing was shown."""

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
    page_template, row_name = "files/document_check.html", "check"

    def view(self, page, *methods):
        return for_cas_only(super().view(page, *methods))


pages = DocumentCheckPages()


@for_cas_only
@require_GET
def document_checks(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = list(client.documentchecks.visible_to(request.user).listed())
    page = {
        "client": client,
        "checks": pages.with_actions(rows, request),
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "files/document_checks.html", page)
