"""Pairs that may be one person, reports of duplicates, and merges (11.2)."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from agencies.models import User
from agencies.requests import UserRequest
from clients.admin.lists import decision_filter
from clients.duplicates import actions
from clients.models import Client, ClientMerge, DuplicateReport, PossibleDuplicate
from clients.models.duplicates import PossibleDuplicateQuerySet
from clients.querysets import ReportQuerySet
from clients.search.similarity import SSN_DIGIT, SSN_DIGITS
from clients.ssn import may_compare_ssns
from clients.views import merge as merge_views
from hud.text import as_id
from records.admin import Card, ReadOnlyAdmin, column, list_card

Decision = PossibleDuplicate.Decision
NOT_SHARED = "One of them is deleted or not shared with you."
NOT_OWN = (
    "You cannot merge these two: a Data Quality Officer of the organizations that filed them does, "
    "or an administrator."
)
NOT_AS_SEEN = "This report was decided before you pressed the button. Nothing more was changed."
LIKELIHOODS = ((0.99, "Almost certain"), (0.9, "Very likely"), (0.6, "Likely"), (0, "Perhaps"))


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(ReadOnlyAdmin):
    """Pairs of which the officer's organizations filed both; an administrator sees all."""

    lead = (
        "Pairs of records that look like the same person. Nothing is merged until somebody decides."
    )
    icon = "duplicate"
    empty_title = "No pairs to decide"
    empty_text = (
        "Records are compared every night; pairs that look like the same person are listed here."
    )
    search_label = "Client ID"
    search_fields = ["client_1__id"]  # by get_search_results
    list_display = ["first", "second", "likelihood", "why", "found", "merge"]
    list_filter = [decision_filter(Decision, "decision")]
    list_select_related = ["client_1", "client_2"]
    list_display_links = None
    ordering = ["-score", "pk"]
    sortable_by = ["likelihood", "found"]
    actions = ["different", "reopen"]
    fields = (
        *("first", "second", "likelihood", "why", "found"),
        *("decision", "decided_by", "decided_at", "merge"),
    )
    readonly_fields = fields

    def get_queryset(self, request: UserRequest) -> PossibleDuplicateQuerySet:
        # No SSN is decrypted for a list.
        rows = super().get_queryset(request).current()
        return rows.select_related("client_1", "client_2").defer("client_1__ssn", "client_2__ssn")

    def limit_queryset(self, rows: PossibleDuplicateQuerySet, request: UserRequest):
        return rows.for_officer(request.user)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        _note_rights(changelist.result_list, request.user)
        return changelist

    def get_object(self, request, object_id, from_field=None):
        pair = super().get_object(request, object_id, from_field)
        _note_rights([pair] if pair else [], request.user)
        return pair

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        client_id = as_id(search_term)
        return queryset.filter(Q(client_1=client_id) | Q(client_2=client_id)), False

    first = column("client", lambda pair: _named(pair.client_1))
    second = column("perhaps the same as", lambda pair: _named(pair.client_2))
    why = column("because", lambda pair: " · ".join(_told(pair)))

    @admin.display(description="one person", ordering="score")
    def likelihood(self, pair: PossibleDuplicate) -> str:
        return next(words for least, words in LIKELIHOODS if pair.score >= least)

    @admin.display(description="found", ordering="found_at")
    def found(self, pair: PossibleDuplicate) -> str:
        return f"{timezone.localtime(pair.found_at):%m/%d/%Y}"

    @admin.display(description="merge")
    def merge(self, pair: PossibleDuplicate) -> str:
        url = reverse("admin:clients_merge", args=[pair.client_1_id, pair.client_2_id])
        label = f"Compare clients {pair.client_1_id} and {pair.client_2_id}"
        return format_html('<a href="{}" aria-label="{}">Compare</a>', url, label)

    @admin.action(description="These are different people", permissions=["view"])
    def different(self, request: UserRequest, pairs: PossibleDuplicateQuerySet) -> None:
        count = actions.decide_pairs(pairs=pairs, decision=Decision.DIFFERENT, by=request.user)
        url = f"{request.path}?decision={Decision.DIFFERENT}"
        done = _so_many(count, "different people")
        messages.success(request, format_html('{}. <a href="{}">Withdraw it</a>', done, url))

    @admin.action(description="Open again", permissions=["view"])
    def reopen(self, request: UserRequest, pairs: PossibleDuplicateQuerySet) -> None:
        count = actions.reopen_pairs(pairs=pairs)
        messages.success(request, f"{_so_many(count, 'to be decided again')}.")

    def get_actions(self, request: UserRequest):
        """Of the two actions the one that fits the rows of this list."""
        found = super().get_actions(request)
        is_open = request.GET.get("decision", "") in ("", Decision.OPEN)
        found.pop("reopen" if is_open else "different", None)
        return found


def open_pairs(rows: PossibleDuplicateQuerySet) -> PossibleDuplicateQuerySet:
    return rows.filter(decision=Decision.OPEN)


def possible_duplicates_card(request) -> Card:
    return list_card(request, PossibleDuplicate, open_pairs, "found by comparing the records")


def _note_rights(pairs: Iterable[Any], user: User) -> None:
    """Say on each pair whether the user may be told by how many digits SSNs differ."""
    tells_ssn = may_compare_ssns(user)
    for pair in pairs:
        pair.tells_ssn = tells_ssn


def _told(pair: Any) -> list[str]:
    """The reasons, without by how many digits SSNs differ for who may not reveal any."""
    if pair.tells_ssn:
        return pair.reasons
    hidden = {SSN_DIGIT.reason, SSN_DIGITS.reason}
    return [one for one in pair.reasons if one not in hidden] or ["Similar"]


def _named(client: Client) -> str:
    return f"{client.sorted_name} ({client.pk})"


def _so_many(count: int, what: str) -> str:
    return f"{count} pair{'' if count == 1 else 's'}: {what}"


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
    lead = "Pairs of clients that your users reported as the same person."
    empty_title = "No reports"
    empty_text = "Two clients whom a user reports as the same person are listed here."

    list_display = ["pair", "date_created", "created_by", "organization", "state", "side_by_side"]
    list_filter = [StateFilter]
    list_select_related = ["created_by", "organization"]
    fields = [
        *("first_id", "second_id", "comment", "created_by", "date_created", "mailed_at"),
        *("state", "resolved_by", "resolved_at"),
    ]
    readonly_fields = fields

    first_id = column("first Client ID", attrgetter("client_1_id"))
    second_id = column("second Client ID", attrgetter("client_2_id"))
    pair = column("clients", str)

    @admin.display(description="state", ordering="resolution")
    def state(self, report: DuplicateReport) -> str:
        return report.get_resolution_display() or "Open"

    @admin.display(description="compare")
    def side_by_side(self, report: DuplicateReport) -> str:
        if not report.are_shared:
            return NOT_SHARED
        return format_html('<a href="{}">Side by side</a>', report.get_absolute_url())

    def get_queryset(self, request: UserRequest) -> ReportQuerySet:
        return super().get_queryset(request).with_sharing(request.user)

    def render_change_form(self, request, context, *args, obj=None, **options):
        """Say why the two cannot be compared, where there is no such page for the officer."""
        if not obj.are_shared:
            context["why_not"] = NOT_SHARED
        elif not merge_views.may_open(request.user, obj.client_1_id, obj.client_2_id):
            context["why_not"] = NOT_OWN
        return super().render_change_form(request, context, *args, obj=obj, **options)

    def get_urls(self):
        resolve = self.admin_site.admin_view(self.resolve)
        name = "clients_duplicatereport_different"
        return [path("<int:report_id>/different/", resolve, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def resolve(self, request: HttpRequest, report_id: int) -> HttpResponse:
        """Different people: the report is resolved, or opened again."""
        report = get_object_or_404(self.get_queryset(request), pk=report_id)
        is_again = "again" in request.POST
        if not actions.decide_report(report=report, is_again=is_again, by=request.user):
            messages.warning(request, NOT_AS_SEEN)
        elif is_again:
            messages.success(request, "The report is open again.")
        else:
            messages.success(request, "The report is resolved: different people.")
        return redirect("admin:clients_duplicatereport_change", report.pk)


def duplicate_reports_card(request) -> Card:
    return list_card(
        request,
        DuplicateReport,
        ReportQuerySet.unresolved,
        "reported by users as the same person",
        "?state=open",
    )


@admin.register(ClientMerge)
class ClientMergeAdmin(ReadOnlyAdmin):
    """The merges of clients of the officer's own organizations, each with its way back."""

    lead = "Two records that were merged into one. Open a merge to see what it did or to undo it."
    icon = "duplicate"
    empty_title = "Nothing has been merged yet"
    empty_text = "Compare two records from a duplicate report and merge them there."
    list_display = ["__str__", "merged_at", "by", "state"]
    list_select_related = ["by"]

    def limit_queryset(self, rows, request):
        return rows.for_officer(request.user)

    merged_at = column("merged", attrgetter("at"), ordering="at")

    @admin.display(description="state", ordering="undone_at")
    def state(self, merge: ClientMerge) -> str:
        return "Merged" if merge.is_in_force else f"Undone on {merge.undone_on:%m/%d/%Y}"

    def get_urls(self):
        merge = self.admin_site.admin_view(merge_views.merge)
        pair = "pair/<int:client_1_id>/<int:client_2_id>/"
        return [path(pair, merge, name="clients_merge"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if as_id(object_id) is None or self.get_object(request, object_id) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return merge_views.merged(request, int(object_id))
