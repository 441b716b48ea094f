"""Pages of records that are added with a file."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from clients.loading import Kind, get_client
from clients.record_pages import RecordPages
from files.actions import StoredUpload
from files.uploads import stored_upload, upload_once
from records.pages import leave
from records.submissions import submit_once


class UploadPages(RecordPages):
    """The file is stored before the rows are written, and no lock is held meanwhile."""

    def add(self, request, client_id):
        client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
        if request.method == "GET":
            limits.require_room(request.user, LimitedUse.UPLOADS)
        form = self.form(
            request.POST or None,
            request.FILES or None,
            instance=self.model(client=client),
            request=request,
        )
        if form.is_valid() and (answer := self._stored(request, form)):
            return answer
        page = {"client": client, "form": form, "cancel_url": self.list_url(client)}
        return render(request, self.template, page)

    def _stored(self, request, form) -> HttpResponse | None:
        if file := form.cleaned_data["file"]:
            write = partial(self.added, request, form)
            return upload_once(request, form, stored_upload(file), write)
        return submit_once(self.added)(request, form)

    def added(self, request, form, upload: StoredUpload | None = None) -> HttpResponse:
        row = form.save(by=request.user, stored=upload and upload.record())
        messages.success(request, form.saved(self.kind.capitalize()))
        return leave(request, self.list_url(row.client))

    def url_when_edited(self, parent, row):
        return row.get_absolute_url()

    def view(self, page, *methods):
        """Adding is submitted once where its transaction opens, after the file was stored."""
        if page == self.add:
            return require_http_methods(methods)(page)
        return super().view(page, *methods)
