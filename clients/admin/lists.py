"""What several lists of clients' data have."""

from operator import attrgetter

from django.contrib import admin
from django.db import models

from records.admin import ReadOnlyAdmin, column


class ClientRowsAdmin(ReadOnlyAdmin):
    """Rows that are each about one client, who is named by the ID alone; the newest first."""

    list_display_links = None
    ordering = ["-at", "-pk"]
    sortable_by = ()

    client_number = column("Client ID", attrgetter("client_id"))


def decision_filter(decisions: type[models.TextChoices], title: str) -> type:
    """What waits for a decision, unless something else is asked for."""

    class DecisionFilter(admin.SimpleListFilter):
        parameter_name = "decision"

        def lookups(self, request, model_admin):
            return [choice for choice in decisions.choices if choice[0] != decisions.OPEN]

        def choices(self, changelist):
            everything, *others = super().choices(changelist)
            yield everything | {"display": decisions.OPEN.label}
            yield from others

        def queryset(self, request, queryset):
            return queryset.filter(decision=self.value() or decisions.OPEN)

    DecisionFilter.title = title
    return DecisionFilter
