"""Releases that a merge has left undecided, and what an officer decides of them (docs/adr/0055)."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import User
from clients.locks import lock_clients
from clients.models import Client, ClientMerge, Release
from clients.models.release import ReleaseQuerySet
from clients.release_listeners import releases_written
from records.constraints import constraint_messages

STALE = "These releases have changed since you opened this page. Look at them again."


@dataclass(frozen=True)
class Undecided:
    """A release to decide about. recorded_for: the Client ID under which it was given."""

    release: Release
    recorded_for: int
    earlier: tuple[Release, ...] = ()  # that it took the place of: one decision for all


def waiting_for(user: User, rows: ReleaseQuerySet | None = None) -> ReleaseQuerySet:
    """The undecided releases of clients that the user's organizations filed."""
    rows = Release.objects.all() if rows is None else rows
    found = rows.undecided().filter(client__date_deleted=None, client__merged_into=None)
    if user.is_superuser:
        return found
    return found.filter(client__organization__in=user.dqo_organizations)


def undecided_of(client: Client) -> list[Undecided]:
    """What there is to decide about one client, the latest answer first.

    Of several answers to one question the latest alone: it had taken the place of the others.
    """
    rows = Release.objects.of_client(client.pk).undecided()
    rows = rows.select_related("client", "organization", "covers", "witness")
    given = _recorded_for(client)
    found: dict[tuple[int, int | None], list[Release]] = {}
    for row in rows.order_by("-answered_on", "-pk"):
        found.setdefault((given.get(row.pk, client.pk), row.covers_id), []).append(row)
    return [Undecided(latest, key[0], tuple(rest)) for key, (latest, *rest) in found.items()]


def digest(rows: Iterable[Undecided]) -> str:
    """What tells what a page showed from what is there now."""
    keys = sorted(one.release.pk for one in rows)
    return hashlib.sha256(" ".join(map(str, keys)).encode()).hexdigest()[:16]


@constraint_messages()
def decide(*, client_id: int, kept: Collection[int], seen: str, by: User) -> list[Release]:
    """Let some undecided releases of a client count again, and revoke the others; return all.

    What is revoked stays undecided: it takes the place of no earlier answer.

    Args:
        kept: the keys of those that hold.
        seen: the `digest` of what the officer saw.

    Raises:
        PermissionDenied: for whoever is no officer of the agency that filed the client.
        ValidationError: where they have changed since, or nothing is left to decide.
    """
    lock_clients([client_id])
    client = Client.objects.current().filter(pk=client_id).first()
    if client is None:
        raise ValidationError(STALE, code="stale")
    if not (by.is_superuser or client.organization_id in by.dqo_organizations):
        raise PermissionDenied
    rows = undecided_of(client)
    if not rows or digest(rows) != seen:
        raise ValidationError(STALE, code="stale")
    now = timezone.now()
    written = []
    for one in rows:
        for row in (*reversed(one.earlier), one.release):
            if one.release.pk in kept:
                row.undecided = False
            else:
                row.revoked_at, row.revoked_by = now, by
                row.revoked_reason = Release.Reason.MERGE
            row.save(update_fields=["undecided", "revoked_at", "revoked_by", "revoked_reason"])
            written.append(row)
    releases_written(releases=written, by=by)
    return written


def _recorded_for(client: Client) -> dict[int, int]:
    """Of the releases that came with merges the Client IDs that they had before."""
    label = Release._meta.label_lower
    return {
        pk: step["before"]["client_id"]
        for merge in ClientMerge.objects.in_force().filter(survivor=client).order_by("-pk")
        for step in merge.part("steps")
        if step["model"] == label and "client_id" in step["before"]
        for pk in step["ids"]
    }
