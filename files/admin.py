"""Deleted files and document checks, which a Data Quality Officer can put back (11.3)."""

from django.contrib import admin, messages

from agencies.admin import ScopedAdmin
from files.models import ClientFile, DocumentCheck


class FiledAdmin(ScopedAdmin):
    officer_may = frozenset({"restore"})
    actions = ["put_back"]
    list_display = ["name", "client_id", "organization", "date_created", "date_deleted"]
    list_display_links = None
    fields = ["client_id", "organization", "date_created", "date_deleted", "deleted_by"]
    readonly_fields = fields
    list_select_related = ["organization", "stored"]
    list_filter = [("date_deleted", admin.EmptyFieldListFilter)]

    def get_queryset(self, request):
        rows = self.model.with_deleted.visible_to(request.user).order_by("-date_deleted", "-pk")
        if request.user.is_superuser:
            return rows
        return rows.filter(organization__in=request.user.dqo_organizations)

    @admin.display(description="name")
    def name(self, row) -> str:
        return row.display_name

    @admin.action(description="Put back what is deleted", permissions=["restore"])
    def put_back(self, request, rows):
        deleted = list(rows.deleted())
        for row in deleted:
            row.restore(by=request.user)
        self.message_user(request, f"{len(deleted)} put back.", messages.SUCCESS)

    def has_restore_permission(self, request) -> bool:
        return self._allows(request, "restore")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ClientFile)
class ClientFileAdmin(FiledAdmin):
    pass


@admin.register(DocumentCheck)
class DocumentCheckAdmin(FiledAdmin):
    """Only for officers with access to a CAS organization; others do not learn of it."""

    def _allows(self, request, deed: str) -> bool:
        return super()._allows(request, deed) and request.user.has_cas_access
