"""Pages of records that are added with a file."""

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from agencies import limits
from agencies.models import LimitedUse, User
from agencies.requests import UserRequest
from clients.counting import count_unlisted
from clients.emergency import require_no_emergency
from clients.loading import Kind, get_client, get_client_of_part, lock_client
from clients.models import Client, ClientRecord
from clients.record_pages import RecordPages, change_actions
from files import serving
from files.actions import StoredUpload
from files.models import StoredFile
from files.querysets import FiledQuerySet
from files.uploads import stored_upload, upload_once
from records.pages import leave, row_action
from records.submissions import submit_once

OPENED = "opened_file"  # in the session: the one that is being read, page by page


class UploadPages(RecordPages):
    """The file is stored before the rows are written, and no lock is held meanwhile.

    Attributes:
        page_template, row_name: of the page that shows one record, and what it calls it.
    """

    page_template = row_name = ""

    def add(self, request, client_id):
        client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
        if request.method == "GET":
            limits.require_room(request.user, LimitedUse.UPLOADS)
        form = self.form(
            request.POST or None,
            request.FILES or None,
            instance=self.first(request, client),
            request=request,
        )
        if form.is_valid() and (answer := self._stored(request, form)):
            return answer
        page = {"client": client, "form": form, "cancel_url": self.list_url(client)}
        return render(request, self.template, page)

    def first(self, request, client):
        """The row that the form of a new one begins with."""
        return self.model(client=client)

    def _stored(self, request, form) -> HttpResponse | None:
        if file := form.cleaned_data["file"]:
            write = partial(self.added, request, form)
            return upload_once(request, form, stored_upload(file), write)
        return submit_once(self.added)(request, form)

    def added(self, request, form, upload: StoredUpload | None = None) -> HttpResponse:
        """Write the row, where the client is still shared with the user, or merged, since."""
        clients = Client.objects.visible_to(request.user)
        form.instance.client = lock_client(clients.numbered(form.instance.client_id))
        form.instance.stored = upload and upload.record()
        row = form.save(by=request.user)
        if said := self.says_saved(form):
            messages.success(request, said)
        return leave(request, self.list_url(row.client))

    def says_saved(self, form) -> str:
        return form.saved(self.kind.capitalize())

    def url_when_edited(self, parent, row):
        return row.get_absolute_url()

    def view(self, page, *methods):
        """Adding is submitted once where its transaction opens, after the file was stored."""
        if methods == ("GET",):
            return require_GET(serving.answers_store_errors(page))
        if page == self.add:
            return require_http_methods(methods)(page)
        return super().view(page, *methods)

    def visible(self, request, client) -> FiledQuerySet:
        return self.rows(client).present().visible_to(request.user)

    def may_change(self, user: User, row: ClientRecord) -> bool:
        return user.may_change(row)

    def shown(self, request, client_id, **place) -> HttpResponse:
        client = get_client(request, client_id)
        row = get_object_or_404(self.visible(request, client).listed(), pk=place[self.key])
        if row.stored:
            _count(request, row.stored)
            request.session[OPENED] = row.stored.pk
        page = {
            "client": client,
            self.row_name: row,
            "shown": serving.show(row.stored, request.GET),
            "may_change": self.may_change(request.user, row),
        }
        return render(request, self.page_template, page)

    def download(self, request, client_id, **place) -> HttpResponseBase:
        client = get_client(request, client_id, kind=Kind.EXPORT, requires=require_no_emergency)
        row = get_object_or_404(self.visible(request, client).with_file(), pk=place[self.key])
        limits.require(request.user, LimitedUse.DOWNLOADS)
        return serving.attachment(row.stored, row.document_name)

    def drawn_page(self, request, client_id, number, **place) -> HttpResponse:
        client = get_client_of_part(request, client_id)
        count_unlisted(request, [client.pk])
        row = get_object_or_404(self.visible(request, client).with_file(), pk=place[self.key])
        _count(request, row.stored)
        return serving.drawn_page(row.stored, number)

    @property
    def urls(self) -> list[URLPattern]:
        one, name = f"<int:{self.key}>/", self.model.url_name
        shown, download, drawn = (
            self.view(page, "GET") for page in (self.shown, self.download, self.drawn_page)
        )
        return [
            *super().urls,
            path(one, shown, name=name),
            path(f"{one}download/", download, name=f"download_{name}"),
            path(f"{one}pages/<int:number>/", drawn, name=f"{name}_page"),
        ]

    def with_actions(self, rows: Iterable[ClientRecord], request) -> Iterable[ClientRecord]:
        """Set what the user can do with each row of the client's list (1.7)."""
        name, may_download = self.model.url_name, not request.client.is_emergency
        for row in rows:
            place = row.place
            row.actions = [row_action("Open", "eye", f"files:{name}", *place)]
            if may_download and row.stored and row.stored.is_ready:
                page = f"files:download_{name}"
                row.actions.append(row_action("Download", "download", page, *place))
            if self.may_change(request.user, row):
                row.actions += change_actions(row)
        return rows


def _count(request: UserRequest, stored: StoredFile) -> None:
    """Count a file as opened, but for further pages of the one that is being read."""
    if request.session.get(OPENED) != stored.pk:
        limits.require(request.user, LimitedUse.DOWNLOADS)
