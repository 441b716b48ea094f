from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Left

from agencies.querysets import RecordManager, RecordQuerySet, own_organization
from clients.encryption import keyed_hash
from hud.text import normalised

if TYPE_CHECKING:
    from agencies.models import User


class NamedQuerySet(models.QuerySet):
    """Rows with a first and a last name."""

    def bulk_create(self, objs, **options):
        from clients.models import NameSpelling

        objs = list(objs)
        rows = super().bulk_create(objs, **options)
        NameSpelling.remember(objs)
        return rows

    def named(self, first: str = "", last: str = "") -> Self:
        """Match both names by prefix, whatever the case or accents."""
        first_key, last_key = normalised(first), normalised(last)
        rows = self
        if len(last_key) >= 3:
            rows = rows.alias(last3=Left("last_key", 3)).filter(last3=last_key[:3])
        if last_key[3:] or len(last_key) < 3:
            rows = rows.filter(last_key__startswith=last_key) if last_key else rows
        return rows.filter(first_key__startswith=first_key) if first_key else rows


class AliasQuerySet(NamedQuerySet):
    pass


class ClientQuerySet(RecordQuerySet, NamedQuerySet):
    def current(self) -> Self:
        """Leave out the tombstones of merged-away clients."""
        return self.filter(merged_into=None)

    def numbered(self, client_id: int) -> Self:
        """The client of this ID, or the one that it was merged into."""
        survivor = self.model.with_deleted.filter(pk=client_id).values("merged_into")
        return self.filter(pk=Coalesce(survivor, client_id)).current()

    def born_on(self, dob: date) -> Self:
        return self.filter(dob=dob)

    def with_ssn(self, ssn: str) -> Self:
        """Match nine digits in full, or four as the last ones."""
        if len(ssn) == 4:
            return self.filter(ssn_last4_hash=keyed_hash(ssn))
        return self.filter(ssn_hash=keyed_hash(ssn))


class ClientManager(RecordManager.from_queryset(ClientQuerySet)):  # type: ignore[misc]
    pass


class ClientRecordQuerySet(RecordQuerySet):
    """Rows that hang on a client are never seen where the client is not."""

    def visible_to(self, user: "User") -> Self:
        rows = super().visible_to(user)
        if user.is_superuser:
            return rows
        return rows.filter(
            Q(client__visibility=self.model.Visibility.ALL_ORGANIZATIONS)
            | own_organization(user, "client__organization"),
            client__date_deleted=None,
        )


class ClientRecordManager(RecordManager.from_queryset(ClientRecordQuerySet)):  # type: ignore[misc]
    pass


class AlertQuerySet(ClientRecordQuerySet):
    def active_on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), begins_on__lte=day)


class AlertManager(RecordManager.from_queryset(AlertQuerySet)):  # type: ignore[misc]
    pass


