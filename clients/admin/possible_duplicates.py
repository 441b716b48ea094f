"""The queue of pairs that `find_duplicates` listed, likeliest first (11.2)."""

from django.contrib import admin, messages
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from agencies.requests import UserRequest
from clients.duplicates import actions
from clients.models import Client, PossibleDuplicate
from clients.models.possible_duplicate import PossibleDuplicateQuerySet
from records.admin import ReadOnlyAdmin

Decision = PossibleDuplicate.Decision
LIKELIHOODS = ((0.99, "Almost certain"), (0.9, "Very likely"), (0.6, "Likely"), (0, "Perhaps"))
MOST_DIGITS = 18


class DecisionFilter(admin.SimpleListFilter):
    """What waits for a decision, unless something else is asked for."""

    title = "decision"
    parameter_name = "decision"

    def lookups(self, request, model_admin):
        return [choice for choice in Decision.choices if choice[0] != Decision.OPEN]

    def choices(self, changelist):
        all_of_them, *others = super().choices(changelist)
        yield all_of_them | {"display": Decision.OPEN.label}
        yield from others

    def queryset(self, request, queryset):
        return queryset.filter(decision=self.value() or Decision.OPEN)


class PossibleDuplicateAdmin(ReadOnlyAdmin):
    """Pairs of which the officer's organizations filed both; an administrator sees all."""

    lead = "Pairs of records that look like one person. Nothing is merged before somebody says so."
    icon = "duplicate"
    empty_title = "No pair waits for a decision"
    empty_text = "Records are compared every night; what looks like one person is listed here."
    search_label = "Client ID"
    search_fields = ["client_1__id"]  # by get_search_results
    list_display = ["first", "second", "likelihood", "why", "found", "merge"]
    list_filter = [DecisionFilter]
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

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        if not (term.isascii() and term.isdigit() and len(term) <= MOST_DIGITS):
            return queryset.none(), False
        return queryset.filter(Q(client_1=int(term)) | Q(client_2=int(term))), False

    @admin.display(description="client")
    def first(self, pair: PossibleDuplicate) -> str:
        return _named(pair.client_1)

    @admin.display(description="perhaps the same as")
    def second(self, pair: PossibleDuplicate) -> str:
        return _named(pair.client_2)

    @admin.display(description="one person", ordering="score")
    def likelihood(self, pair: PossibleDuplicate) -> str:
        return next(words for least, words in LIKELIHOODS if pair.score >= least)

    @admin.display(description="because")
    def why(self, pair: PossibleDuplicate) -> str:
        return " · ".join(pair.reasons)

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
        messages.success(
            request,
            format_html(
                '{}. <a href="{}">Take it back</a>', _so_many(count, "different people"), url
            ),
        )

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


def _named(client: Client) -> str:
    return f"{client.sorted_name} ({client.pk})"


def _so_many(count: int, what: str) -> str:
    return f"{count} pair{'' if count == 1 else 's'}: {what}"
