from datetime import datetime

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html

from agencies.admin import UserFilter
from clients.admin.access_log import ClientAccessAdmin
from clients.admin.deleted_records import DeletedRecordAdmin
from clients.admin.identity_changes import IdentityChangeAdmin
from clients.admin.possible_duplicates import PossibleDuplicateAdmin
from clients.emergency import end_emergency_access
from clients.models import (
    Alert,
    ClientAccess,
    ClientMerge,
    DuplicateReport,
    EmergencyAccess,
    IdentityChange,
    InterestedOther,
    PossibleDuplicate,
    SSNReveal,
)
from clients.views import merge as merge_views
from records.admin import (
    Card,
    ClientFilter,
    FromDay,
    OrganizationFilter,
    ReadOnlyAdmin,
    ToDay,
    waiting,
)

admin.site.register(ClientAccess, ClientAccessAdmin)
admin.site.register([Alert, InterestedOther], DeletedRecordAdmin)
admin.site.register(PossibleDuplicate, PossibleDuplicateAdmin)
admin.site.register(IdentityChange, IdentityChangeAdmin)


@admin.register(SSNReveal)
class SSNRevealAdmin(ReadOnlyAdmin):
    """Who was shown a full SSN for the officer's organizations, and for what (R3.6)."""

    icon = "eye"
    heading = "Revealed SSNs"
    lead = "Who was shown a full SSN, and for what. Nobody can edit this."
    empty_title = "No SSN was revealed"
    list_display = ["at", "user", "client_number", "reason", "other", "organization"]
    list_display_links = None
    list_filter = [ClientFilter, UserFilter, "reason", FromDay, ToDay, OrganizationFilter]
    list_select_related = ["user", "organization"]
    ordering = ["-at", "-pk"]
    sortable_by = ()
    fields = readonly_fields = [
        *("at", "user", "client_number", "reason", "other", "organization"),
    ]

    @admin.display(description="Client ID")
    def client_number(self, reveal: SSNReveal) -> int:
        return reveal.client_id


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(ReadOnlyAdmin):
    """Who read a restricted client of the officer's organizations in an emergency, and why."""

    scope = "client__organization"
    officer_permissions = frozenset({"end"})
    icon = "warning"
    heading = "Emergency access"
    lead = (
        "Who opened a restricted client of your organizations in an emergency, until when and why."
    )
    empty_title = "No emergency access"
    actions = ["end_access"]
    list_display = [
        *("begins_at", "user", "organization", "client_number", "reason", "explanation"),
        *("ends_at", "ended_at"),
    ]
    list_display_links = None
    list_filter = [ClientFilter, "reason"]
    list_select_related = ["user", "organization"]
    ordering = ["-begins_at", "-pk"]
    sortable_by = ()
    fields = readonly_fields = [
        *("begins_at", "user", "organization", "client_number", "reason", "explanation"),
        *("ends_at", "ended_at", "ended_by"),
    ]

    @admin.display(description="Client ID")
    def client_number(self, access: EmergencyAccess) -> int:
        return access.client_id

    @admin.action(description="End access", permissions=["end"])
    def end_access(self, request, rows):
        rows = rows.select_related("client__organization", "user")
        ended = sum(end_emergency_access(access=row, by=request.user) for row in rows)
        self.message_user(request, f"{ended} ended.", messages.SUCCESS)

    def has_end_permission(self, request) -> bool:
        return self._allows(request, "end")


def emergency_card(request) -> Card | None:
    """Emergency access that is open now to clients of the officer's organizations."""
    rows = admin.site.get_model_admin(EmergencyAccess).get_queryset(request).running()
    count = waiting(rows)
    if not count:
        return None
    return Card(
        title="Emergency access",
        text="open now to your restricted clients",
        url=reverse("admin:clients_emergencyaccess_changelist"),
        icon="warning",
        count=count,
    )


class StateFilter(admin.SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", "Open"), *DuplicateReport.Resolution.choices]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(resolution="" if self.value() == "open" else self.value())


@admin.register(DuplicateReport)
class DuplicateReportAdmin(ReadOnlyAdmin):
    """What users of the organization reported (2.7)."""

    icon = "duplicate"
    heading = "Reports of duplicates"
    lead = "What users of your organizations reported as one person."
    empty_title = "No reports"

    list_display = [
        *("pair", "date_created", "created_by", "organization"),
        *("state", "side_by_side"),
    ]
    list_filter = [StateFilter]
    list_select_related = ["created_by", "organization"]
    fields = [
        *("first_id", "second_id", "comment", "created_by", "date_created", "mailed_at"),
        *("state", "resolved_by", "resolved_at"),
    ]
    readonly_fields = fields

    @admin.display(description="first Client ID")
    def first_id(self, report: DuplicateReport) -> int:
        return report.client_1_id

    @admin.display(description="second Client ID")
    def second_id(self, report: DuplicateReport) -> int:
        return report.client_2_id

    @admin.display(description="clients")
    def pair(self, report: DuplicateReport) -> str:
        return str(report)

    @admin.display(description="state", ordering="resolution")
    def state(self, report: DuplicateReport) -> str:
        return report.get_resolution_display() or "Open"

    @admin.display(description="compare")
    def side_by_side(self, report: DuplicateReport) -> str:
        return format_html('<a href="{}">Side by side</a>', report.get_absolute_url())

    def get_urls(self):
        settle = self.admin_site.admin_view(self.settle)
        name = "clients_duplicatereport_different"
        return [path("<int:report_id>/different/", settle, name=name), *super().get_urls()]

    def settle(self, request: HttpRequest, report_id: int) -> HttpResponse:
        """Different people: the report is settled, or opened again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        report = get_object_or_404(self.get_queryset(request), pk=report_id)
        if report.resolution == DuplicateReport.Resolution.DIFFERENT:
            report.reopen()
            messages.success(request, "The report is open again.")
        elif not report.resolution:
            report.resolve(DuplicateReport.Resolution.DIFFERENT, by=request.user)
            messages.success(request, "The report is settled: different people.")
        return redirect("admin:clients_duplicatereport_change", report.pk)


@admin.register(ClientMerge)
class ClientMergeAdmin(ReadOnlyAdmin):
    """The merges of clients of the officer's own organizations, each with its way back."""

    lead = "Two records that became one. Open a merge to see what it did, or to undo it."
    icon = "duplicate"
    empty_title = "Nothing was merged yet"
    empty_text = "Compare two records from a report of duplicates, and merge them there."
    list_display = ["__str__", "merged_at", "by", "state"]
    list_select_related = ["by"]

    def limit_queryset(self, rows, request):
        return rows.for_officer(request.user)

    @admin.display(description="merged", ordering="at")
    def merged_at(self, merge: ClientMerge) -> datetime:
        return merge.at

    @admin.display(description="state", ordering="undone_at")
    def state(self, merge: ClientMerge) -> str:
        return "Merged" if merge.is_in_force else f"Undone on {merge.undone_on:%m/%d/%Y}"

    def get_urls(self):
        merge = self.admin_site.admin_view(merge_views.merge)
        pair = "pair/<int:client_1_id>/<int:client_2_id>/"
        return [path(pair, merge, name="clients_merge"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdecimal() or self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return merge_views.merged(request, int(object_id))


def possible_duplicates_card(request) -> Card:
    pairs = admin.site.get_model_admin(PossibleDuplicate).get_queryset(request)
    return Card(
        title="Possible duplicates",
        text="found by comparing the records",
        url=reverse("admin:clients_possibleduplicate_changelist"),
        icon="duplicate",
        count=waiting(pairs.filter(decision=PossibleDuplicate.Decision.OPEN)),
    )


def duplicate_reports_card(request) -> Card:
    reports = admin.site.get_model_admin(DuplicateReport).get_queryset(request)
    return Card(
        title="Reports of duplicates",
        text="reported by users as the same person",
        url=reverse("admin:clients_duplicatereport_changelist") + "?state=open",
        icon="duplicate",
        count=waiting(reports.unresolved()),
    )
