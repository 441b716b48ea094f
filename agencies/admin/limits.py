"""Who reached a limit of use, and why they went on."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q

from agencies.admin.filters import UserFilter
from agencies.limits import lift
from agencies.models import UseCount, User
from records.admin.scoped import ReadOnlyAdmin


@admin.register(UseCount)
class UseCountAdmin(ReadOnlyAdmin):
    """Hours in which a user was asked or stopped: of the officer's own users (R16.1)."""

    officer_permissions = frozenset({"lift"})
    actions = ["lift"]
    icon = "shield"
    heading = "Limits reached"
    lead = "Who searched for, opened or revealed more than usual, and the reason they gave."
    empty_title = "Nobody reached a limit"
    list_display = ["hour", "user", "what", "count", "reason", "asked_at", "stopped_at"]
    list_display_links = None
    list_filter = [UserFilter, "kind"]
    list_select_related = ["user"]
    ordering = ["-hour", "-pk"]
    sortable_by = ()
    fields = readonly_fields = ["hour", "user", "what", "count", "reason", "asked_at", "stopped_at"]

    @admin.display(description="what")
    def what(self, row: UseCount) -> str:
        return row.get_kind_display().capitalize()

    @admin.action(description="Lift this limit", permissions=["lift"])
    def lift(self, request, rows) -> None:
        """Nobody lifts the own limit."""
        lifted = [row for row in rows if row.user_id != request.user.pk]
        for row in lifted:
            lift(row, by=request.user)
        if lifted:
            messages.success(request, f"{len(lifted)} lifted. The counts of today begin anew.")
        if len(lifted) < len(rows):
            messages.error(
                request, "Ask another officer or an administrator to lift your own limit."
            )

    def has_lift_permission(self, request) -> bool:
        return self._allows(request, "lift")

    def get_queryset(self, request):
        reached = Q(asked_at__isnull=False) | Q(stopped_at__isnull=False)
        return super().get_queryset(request).filter(reached)

    def limit_queryset(self, rows, request):
        theirs = User.objects.known_to(request.user).filter(pk=OuterRef("user")).order_by()
        return rows.filter(Exists(theirs))
