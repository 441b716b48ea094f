"""Answers that belong together: of several members at once, or revoked with one press."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import User
from clients.models import Client, ClientMerge, Release
from records import clock
from records.querysets import UNDO_FOR


def answered_together(release: Release, user: User) -> QuerySet[Release]:
    """The answers of others that were recorded with this one, as far as the user sees them."""
    rows = Release.objects.visible_to(user).filter(
        organization=release.organization_id,
        created_by=release.created_by_id,
        date_created=release.date_created,
    )
    return rows.exclude(pk=release.pk).select_related("client").order_by("pk")


def undoable_by(user: User) -> QuerySet[Release]:
    """What this user revoked lately, and may take back with one click.

    Also of clients whom the user does not see any more: that is what the revocation did.
    """
    since = clock.now() - UNDO_FOR
    rows = Release.objects.filter(revoked_by=user, revoked_at__gte=since)
    return rows.filter(client__date_deleted=None)


def revoked_together(release: Release, user: User) -> QuerySet[Release]:
    """What the user revoked with one press: this release, and those that were answered with it."""
    together = {"revoked_at": release.revoked_at, "date_created": release.date_created}
    return undoable_by(user).filter(**together)


def answered_since(releases: Iterable[Release]) -> QuerySet[Release]:
    """Answers of these clients that were recorded after their releases were revoked."""
    revoked = Release.objects.filter(
        pk__in=[one.pk for one in releases],
        client=OuterRef("client"),
        revoked_at__lt=OuterRef("date_created"),
    )
    return Release.objects.filter(Exists(revoked.order_by()))


def merged_since(releases: Iterable[Release]) -> QuerySet[ClientMerge]:
    """Merges of these clients, in force, that are later than the revocation of their releases."""
    revoked = Release.objects.filter(
        pk__in=[one.pk for one in releases],
        client=OuterRef("survivor"),
        revoked_at__lt=OuterRef("at"),
    )
    return ClientMerge.objects.in_force().filter(Exists(revoked.order_by()))


def written_after(moment: datetime, clients: Iterable[Client]) -> QuerySet[Release]:
    """What these clients answered or revoked after a moment; no mistake."""
    later = Q(date_created__gt=moment) | Q(revoked_at__gt=moment)
    rows = Release.objects.filter(later, client__in=[one.pk for one in clients])
    return rows.exclude(revoked_reason=Release.Reason.MISTAKE)
