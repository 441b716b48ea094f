"""The pages that add, edit, delete and restore one kind of a client's records."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from agencies.models import User
from agencies.requests import UserRequest
from clients.loading import Kind, get_changeable, get_client
from clients.models import ClientRecord
from clients.querysets import ClientRecordQuerySet
from records.conflicts import ConflictDetectingForm
from records.constraints import constraint_messages
from records.forms import RecordForm
from records.pages import RowAction, leave, row_action, say_undoable
from records.statements import compiled
from records.submissions import submit_once

NOT_YOURS = (
    "Only the user who deleted this can restore it, for one hour; later, a Data Quality Officer of "
    "its organization can."
)


def change_actions(row: ClientRecord) -> list[RowAction]:
    """What a list offers those who may change a row (1.7)."""
    page = f"{row._meta.app_label}:{{}}_{row.url_name}"
    return [
        row_action("Edit", "edit", page.format("edit"), *row.place),
        row_action("Delete", "trash", page.format("delete"), *row.place, dialog=True, danger=True),
    ]


@compiled
def _recently_deleted(
    user: User, parent_id: int, *, pages: "RecordPages"
) -> QuerySet[ClientRecord]:
    return pages.rows(parent_id).prefetch_related(None).recently_deleted_by(user)


class RecordPages:
    """Four views over one kind of record; a package declares its own and includes their `urls`.

    Each first loads the client, and the parent if that is another record, for a user who may change
    it. Saving is submitted once, and a record that somebody else changed gives the conflict form.
    A second click, of a double one perhaps, ends where the first one did.

    Attributes:
        kind: what people call it in a sentence.
        key: the keyword of its number in the URLs.
        list_page: the name of the page that lists the client's records of this kind.
    """

    model: type[ClientRecord]
    kind = key = list_page = ""
    form: type[RecordForm]
    edit_form: type[ConflictDetectingForm]
    template = ""

    def get_parent(self, request: UserRequest, client_id: int) -> Any:
        """The client, or the record of the client that these records belong to."""
        return get_client(request, client_id, kind=Kind.CHANGE)

    def rows(self, parent: Any) -> ClientRecordQuerySet:
        """The records of this kind of a parent, or of its key; deleted ones too."""
        return self.model.with_deleted.filter(client=parent)

    def new(self, parent: Any) -> ClientRecord:
        return self.model(client=parent)

    def form_options(self, request: UserRequest, row: ClientRecord) -> dict[str, Any]:
        return {}

    def context(self, request: UserRequest, parent: Any) -> dict[str, Any]:
        return {}

    def list_url(self, parent: Any) -> str:
        return reverse(self.list_page, args=[parent.pk])

    def save(self, request: UserRequest, form: RecordForm) -> str:
        """Save what the form has; return the sentence that tells it, if it was not said yet."""
        form.save(by=request.user)
        return form.saved(self.kind.capitalize())

    def url_when_edited(self, parent: Any, row: ClientRecord) -> str:
        return self.list_url(parent)

    def recently_deleted(self, parent: Any, user: User) -> list[ClientRecord]:
        """What this user deleted lately, and may restore with one click."""
        return _recently_deleted(user, parent.pk, pages=self)

    def add(self, request: UserRequest, **place: int) -> HttpResponse:
        parent = self.get_parent(request, **place)
        row = self.new(parent)
        options = self.form_options(request, row)
        form = self.form(request.POST or None, instance=row, request=request, **options)
        return self.answer(request, parent, form, self.list_url(parent))

    def edit(self, request: UserRequest, **place: int) -> HttpResponse:
        parent, row = self.get_row(request, place, lock=request.method == "POST")
        options = self.form_options(request, row)
        form = self.edit_form(request.POST or None, instance=row, request=request, **options)
        return self.answer(request, parent, form, self.url_when_edited(parent, row))

    def answer(
        self, request: UserRequest, parent: Any, form: RecordForm, done_url: str, **page: Any
    ) -> HttpResponse:
        """Save a valid form and go on; else show it, or the conflict form, on its page."""
        if form.is_valid():
            if said := self.save(request, form):
                messages.success(request, said)
            return redirect(done_url)
        if getattr(form, "changes", None):
            form = form.conflict_form()  # type: ignore[attr-defined]
        page = {"kind": self.kind, "form": form, "cancel_url": done_url} | page
        if form.instance.pk:
            page["delete_url"] = form.instance.delete_url
        page |= {"client": request.client} | self.context(request, parent)
        return render(request, page.get("template", self.template), page)

    def delete(self, request: UserRequest, **place: int) -> HttpResponse:
        """GET asks; POST marks the row deleted."""
        parent, row = self.get_row(request, place, deleted=True)
        if request.method == "POST" and not row.date_deleted:
            row.mark_deleted(by=request.user)
            say_undoable(request, f"{self.kind.capitalize()} deleted.", row.restore_url)
        if row.date_deleted:
            return leave(request, self.list_url(parent))
        page = {"client": request.client, "what": row.display_name, "kind": self.kind}
        page["list_url"] = self.list_url(parent)
        return render(request, "clients/confirm_deletion.html", page)

    def restore(self, request: UserRequest, **place: int) -> HttpResponse:
        """What it belongs to may have been deleted since; then the database says so."""
        parent, row = self.get_row(request, place, deleted=True)
        if row.date_deleted and not request.user.may_restore(row):
            raise PermissionDenied(NOT_YOURS)
        if row.date_deleted and (why := row.undo_refused(request.user)):
            messages.error(request, why)
        elif row.date_deleted:
            try:
                with constraint_messages():
                    row.restore(by=request.user)
            except ValidationError as error:
                messages.error(request, f"It was not restored. {' '.join(error.messages)}")
            else:
                messages.success(request, f"{self.kind.capitalize()} restored.")
        return redirect(self.list_url(parent))

    def get_row(
        self,
        request: UserRequest,
        place: dict[str, int],
        *,
        deleted: bool = False,
        lock: bool = False,
    ) -> tuple[Any, ClientRecord]:
        pk = place.pop(self.key)
        parent = self.get_parent(request, **place)
        rows = self.rows(parent)
        row = get_changeable(request, rows if deleted else rows.present(), pk, lock=lock)
        row.client = request.client
        return parent, row

    def view(self, page: Callable[..., HttpResponse], *methods: str) -> Callable[..., HttpResponse]:
        return require_http_methods(methods)(submit_once(page))

    @property
    def urls(self) -> list[URLPattern]:
        """Beneath the list of the client's records of this kind."""
        one, name, asked = f"<int:{self.key}>", self.model.url_name, ("GET", "POST")
        return [
            path("add/", self.view(self.add, *asked), name=f"add_{name}"),
            path(f"{one}/edit/", self.view(self.edit, *asked), name=f"edit_{name}"),
            path(f"{one}/delete/", self.view(self.delete, *asked), name=f"delete_{name}"),
            path(f"{one}/restore/", self.view(self.restore, "POST"), name=f"restore_{name}"),
        ]
