from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from records import clock
from records.visibility import Visibility

UNDO_FOR = timedelta(hours=1)  # for so long, who deleted a row may restore it with one click


def own_organization(user: Any, path: str = "organization") -> Q:
    """The condition that `user` has access to the organization at `path` of a row."""
    return Q(**{f"{path}__in": list(user.access)})


class KeptQuerySet(models.QuerySet):
    """Rows that are kept when they are deleted."""

    def present(self) -> Self:
        return self.filter(date_deleted=None)

    def deleted(self) -> Self:
        return self.exclude(date_deleted=None)


class RecordQuerySet(KeptQuerySet):
    """What may be seen, and what is deleted, of any record."""

    def recently_deleted_by(self, user: Any) -> Self:
        """What this user deleted lately, and may restore with one click."""
        return self.filter(deleted_by=user, date_deleted__gte=clock.now() - UNDO_FOR)

    def locked(self) -> Self:
        """Keep other writers of these rows out; in one order, so that nobody waits in a circle."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def visible_to(self, user: Any) -> Self:
        """Rows shared with all organizations, and those of the user's own organizations."""
        if user.is_superuser:
            return self
        return self.filter(Q(visibility=Visibility.ALL_ORGANIZATIONS) | own_organization(user))

    def editable_by(self, user: Any) -> Self:
        """Rows filed under one of the user's own organizations."""
        return self if user.is_superuser else self.filter(own_organization(user))


class KeptManager(models.Manager.from_queryset(KeptQuerySet)):  # type: ignore[misc]
    """Leaves deleted rows out; `Model.with_deleted` has them all."""

    def get_queryset(self):
        return super().get_queryset().present()


class RecordManager(KeptManager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """What other records' managers inherit: classes, for mypy finds no others by related names."""
