"""Security events, alerts made of them, and limits reached: read by officers, edited by nobody."""

from operator import attrgetter
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from agencies.event_words import words_of
from agencies.limits import lift
from agencies.models import SecurityAlert, SecurityEvent, UseCount, User
from agencies.models.security_event import SecurityAlertQuerySet
from hud.text import as_id
from records.admin.cards import Card, list_card
from records.admin.filters import BoxFilter, FromDay, ToDay
from records.admin.lists import column
from records.admin.scoped import OrganizationFilter, ReadOnlyAdmin

ADMINISTRATOR = "An administrator"
SOMEBODY = "A user of another organization"


class UserFilter(BoxFilter):
    """By the e-mail of a user whom the officer knows; nobody else's finds anything."""

    title = "user's e-mail"
    parameter_name = "user"

    def found(self, request, queryset, typed: str):
        return queryset.filter(user__in=self.users(request, email=typed.lower()))

    def users(self, request, **typed) -> list[int]:
        users = User.objects.filter(**typed)
        if not request.user.is_superuser:
            users = users.known_to(request.user)
        return list(users.values_list("pk", flat=True))


class PersonFilter(UserFilter):
    """What a user did, and what was done to the user's account; links name the user's number."""

    title = "user's e-mail or ID"

    def found(self, request, queryset, typed: str):
        key = as_id(typed)
        by = {"email": typed.lower()} if key is None else {"pk": key}
        keys = self.users(request, **by)
        return queryset.filter(Q(user__in=keys) | Q(subject__in=keys))


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    icon = "shield"
    heading = "Security events"
    lead = "Log-ins, access changes and refused requests. This log cannot be edited."
    empty_title = "No events yet"
    empty_text = "Log-ins, access changes and refused requests of your users are listed here."
    list_display = ["when", "kind", "who", "about", "details", "client", "address"]
    list_display_links = ["when"]
    list_filter = ["kind", PersonFilter, FromDay, ToDay, OrganizationFilter]
    list_select_related = ["user", "subject", "organization"]
    ordering = ["-at", "-pk"]
    sortable_by = ()
    fields = readonly_fields = [
        *("when", "kind", "who", "about", "details", "client", "organization"),
        *("address", "request_id", "unknown_account"),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows.annotate(knows_user=Value(True), knows_subject=Value(True))
        known = User.objects.known_to(request.user).order_by()
        is_here = Q(organization__in=request.user.dqo_organizations)
        is_self = request.user.pk
        return rows.annotate(
            knows_user=is_here | Q(user=is_self) | Q(Exists(known.filter(pk=OuterRef("user")))),
            knows_subject=is_here | Q(Exists(known.filter(pk=OuterRef("subject")))),
        )

    def limit_queryset(self, rows, request):
        return rows.for_officer(request.user)

    when = column("when", lambda row: date_format(timezone.localtime(row.at), "DATETIME_FORMAT"))
    who = column("user", lambda event: _named(event.user, is_known=event.knows_user))
    about = column("account of", lambda row: _named(row.subject, is_known=row.knows_subject))
    details = column("details", words_of)
    unknown_account = column("unknown account", lambda event: event.account_digest[:16])


def _named(user: User | None, *, is_known: bool) -> str:
    if user is None:
        return ""
    return str(user) if is_known else ADMINISTRATOR if user.is_superuser else SOMEBODY


class SeenFilter(admin.SimpleListFilter):
    """What nobody has looked at, unless something else is asked for."""

    title = "state"
    parameter_name = "seen"

    def lookups(self, request, model_admin):
        return [("yes", "Seen")]

    def choices(self, changelist):
        new, *others = super().choices(changelist)
        yield new | {"display": "New"}
        yield from others

    def queryset(self, request, queryset):
        return queryset.exclude(seen_at=None) if self.value() == "yes" else queryset.unseen()


@admin.register(SecurityAlert)
class SecurityAlertAdmin(ReadOnlyAdmin):
    icon = "warning"
    heading = "Security alerts"
    lead = "Unusual activity of your users: check the events, or ask the user."
    empty_title = "No new alerts"
    empty_text = (
        "Many opened records, log-ins with a new browser, resets of two-step log-in and similar "
        "events are listed here and e-mailed to you."
    )
    list_display = ["at", "kind", "person", "organization", "state", "events"]
    list_display_links = None
    list_filter = [SeenFilter, "kind", UserFilter, FromDay, ToDay]
    list_select_related = ["user", "organization", "seen_by"]
    ordering = ["-at", "-pk"]
    sortable_by = ()
    actions = ["seen"]
    fields = readonly_fields = ["at", "kind", "person", "organization", "state", "events"]

    def limit_queryset(self, rows, request):
        return rows.for_officer(request.user)

    person = column("user", attrgetter("user"))
    state = column("state", lambda alert: f"Seen by {alert.seen_by}" if alert.seen_at else "New")

    @admin.display(description="events")
    def events(self, alert: SecurityAlert) -> str:
        """All that this user did on the day."""
        day = f"{alert.day:%m/%d/%Y}"
        query = urlencode({"user": alert.user_id, "from": day, "to": day})
        return format_html(
            '<a href="{}?{}" aria-label="Events of alert {}">Events of the day</a>',
            *(reverse("admin:agencies_securityevent_changelist"), query, alert.pk),
        )

    @admin.action(description="Mark as seen", permissions=["view"])
    def seen(self, request, alerts) -> None:
        count = alerts.mark_seen(by=request.user)
        messages.success(request, f"{count} alert{'' if count == 1 else 's'} marked as seen.")

    def get_actions(self, request):
        found = super().get_actions(request)
        return {} if request.GET.get("seen") == "yes" else found


@admin.register(UseCount)
class UseCountAdmin(ReadOnlyAdmin):
    """Hours in which a user was asked or stopped: of the officer's own users (R16.1)."""

    officer_permissions = frozenset({"lift"})
    actions = ["lift"]
    icon = "shield"
    heading = "Limits reached"
    lead = "Who searched for, opened or revealed more than usual, and the reason they gave."
    empty_title = "Nobody reached a limit"
    empty_text = (
        "Users who search for, open or reveal more in an hour than usual are listed here, with "
        "the reason they gave."
    )
    list_display = ["hour", "user", "what", "count", "reason", "asked_at", "stopped_at"]
    list_display_links = None
    list_filter = [UserFilter, "kind"]
    list_select_related = ["user"]
    ordering = ["-hour", "-pk"]
    sortable_by = ()
    fields = readonly_fields = ["hour", "user", "what", "count", "reason", "asked_at", "stopped_at"]

    what = column("what", lambda row: row.get_kind_display().capitalize())

    @admin.action(description="Lift this limit", permissions=["lift"])
    def lift(self, request, rows) -> None:
        """Nobody lifts the own limit."""
        lifted = [row for row in rows if row.user_id != request.user.pk]
        for row in lifted:
            lift(row, by=request.user)
        if lifted:
            messages.success(request, f"{len(lifted)} lifted. The counts of today begin again.")
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


def alerts_card(request) -> Card:
    unseen = SecurityAlertQuerySet.unseen
    return list_card(request, SecurityAlert, unseen, "about your users, not looked at yet")
