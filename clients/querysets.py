from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    BooleanField,
    Exists,
    Expression,
    ExpressionWrapper,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Coalesce, Concat, JSONObject, Left, NullIf, Trim, TruncDate

from agencies.models import User
from clients.sharing import Part, covered, identity_for, shared_with, some_need_release
from hud.text import normalised
from records.querysets import RecordQuerySet, own_organization
from records.statements import compiled
from records.visibility import Visibility

# The most letters of a last name that have an index of their own together with the first name.
INDEXED_LETTERS = 3


class NameKeyQuerySet(models.QuerySet):
    """Rows with the keys of a first and a last name."""

    def named(self, first: str = "", last: str = "") -> Self:
        """Match both names by prefix, whatever the case or accents."""
        first_key, last_key = normalised(first), normalised(last)
        rows = self
        if first_key and last_key:
            rows = rows.last_begins(last_key[:INDEXED_LETTERS])
        if last_key[INDEXED_LETTERS:] or not first_key:
            rows = rows.filter(last_key__startswith=last_key) if last_key else rows
        return rows.filter(first_key__startswith=first_key) if first_key else rows

    def last_begins(self, letters: str) -> Self:
        """Match one to three letters by equality, so that an index goes on with the first name."""
        column = f"last{len(letters)}"
        return self.alias(**{column: Left("last_key", len(letters))}).filter(**{column: letters})


class NamedQuerySet(NameKeyQuerySet):
    """Rows with a first and a last name."""

    def bulk_create(self, objs, *args, **options):
        objs = list(objs)
        rows = super().bulk_create(objs, *args, **options)
        apps.get_model("clients", "NameSpelling").remember(objs)
        return rows


def opened_in_emergency(user: User) -> models.QuerySet:
    """The IDs of the clients whom emergency access opens to a user right now."""
    accesses = apps.get_model("clients", "EmergencyAccess").objects
    return accesses.open_to(user).values("client")


class ClientQuerySet(RecordQuerySet, NamedQuerySet):  # type: ignore[override]
    def visible_to(self, user: User) -> Self:
        """Those of whom the user may know who they are (`clients.sharing`)."""
        return self.filter(shared_with(user, Part.IDENTITY))

    def openable_by(self, user: User) -> Self:
        """Those that a user may open by their ID: emergency access opens what no list shows."""
        if user.is_superuser or not settings.BREAK_GLASS:
            return self.visible_to(user)
        is_emergency = Q(pk__in=opened_in_emergency(user))
        return self.filter(shared_with(user, Part.IDENTITY) | is_emergency)

    def with_sharing(self, user: User) -> Self:
        """With what is shared with the user.

        `is_shared`: whether the user sees who it is without emergency access. `may_hide`: whether
        some agency shares nothing without a release, and none covers the user. `has_details`:
        whether the client's details are shared too, such as the address.
        """
        if user.is_superuser:
            every = {"is_shared": Value(True), "has_details": Value(True)}
            return self.annotate(**every, may_hide=Value(False))
        has_details = identity_for(list(user.access), part=Part.RECORDS)
        rows = self.annotate(has_details=ExpressionWrapper(has_details, BooleanField()))
        if settings.BREAK_GLASS:
            is_shared = shared_with(user, Part.IDENTITY)
            rows = rows.annotate(is_shared=ExpressionWrapper(is_shared, BooleanField()))
        else:  # nothing else opens a client
            rows = rows.annotate(is_shared=Value(True))
        may_hide = Q(some_need_release()) & ~covered(list(user.access), "pk")
        return rows.annotate(may_hide=ExpressionWrapper(may_hide, BooleanField()))

    def hidden_from(self, user: User) -> Self:
        """Those that the user sees by emergency access alone, where their agency allows it."""
        rows = self.filter(
            organization__victim_service_provider=False,
            organization__allows_emergency_access=True,
        )
        return rows.none() if user.is_superuser else rows.exclude(shared_with(user, Part.IDENTITY))

    def current(self) -> Self:
        """Leave out the tombstones of merged-away clients."""
        return self.filter(merged_into=None)

    def numbered(self, client_id: int | Expression) -> Self:
        """The client of this ID, or the one that it was merged into."""
        rows: models.QuerySet = models.QuerySet(self.model).filter(pk=client_id)
        if isinstance(client_id, int):  # which Django takes for one of four bytes
            client_id = Value(client_id, models.BigIntegerField())
        return self.filter(pk=Coalesce(rows.values("merged_into"), client_id)).current()

    def who_remain(self, client_ids: Iterable[int]) -> dict[int, int]:
        """For each ID that there is the one of the client who remains: the same, or another."""
        rows: models.QuerySet = models.QuerySet(self.model).filter(pk__in=list(client_ids))
        return dict(rows.values_list("pk", Coalesce("merged_into", "pk")))

    def with_alias_names(self) -> Self:
        """Bring each client's other names along, so that the page needs no query for them."""
        aliases = apps.get_model("clients", "ClientAlias").objects.filter(client=OuterRef("pk"))
        names = Trim(Concat("first_name", Value(" "), "last_name"))
        rows = aliases.order_by("pk").annotate(name=names).values("name")
        return self.annotate(alias_names=ArraySubquery(rows))

    def with_alert_rows(self, user: User, day: date) -> Self:
        """Bring along the alerts of that day, which stand on every page of a client."""
        alerts = apps.get_model("clients", "Alert").objects.filter(client=OuterRef("pk"))
        shown = ("pk", "text", "begins_on", "ends_on")
        written = ("date_created", "date_updated", "updated_by_id")
        columns = {name: name for name in (*shown, *written)}
        rows = alerts.visible_to(user).active_on(day).values_list(JSONObject(**columns))
        return self.annotate(alert_rows=ArraySubquery(rows))

    def with_open_changes(self) -> Self:
        """Bring along what other organizations changed of the client and nobody has reviewed."""
        changes = apps.get_model("clients", "IdentityChange").objects
        rows = changes.filter(client=OuterRef("pk"), decision="open").order_by("-at", "-pk")
        common, legal = (f"changed_for__organization_{which}" for which in ("common_name", "name"))
        name = Coalesce(NullIf(common, Value("")), legal)
        columns = {"pk": "pk", "day": TruncDate("at"), "groups": "groups", "organization": name}
        return self.annotate(open_changes=ArraySubquery(rows.values_list(JSONObject(**columns))))


class ClientRecordQuerySet(RecordQuerySet):
    """Rows that hang on a client: those of others are never seen where the client is not.

    part: what of the client they are. beneath: the paths of the organizations of what they hang on.
    """

    part = Part.RECORDS
    beneath: tuple[str, ...] = ()

    def visible_to(self, user: User) -> Self:
        """With emergency access to the client, what its organization shares with it too."""
        if user.is_superuser or not settings.BREAK_GLASS:
            return self.openly_visible_to(user)
        is_opened = Q(client__in=opened_in_emergency(user)) & self._unrestricted(user)
        return self.filter(self._shared(user) | is_opened, client__date_deleted=None)

    def openly_visible_to(self, user: User) -> Self:
        """Without what emergency access alone opens: it lets one read a client's own pages only.

        For what is changed, listed, printed or exported together with other clients.
        """
        if user.is_superuser:
            return self
        return self.filter(self._shared(user), client__date_deleted=None)

    def _shared(self, user: User) -> Q:
        is_shared = shared_with(user, self.part, "client", "organization", *self.beneath)
        return is_shared & self._unrestricted(user) if self.part is Part.IDENTITY else is_shared

    @staticmethod
    def _unrestricted(user: User) -> Q:
        return Q(visibility=Visibility.ALL_ORGANIZATIONS) | own_organization(user)

    def of_client(self, client_id: int) -> Self:
        return self.filter(client=client_id)


class AlertQuerySet(ClientRecordQuerySet):
    def active_on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), begins_on__lte=day)


class ReportQuerySet(RecordQuerySet):
    def with_sharing(self, user: User) -> Self:
        """With `are_shared`: whether the user may know who both clients are, or became."""
        visible = apps.get_model("clients", "Client").objects.visible_to(user)
        first, second = (
            Exists(visible.filter(pk=Coalesce(OuterRef(f"{one}__merged_into"), OuterRef(one))))
            for one in ("client_1", "client_2")
        )
        return self.annotate(are_shared=ExpressionWrapper(first & second, BooleanField()))

    def unresolved(self) -> Self:
        return self.filter(resolution="")

    def of_clients(self, client_id: int, other_id: int) -> Self:
        """Reports of these two, in whichever order they were typed."""
        ids = [client_id, other_id]
        return self.filter(client_1__in=ids, client_2__in=ids)


class ClientMergeQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Those that were not taken apart again."""
        return self.filter(undone_at=None)

    def for_officer(self, user: User) -> Self:
        """Merges of clients whose data quality the user manages."""
        if user.is_superuser:
            return self
        own = user.dqo_organizations
        return self.filter(survivor__organization__in=own, merged__organization__in=own)

    def naming(self, *client_ids: int) -> Self:
        return self.filter(Q(survivor__in=client_ids) | Q(merged__in=client_ids))

    def away_from(self, client_id: int) -> Self:
        """The merge in force by which an ID went into another."""
        return self.in_force().filter(merged=client_id)


@compiled
def ids_merged_into(client_id: int) -> models.QuerySet[Any, int]:
    """The IDs of the clients who were merged into this one, the oldest first."""
    rows = apps.get_model("clients", "Client").with_deleted.filter(merged_into=client_id)
    return rows.order_by("pk").values_list("pk", flat=True)
