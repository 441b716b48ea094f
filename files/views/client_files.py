"""Client Files: the system-wide file cabinet (7.1-7.4, 7.6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import Organization, User
from clients.counting import count_unlisted
from clients.loading import get_client, get_client_of_part
from clients.models import Client
from files import serving
from files.forms.client_file import AddClientFileForm, EditClientFileForm
from files.forms.filters import FileFilterForm, NameFilterForm
from files.models import ClientFile
from files.models.client_file import Category
from files.serving import answers_store_errors
from files.views.upload_pages import UploadPages
from records.statements import compiled

ON_A_PAGE = 48
NOT_SCANNED = "It can be opened once the virus scan is done."
NAME_FILTER = "client_files_named"
STAYS = (
    "This file belongs to a Release of Information: nobody edits or deletes it. What the client "
    "does not agree to any more is ended by revoking the release."
)


class ClientFilePages(UploadPages):
    model = ClientFile
    kind = "file"
    key = "file_id"
    list_page = "files:client_files"
    form, edit_form = AddClientFileForm, EditClientFileForm
    template = "files/edit_client_file.html"
    page_template, row_name = "files/client_file.html", "file"

    def may_change(self, user, row):
        return not row.is_of_release and super().may_change(user, row)

    def get_row(self, request, place, **options):
        """For the pages that edit, delete and restore."""
        parent, row = super().get_row(request, place, **options)
        if row.is_of_release:
            raise PermissionDenied(STAYS)
        return parent, row

    def add(self, request, client_id):
        answer = super().add(request, client_id)
        if request.htmx and "HX-Redirect" not in answer:
            # The script reads why a file was refused, and nobody what the page says beside it.
            messages.get_messages(request).used = False
        return answer

    def says_saved(self, form):
        together = form.cleaned_data["together"] or 1
        return f"{together} files saved." if together > 1 else super().says_saved(form)

    def first(self, request, client):
        """With the category that a link names."""
        asked = request.GET.get("category", "")
        return self.model(client=client, category=asked if asked in Category.values else "")

    def added(self, request, form, upload=None):
        answer = super().added(request, form, upload)
        together = form.cleaned_data["together"] or 1
        if together > 1:  # one message for all, with the last count
            _take_back(request, {form.saved("File"), f"{together - 1} files saved.", NOT_SCANNED})
        if not form.instance.stored.is_ready:
            messages.info(request, NOT_SCANNED)
        return answer


def _take_back(request: HttpRequest, said: set[str]) -> None:
    """Forget messages that no page has shown yet."""
    kept = [one for one in messages.get_messages(request) if str(one) not in said]
    for one in kept:
        messages.add_message(request, one.level, one.message, extra_tags=one.extra_tags)


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
    organizations = _filing_organizations(request.user, client.pk)
    filters = FileFilterForm(request.GET, organizations=organizations)
    kept = request.session.get(NAME_FILTER, {})
    name = kept["text"] if kept.get("client") == client.pk else ""
    page = {
        "client": client,
        "files": _page(request, client, filters, name),
        "filters": filters,
        "name_filter": NameFilterForm(initial={"text": name}),
        "is_filtering": filters.is_filtering or bool(name),
        "deleted": pages.recently_deleted(client, request.user),
    }
    pages.with_actions(page["files"], request)
    return render(request, "files/client_files.html", page)


def _page(request: HttpRequest, client: Client, filters: FileFilterForm, name: str) -> Page:
    """A page of the files; where they are all on it, nobody counts them."""
    number = request.GET.get("page")
    if not (number or name or filters.is_filtering):
        found = _first_files(request.user, client.pk, order=filters.order)
        if len(found) <= ON_A_PAGE:
            return Paginator(found, ON_A_PAGE).get_page(1)
    rows = client.clientfiles.visible_to(request.user).named_like(name)
    return Paginator(filters.apply(rows).listed(), ON_A_PAGE).get_page(number)


@compiled
def _first_files(user: User, client_id: int, *, order: str) -> QuerySet[ClientFile]:
    rows = ClientFile.objects.visible_to(user).of_client(client_id)
    return rows.sorted_by(order).listed()[: ON_A_PAGE + 1]


@compiled
def _filing_organizations(user: User, client_id: int) -> QuerySet[Organization]:
    return ClientFile.objects.visible_to(user).of_client(client_id).filing_organizations()


@require_GET
@answers_store_errors
def thumbnail(request: HttpRequest, client_id: int, file_id: int) -> HttpResponseBase:
    client = get_client_of_part(request, client_id)
    count_unlisted(request, [client.pk])  # without the page, it is a walk through the cabinets
    row = get_object_or_404(client.clientfiles.visible_to(request.user).listed(), pk=file_id)
    return serving.thumbnail(row.stored)
