from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from agencies.admin import Card, ReadOnlyAdmin, waiting
from clients.access_log import ClientAccessAdmin
from clients.deleted_records import DeletedRecordAdmin
from clients.models import Alert, ClientAccess, DuplicateReport, InterestedOther

admin.site.register(ClientAccess, ClientAccessAdmin)
admin.site.register([Alert, InterestedOther], DeletedRecordAdmin)


@admin.register(DuplicateReport)
class DuplicateReportAdmin(ReadOnlyAdmin):
    """What users of the organization reported (2.7)."""

    icon = "duplicate"
    heading = "Reports of duplicates"
    lead = "Pairs of clients that users take for the same person."
    empty_title = "No reports"

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


def duplicate_reports_card(request) -> Card:
    reports = admin.site.get_model_admin(DuplicateReport).get_queryset(request)
    return Card(
        title="Reports of duplicates",
        text="reported by users as the same person",
        url=reverse("admin:clients_duplicatereport_changelist"),
        icon="duplicate",
        count=waiting(reports),
    )
