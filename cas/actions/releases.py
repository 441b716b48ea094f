"""Notify of releases that were revoked or held back, of refusals, and who is named as a witness."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from agencies.models import Membership, User
from cas import pending
from cas.actions.notify import Pair, Subject, about_subjects, case_managers, lock, notify
from cas.choices import Kind
from cas.models import Notification
from clients.access_log.viewers import viewers_since
from clients.models import Release
from clients.models.release import lasts
from clients.sharing import is_any_by_release
from records.clock import midnight

LATELY = timedelta(days=90)  # who looked at the client longer ago is not notified


@transaction.atomic(savepoint=False)
def releases_written(*, releases: Iterable[Release], by: User) -> None:
    """Notify those who had access by what was revoked or refused, but for who did it.

    They learn it though they do not see the client any more. Of a refusal that was a mistake case
    managers are notified: what was released before counts again. Of what was only said its witness
    is. What was said of a release that counts again, or of one that another answer has
    replaced, is resolved.

    Args:
        releases: as they are now.
    """
    rows = list(releases)
    lock(row.client_id for row in rows)
    prefetch_related_objects(rows, "client", "witness")
    over = {_key(row): row for row in rows if _ends_access(row)}
    again = {_key(row): row for row in rows if row.is_refusal and row.revoked_at is not None}
    heard = {_key(row): row for row in rows if _is_witnessed(row)}
    holds = {(Kind.RELEASE_REVOKED, key) for key in over} | {(Kind.WITNESS, key) for key in heard}
    outdated = [
        one.pk
        for one in about_subjects([_key(row) for row in rows])
        if one.what in (Kind.RELEASE_REVOKED, Kind.WITNESS) and (one.what, one.subject) not in holds
    ]
    if outdated:
        Notification.objects.filter(pk__in=outdated).current().resolve()
    today = timezone.localdate()
    for notifications in pending.outdated_releases(today, [row.client_id for row in rows]):
        notifications.resolve()
    pairs: list[Pair] = [
        (Subject(Kind.RELEASE_REVOKED, key, row.client_id, _row(row)), user)
        for key, row in over.items()
        for user in dict.fromkeys([*case_managers(row.client_id, today), *had_access(row)])
        if user != by
    ]
    pairs += [
        (Subject(Kind.RELEASE_REVOKED, key, row.client_id, _row(row)), user)
        for key, row in again.items()
        for user in case_managers(row.client_id, today)
        if user != by
    ]
    pairs += [
        (Subject(Kind.WITNESS, key, row.client_id, _row(row)), row.witness)
        for key, row in heard.items()
    ]
    notify(pairs)


def had_access(release: Release) -> list[User]:
    """Whom this release let see the client, as far as they looked at the client lately.

    Where everything is shared without a release nobody lost anything; nor did users of the
    organization that filed the client. Of a restricted client nobody elsewhere hears.
    """
    client = release.client
    if client.is_restricted or not is_any_by_release():
        return []
    begin = midnight(release.begins_on)
    recent = timezone.now() - LATELY
    since = recent if release.is_refusal else max(begin, recent)
    covered = Membership.objects.filter(user=OuterRef("pk"))
    covered = covered.exclude(organization__in=release.excludes)
    if release.covers_id:
        covered = covered.filter(organization=release.covers_id)
    users = User.objects.active().filter(
        Exists(covered.order_by()), pk__in=viewers_since(client, since), is_superuser=False
    )
    return list(users.exclude(memberships__organization=client.organization_id).order_by("pk"))


def _ends_access(row: Release) -> bool:
    """A release that was revoked or waits since a merge, or a refusal of what was released.

    A refusal that was recorded late, after another answer, ends nothing.
    """
    if not row.is_refusal:
        return row.revoked_at is not None or row.undecided
    same = Q() if row.covers_id is None else Q(covers=None) | Q(covers=row.covers_id)
    earlier = Release.objects.of_client(row.client_id).filter(
        same, answered_on__lte=row.answered_on, pk__lt=row.pk
    )
    given = earlier.exclude(kind=Release.Kind.REFUSED).filter(
        lasts(row.answered_on), revoked_at=None
    )
    is_late = row.replaced_on is not None and row.replaced_on <= timezone.localdate()
    return row.revoked_at is None and not is_late and given.exists()


def _is_witnessed(row: Release) -> bool:
    return row.kind == Release.Kind.VERBAL and row.revoked_at is None


def _key(row: Release) -> str:
    return pending.key("release", row.pk)


def _row(row: Release) -> QuerySet[Release]:
    return Release.objects.filter(pk=row.pk)
