"""Deleted records, which a Data Quality Officer can restore (11.3).

`deleted_list` has all kinds in one list. Of each kind there is a page that shows what a record said
before it is restored, and a list where many are ticked and restored at once.
"""

from datetime import timedelta
from operator import attrgetter

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from clients.admin.lists import ClientRowsAdmin
from clients.models import ClientAccess
from records import clock
from records.admin import Card, ClientFilter, OrganizationFilter, column, waiting_on_list
from records.admin.changes import event_model
from records.admin.words import Fact, content_of
from records.constraints import constraint_messages


class DeletedRecordAdmin(ClientRowsAdmin):
    """The deleted rows of a ClientRecord; a package registers it for each of its own.

    It names clients by their ID alone. A list reads nothing longer than a title.
    """

    officer_permissions = frozenset({"restore"})
    icon = "restore"
    lead = "What was deleted from clients' records. Tick what is to be restored."
    empty_title = "Nothing deleted"
    empty_text = "What users of your organizations delete is listed here, and can be restored."
    actions = ["restore_selected"]
    list_display = ["name", "client_number", "organization", "date_deleted", "deleted_by"]
    list_display_links = ["name"]
    list_filter = [ClientFilter, OrganizationFilter]
    list_select_related = ["organization", "deleted_by"]
    ordering = ["-date_deleted", "-pk"]

    @property
    def heading(self) -> str:
        return f"Deleted {self.opts.verbose_name_plural}"

    def get_queryset(self, request):
        rows = self.model.with_deleted.deleted().openly_visible_to(request.user)
        return rows if request.user.is_superuser else self.limit_queryset(rows, request)

    name = column("name", attrgetter("display_name"))

    @property
    def place(self) -> str:
        """What the names of its addresses begin with."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def facts(self, row, officer) -> list[Fact]:
        """What a row said."""
        return content_of(row, officer)

    def restored_with(self, row) -> list[str]:
        """What comes back with it, in words."""
        return []

    @method_decorator(require_http_methods(["GET", "POST"]))
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """GET shows what a record said; POST restores it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if TO_FIELD_VAR in request.GET:
            raise DisallowedModelAdminToField
        row = self.get_object(request, unquote(object_id))
        if row is None:
            request.access_recorder.has_refused = True
            messages.info(request, GONE)
            return redirect("admin:deleted_records")
        if request.method == "POST":
            if not self.has_restore_permission(request):
                raise PermissionDenied
            request.access_recorder.add([row.client_id], ClientAccess.Kind.CHANGE)
            if not self._restores(request, row):
                return redirect(request.path)
            messages.success(request, f"{row} restored.")
            return redirect("admin:deleted_records")
        request.access_recorder.add([row.client_id])
        page = self.admin_site.each_context(request) | {
            "title": f"Deleted {self.opts.verbose_name}",
            "opts": self.opts,
            "row": row,
            "name": self.name(row),
            "facts": self.facts(row, request.user),
            "restored_with": self.restored_with(row),
            "has_history": event_model(self.model) is not None,
        }
        return render(request, "admin/clients/deleted_record.html", page)

    def _restores(self, request, row) -> bool:
        """Restore a row; say why not, where it cannot be."""
        try:
            with constraint_messages():
                self.restore(row, request.user)
        except ValidationError as error:
            message = f"{row} was not restored. {' '.join(error.messages)}"
            self.message_user(request, message, messages.WARNING)
            return False
        return True

    @admin.action(description="Restore", permissions=["restore"])
    def restore_selected(self, request, rows):
        restored = sum(self._restores(request, row) for row in rows)
        if restored:
            self.message_user(request, f"{restored} restored.", messages.SUCCESS)

    def restore(self, row, by) -> None:
        """Restore one row; ValidationError, with a sentence, where it cannot be restored."""
        row.restore(by=by)

    def has_restore_permission(self, request) -> bool:
        return self._allows(request, "restore")


LATELY = timedelta(days=7)
GONE = "That record is not among the deleted ones. Perhaps it has been restored."


def deleted_lately(rows):
    return rows.filter(date_deleted__gte=clock.now() - LATELY)


def deleted_card(request) -> Card | None:
    """How many records were deleted lately."""
    count = sum(
        waiting_on_list(request.user, model_admin.model, deleted_lately)
        for model_admin in admin.site._registry.values()
        if isinstance(model_admin, DeletedRecordAdmin) and model_admin.has_view_permission(request)
    )
    return Card(
        title="Deleted records",
        text="deleted in the last seven days",
        url=reverse("admin:deleted_records"),
        icon="restore",
        count=count,
    )
