from datetime import timedelta
from operator import attrgetter

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from privacy.models import ClientRequest, RetentionList
from records import clock
from records.admin import Card, ClientFilter, OrganizationFilter, ReadOnlyAdmin, column, list_card

SOON = timedelta(days=7)


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*ClientRequest.State.choices, ("all", "All")]

    def choices(self, changelist):
        waits, *others = super().choices(changelist)
        yield waits | {"display": "To be answered or carried out"}
        yield from others

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value()) if self.value() else queryset.waiting()


@admin.register(ClientRequest)
class ClientRequestAdmin(ReadOnlyAdmin):
    """What clients asked of the officer's organizations; answered on the client's own page."""

    icon = "note"
    heading = "Requests of clients"
    lead = "Copies, corrections, erasures and accountings that clients have asked for."
    empty_title = "No open requests"
    empty_text = "Add a request on the client's page, under Requests and Copies."
    list_display = ["client_number", "page", "due", "state", "asked_on", "organization"]
    list_display_links = None
    list_filter = [StateFilter, "kind", ClientFilter, OrganizationFilter]
    list_select_related = ["organization"]
    ordering = ["due_on", "pk"]
    sortable_by = ["asked_on", "due"]
    fields = readonly_fields = [
        *("client_number", "kind", "state", "asked_on", "asked_by", "identified_by", "due_on"),
        *("answered_at", "done_at", "organization"),
    ]

    client_number = column("Client ID", attrgetter("client_id"))

    @admin.display(description="due", ordering="due_on")
    def due(self, asked: ClientRequest) -> str:
        day = f"{asked.due_on:%m/%d/%Y}"
        return f"{day} · {asked.due_in_words}" if asked.is_waiting else day

    @admin.display(description="request")
    def page(self, asked: ClientRequest) -> str:
        kind, said = asked.get_kind_display(), f" of client {asked.client_id}"
        page = '<a href="{}">{}<span class="visually-hidden">{}</span></a>'
        return format_html(page, asked.get_absolute_url(), kind, said)


def due_soon(rows):
    return rows.waiting().due_by(clock.today() + SOON)


def requests_card(request) -> Card:
    return list_card(request, ClientRequest, due_soon, "due within seven days, or overdue")


def retention_card(request) -> Card | None:
    """How many clients the last listing found; for administrators, who erase by the command."""
    if not request.user.is_superuser:
        return None
    listed = RetentionList.objects.first()
    if listed is None or not listed.clients:
        return None
    return Card(
        title="Retention",
        text=f"unchanged for {settings.RETENTION_YEARS} years. "
        "See apply_retention in docs/privacy.md",
        url=reverse("admin:privacy_clientrequest_changelist"),
        icon="clock",
        count=listed.clients,
    )
