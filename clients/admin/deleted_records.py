"""Deleted records, which a Data Quality Officer can restore (11.3): one list for each kind."""

from datetime import timedelta
from operator import attrgetter

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.admin.lists import ClientRowsAdmin, column
from records import clock
from records.admin import Card, ClientFilter, OrganizationFilter, waiting_on_list
from records.constraints import constraint_messages


class DeletedRecordAdmin(ClientRowsAdmin):
    """The deleted rows of a ClientRecord; a package registers it for each of its own.

    It names clients by their ID alone, and nothing longer than a title is read.
    """

    officer_permissions = frozenset({"restore"})
    icon = "restore"
    lead = "What was deleted from clients' records. Tick what is to be restored."
    empty_title = "Nothing deleted"
    empty_text = "What users of your organizations delete is listed here, and can be restored."
    actions = ["restore_selected"]
    list_display = ["name", "client_number", "organization", "date_deleted", "deleted_by"]
    list_filter = [ClientFilter, OrganizationFilter]
    list_select_related = ["organization", "deleted_by"]
    ordering = ["-date_deleted", "-pk"]
    fields = readonly_fields = [*list_display, "date_created"]

    @property
    def heading(self) -> str:
        return f"Deleted {self.opts.verbose_name_plural}"

    def get_queryset(self, request):
        rows = self.model.with_deleted.deleted().visible_to(request.user)
        return rows if request.user.is_superuser else self.limit_queryset(rows, request)

    name = column("name", attrgetter("display_name"))

    @admin.action(description="Restore", permissions=["restore"])
    def restore_selected(self, request, rows):
        restored = 0
        for row in rows:
            try:
                with constraint_messages():
                    self.restore(row, request.user)
            except ValidationError as error:
                problem = f"{row} was not restored. {' '.join(error.messages)}"
                self.message_user(request, problem, messages.WARNING)
            else:
                restored += 1
        if restored:
            self.message_user(request, f"{restored} restored.", messages.SUCCESS)

    def restore(self, row, by) -> None:
        """Restore one row; ValidationError, with a sentence, where it cannot be restored."""
        row.restore(by=by)

    def has_restore_permission(self, request) -> bool:
        return self._allows(request, "restore")


LATELY = timedelta(days=7)


def deleted_lately(rows):
    return rows.filter(date_deleted__gte=clock.now() - LATELY)


def deleted_card(request) -> Card | None:
    """How many records were deleted lately, and the list of the kind that has the most."""
    counts = {
        model_admin: waiting_on_list(request.user, model_admin.model, deleted_lately)
        for model_admin in admin.site._registry.values()
        if isinstance(model_admin, DeletedRecordAdmin) and model_admin.has_view_permission(request)
    }
    most = max(counts, key=counts.__getitem__)
    return Card(
        title="Deleted records",
        text="deleted in the last seven days",
        url=reverse(f"admin:{most.opts.app_label}_{most.opts.model_name}_changelist"),
        icon="restore",
        count=sum(counts.values()),
    )
