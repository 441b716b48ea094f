from django.contrib import admin
from django.utils.html import format_html

from agencies.admin import ScopedAdmin
from clients.models import DuplicateReport


@admin.register(DuplicateReport)
class DuplicateReportAdmin(ScopedAdmin):
    """What users of the organization reported (2.7)."""

    list_display = ["pair", "date_created", "created_by", "organization", "side_by_side"]
    list_select_related = ["created_by", "organization"]
    fields = ["client_1_id", "client_2_id", "comment", "created_by", "date_created", "mailed_at"]
    readonly_fields = fields

    @admin.display(description="clients")
    def pair(self, report: DuplicateReport) -> str:
        return str(report)

    @admin.display(description="compare")
    def side_by_side(self, report: DuplicateReport) -> str:
        return format_html('<a href="{}">Side by side</a>', report.get_absolute_url())

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
