"""Client Files: the system-wide file cabinet (7.1-7.4, 7.6)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from clients.loading import get_client, get_client_of_part
from files import serving
from files.forms.client_file import AddClientFileForm, EditClientFileForm
from files.forms.filters import FileFilterForm, NameFilterForm
from files.models import ClientFile
from files.serving import answers_store_errors
from files.views.upload_pages import UploadPages

ON_A_PAGE = 48
NAME_FILTER = "client_files_named"


class ClientFilePages(UploadPages):
    model = ClientFile
    kind = "file"
    key = "file_id"
    list_page = "files:client_files"
    form, edit_form = AddClientFileForm, EditClientFileForm
    template = "files/edit_client_file.html"
    page_template, row_name = "files/client_file.html", "file"

    def added(self, request, form, upload=None):
        answer = super().added(request, form, upload)
        if not form.instance.stored.is_ready:
            messages.info(request, "It can be opened once the virus scan is done.")
        return answer


pages = ClientFilePages()


@require_http_methods(["GET", "POST"])
def client_files(request: HttpRequest, client_id: int) -> HttpResponse:
    """Cards, or the table of Grid View. A POST keeps the name to look for in the session."""
    client = get_client(request, client_id)
    if request.method == "POST":
        typed = NameFilterForm(request.POST)
        is_kept = typed.is_valid() and "clear" not in request.POST
        text = typed.cleaned_data["text"] if is_kept else ""
        request.session[NAME_FILTER] = {"client": client.pk, "text": text}
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    visible = client.clientfiles.visible_to(request.user)
    filters = FileFilterForm(request.GET, organizations=visible.filing_organizations())
    kept = request.session.get(NAME_FILTER, {})
    name = kept["text"] if kept.get("client") == client.pk else ""
    rows = filters.apply(visible.named_like(name)).listed()
    page = {
        "client": client,
        "files": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "name_filter": NameFilterForm(initial={"text": name}),
        "is_filtering": filters.is_filtering or bool(name),
        "deleted": pages.recently_deleted(client, request.user),
    }
    pages.with_actions(page["files"], request.user)
    return render(request, "files/client_files.html", page)


@require_GET
@answers_store_errors
def thumbnail(request: HttpRequest, client_id: int, file_id: int) -> HttpResponseBase:
    client = get_client_of_part(request, client_id)
    row = get_object_or_404(client.clientfiles.visible_to(request.user).listed(), pk=file_id)
    return serving.thumbnail(row.stored)
