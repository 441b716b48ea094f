"""Who viewed, revealed or opened a client: read by officers, edited by nobody."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q
from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from agencies.admin import UserFilter
from clients.access_log import trail
from clients.access_log.accounting import SOMEBODY
from clients.access_log.recorder import record_views
from clients.admin.lists import ClientRowsAdmin
from clients.admin.visits import SIZE, Visit, visits
from clients.emergency import end_emergency_access
from clients.models import ClientAccess, EmergencyAccess, SSNReveal
from clients.models.access import EmergencyAccessQuerySet
from records.admin import (
    Card,
    ClientFilter,
    FromDay,
    OrganizationFilter,
    ToDay,
    list_card,
    page_number,
)
from records.admin.changes import PAGE, page_of
from records.admin.lists import MOST_PAGES, MoreChangeList, column

# What a line says of whose it is; the rest of their rows is not read for each access.
USER = [f"user__{name}" for name in ("first_name", "last_name", "email")]
ORGANIZATION = [
    f"organization__{name}" for name in ("organization_common_name", "organization_name")
]


class ListedFilter(ClientFilter):
    """A client alone or on a list."""

    def of_client(self, queryset, client_id: int):
        return queryset.filter(Q(client=client_id) | Q(listed__contains=[client_id]))


def page_name(view_name: str) -> str:
    return import_string(settings.ACCESS_PAGE_NAMES)(view_name)


class VisitChangeList(MoreChangeList):
    """A page of the log, grouped."""

    def get_queryset(self, request):
        shown = ["at", "client", "listed", "kind", "page", *USER, *ORGANIZATION]
        return super().get_queryset(request).only(*shown)

    @property
    def visits(self) -> list[Visit]:
        return visits(self.result_list, page_name=page_name, who=lambda view: str(view.user))


class TrailForm(forms.Form):
    client = forms.IntegerField(label="Client ID", min_value=1, max_value=2**63 - 1)


@admin.register(ClientAccess)
class ClientAccessAdmin(ClientRowsAdmin):
    """Views of clients' records for the officer's organizations, by visit.

    Who viewed a client of theirs for another organization is shown for each client alone
    (clients/access_log/trail.py).
    """

    icon = "eye"
    heading = "Access log"
    lead = (
        "Who viewed which client's record, and when: what a user did with one client without an "
        "hour's break is one line, which opens. This log cannot be edited."
    )
    empty_title = "No views"
    empty_text = "Whenever somebody opens a client's record, it is listed here."
    list_per_page = SIZE
    list_display = ["user"]
    list_filter = [ListedFilter, UserFilter, "kind", FromDay, ToDay, OrganizationFilter]
    list_select_related = ["user", "organization"]
    fields = readonly_fields = [
        *("at", "user", "client_number", "kind", "page_in_words", "organization", "request_id")
    ]

    def get_changelist(self, request, **options):
        return VisitChangeList

    def clients_of(self, row) -> list[int]:
        return []  # numbers alone: to read who viewed a record is not to view it

    page_in_words = column("page", lambda view: page_name(view.page))

    @admin.display(description="Client ID")
    def client_number(self, view: ClientAccess) -> str:
        return str(view.client_id) if view.client_id else ", ".join(map(str, view.listed))

    def get_urls(self):
        page = self.admin_site.admin_view
        mine = [path("of-client/", page(self.of_client), name="clients_clientaccess_trail")]
        return mine + super().get_urls()

    @method_decorator(require_GET)
    def of_client(self, request):
        """Every change of one client's record, or every view of it."""
        form = TrailForm(request.GET if "client" in request.GET else None)
        shows_views = request.GET.get("show") == "views"
        page = self.admin_site.each_context(request) | {
            "title": "Client's history",
            "form": form,
            "shows_views": shows_views,
            "is_asked": form.is_bound and form.is_valid(),
        }
        if page["is_asked"]:
            page |= self._of(request, form.cleaned_data["client"], shows_views=shows_views)
        return render(request, "admin/clients/trail.html", page)

    @staticmethod
    def _of(request, client_id: int, *, shows_views: bool) -> dict:
        user, number = request.user, page_number(request)
        size = SIZE if shows_views else PAGE
        first = (number - 1) * size
        client = trail.client_on_record(user, client_id)
        found: list = []
        if client and shows_views:
            found = list(trail.views_of(user, client)[first : first + size + 1])
        elif client:
            record_views(request, [client], ClientAccess.Kind.VIEW)
            sources = trail.changes_of(request, client)
            found = page_of(sources, user, first=first) if sources else []

        def who(view: ClientAccess) -> str:
            return str(view.user) if view.organization_id in user.dqo_organizations else SOMEBODY

        return {
            "client_id": client_id,
            "may_account": client is not None and trail.answers_for(user, client),
            "number": number,
            "entries": found[:size],
            "visits": visits(found[:size], page_name=page_name, who=who) if shows_views else [],
            "has_more": len(found) > size and number < MOST_PAGES,
            "query": f"client={client_id}&{'show=views&' if shows_views else ''}",
        }


@admin.register(SSNReveal)
class SSNRevealAdmin(ClientRowsAdmin):
    """Who was shown a full SSN for the officer's organizations, and for what (R3.6)."""

    icon = "eye"
    heading = "Revealed SSNs"
    lead = "Who saw a full SSN, and why. This log cannot be edited."
    empty_title = "No SSN was revealed"
    empty_text = "Whenever somebody shows a full SSN, it is listed here, with the reason."
    list_display = ["at", "user", "client_number", "reason", "other", "organization"]
    list_filter = [ClientFilter, UserFilter, "reason", FromDay, ToDay, OrganizationFilter]
    list_select_related = ["user", "organization"]
    fields = readonly_fields = list_display


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(ClientRowsAdmin):
    """Who read a restricted client of the officer's organizations in an emergency, and why."""

    scope = "client__organization"
    officer_permissions = frozenset({"end"})
    icon = "warning"
    heading = "Emergency access"
    lead = (
        "Who opened a restricted client of your organizations in an emergency, until when and why."
    )
    empty_title = "No emergency access"
    empty_text = (
        "When somebody opens a restricted client of your organizations in an emergency, it is "
        "listed here, and you are notified."
    )
    actions = ["end_access"]
    list_display = [
        *("begins_at", "user", "organization", "client_number", "reason", "explanation"),
        *("ends_at", "ended_at"),
    ]
    list_filter = [ClientFilter, "reason"]
    list_select_related = ["user", "organization"]
    ordering = ["-begins_at", "-pk"]
    fields = readonly_fields = [*list_display, "ended_by"]

    @admin.action(description="End access", permissions=["end"])
    def end_access(self, request, rows):
        rows = rows.select_related("client__organization", "user")
        ended = sum(end_emergency_access(access=row, by=request.user) for row in rows)
        self.message_user(request, f"{ended} ended.", messages.SUCCESS)

    def has_end_permission(self, request) -> bool:
        return self._allows(request, "end")


def emergency_card(request) -> Card | None:
    """Emergency access that is open now to clients of the officer's organizations."""
    running = EmergencyAccessQuerySet.running
    card = list_card(request, EmergencyAccess, running, "open now to your restricted clients")
    return card if card.count else None
