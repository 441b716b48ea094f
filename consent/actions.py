"""Releases of information: recorded, refused, revoked, and the revocation undone (13.1).

Each for several members of a household at once, all or none. What an earlier answer still counts
for after a later one is derived by the database (clients/models/latest_counts.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Organization, User
from clients.locks import lock_clients
from clients.models import Client, Release
from clients.models.release import ON_SCREEN
from clients.release_answers import OF_THE_CLIENT
from clients.release_listeners import releases_written
from consent import groups
from consent.minors import end_for_minor, is_minor
from records.constraints import constraint_messages

Kind, SignedBy = Release.Kind, Release.SignedBy
NOBODY = "Choose at least one member of the household."
NO_GUARDIAN = "Enter who answers for the members under 18: a parent or guardian."
NO_WITNESS = "Choose the colleague who heard it too: somebody else than you, of the organization."
ONE_ADULT = "Each adult signs alone. Choose one adult, and the members under 18 if you like."
IS_OWN = "The organization that asks sees its own records in any case. Choose another, or all."
NOT_SEEN = "You no longer have access to one of these clients."
NOT_YOURS = "You do not have access to the organization that asks."
STALE = "This release has changed since. Look at the list."
LATER_ANSWER = "The client has answered again since. Record what is so now."
REVOKED_LATER = "The client has revoked a release since that day. Record what is so now."
MERGED_SINCE = "The client was merged since. Ask the client, and record what is so now."
NOT_RECORDED_HERE = "Only {} can say that it was recorded by mistake, as it recorded it. Ask there."
STILL_REFUSED = "A refusal ends with the next answer of the client: record that one."


@dataclass(frozen=True)
class Answer:
    """What clients agreed to or refused, the same for all who are named.

    Attributes:
        organization: the one that asked.
        answered_on: the day of the answer.
        begins_on: the first day on which it counts; the day of the answer where it is None.
        ends_on: the last day; None until it is revoked. A refusal has none.
        covers: the organization that it is about; None is every one.
        guardian_name: who answered for those under 18.
        witness: the user before whom; who records it where it is None. What was only said needs a
            second one, so that nobody alone gives himself access (16.2).
        text_hash: SHA-256 of what was signed on the screen.
    """

    kind: Release.Kind
    organization: Organization
    answered_on: date
    begins_on: date | None = None
    ends_on: date | None = None
    covers: Organization | None = None
    guardian_name: str = ""
    witness: User | None = None
    text_hash: str = ""


@constraint_messages()
def record_release(*, clients: Iterable[Client], answer: Answer, by: User) -> list[Release]:
    """Record what these clients agreed to or refused; return one release for each, in their order.

    For those under 18 on the day of the answer a parent or guardian answers: their release ends on
    the day before the 18th birthday at the latest.

    Raises:
        ValidationError: by field (members, guardian_name, witness, covers, answered_on), or a
            sentence.
        PermissionDenied: where the user may not see one of the clients.
    """
    rows = _locked(clients, answer.organization, by)
    if answer.kind != Kind.REFUSED and _revoked_after(rows, answer).exists():
        raise ValidationError({"answered_on": REVOKED_LATER})
    minors = {row.pk for row in rows if is_minor(row, answer.answered_on)}
    _check(answer, by, minors=len(minors), adults=len(rows) - len(minors))
    return _write([release_of(row, answer, by, is_minor=row.pk in minors) for row in rows], by)


@constraint_messages()
def revoke(*, releases: Iterable[Release], reason: Release.Reason, by: User) -> list[Release]:
    """Revoke releases, or refusals that were recorded by mistake; return them as they are now.

    It takes effect at once. Whoever sees the client may do it: a client tells whom they meet. That
    it was a mistake lets earlier answers count again, and only who recorded it knows.

    Raises:
        ValidationError: where somebody else revoked one of them meanwhile, and for a mistake of
            another organization.
        PermissionDenied: where the user may not see one of the clients.
    """
    wanted = {one.pk for one in releases}
    rows = _locked_releases(wanted)
    if len(rows) < len(wanted) or any(row.revoked_at for row in rows):
        raise ValidationError(STALE, code="stale")
    if Release.objects.editable_by(by).filter(pk__in=wanted).count() < len(wanted):
        raise PermissionDenied(NOT_SEEN)
    if reason != Release.Reason.MISTAKE and any(row.is_refusal for row in rows):
        raise ValidationError({"reason": STILL_REFUSED})
    if reason == Release.Reason.MISTAKE:
        for row in rows:
            if row.organization_id not in by.access:
                raise ValidationError({"reason": NOT_RECORDED_HERE.format(row.organization)})
    now = timezone.now()
    for row in rows:
        row.revoked_at, row.revoked_by, row.revoked_reason = now, by, reason
        row.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    releases_written(releases=rows, by=by)
    return rows


@constraint_messages()
def undo_revocation(*, release: Release, by: User) -> list[Release]:
    """Take one's own revocation back, of all members for whom it was made; return them.

    The user need not see the clients, as the revocation may have done that; but then once it is
    undone.

    Raises:
        ValidationError: more than an hour later, or where a client answered again or was merged
            since: a merge holds back only what counted then.
        PermissionDenied: where the user sees one of the clients neither way, as after the access to
            an organization ended.
    """
    rows = _locked_releases(groups.revoked_together(release, by).values_list("pk", flat=True))
    if not rows or any(row.revoked_by_id != by.pk for row in rows):
        raise ValidationError(STALE, code="stale")
    if groups.answered_since(rows).exists():
        raise ValidationError(LATER_ANSWER, code="stale")
    if groups.merged_since(rows).exists():
        raise ValidationError(MERGED_SINCE, code="stale")
    seen = _seen(rows, by)
    for row in rows:
        row.revoked_at, row.revoked_by, row.revoked_reason = None, None, ""
        row.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    if not {row.pk for row in rows} <= seen | _seen(rows, by):
        raise PermissionDenied(NOT_SEEN)
    releases_written(releases=rows, by=by)
    return rows


def _seen(releases: Iterable[Release], user: User) -> set[int]:
    rows = Release.objects.visible_to(user).filter(pk__in=[one.pk for one in releases])
    return set(rows.values_list("pk", flat=True))


def _check(answer: Answer, by: User, *, minors: int, adults: int) -> None:
    if answer.covers == answer.organization:
        raise ValidationError({"covers": IS_OWN})
    if answer.kind in ON_SCREEN and adults > 1:
        raise ValidationError({"members": ONE_ADULT})
    if minors and not answer.guardian_name:
        raise ValidationError({"guardian_name": NO_GUARDIAN})
    if answer.kind == Kind.VERBAL and not _may_witness(answer.witness, answer.organization, by):
        raise ValidationError({"witness": NO_WITNESS})


def _may_witness(user: User | None, organization: Organization, by: User) -> bool:
    """Whether this is a second person, of the organization that asked.

    An administrator, who has access to every organization, is a member of few.
    """
    if user is None or user == by or not user.is_active:
        return False
    return user.memberships.filter(organization=organization).exists()


def _revoked_after(clients: Sequence[Client], answer: Answer) -> QuerySet[Release]:
    """What these clients took back on a later day than that of an answer about the same."""
    same = Q() if answer.covers is None else Q(covers=None) | Q(covers=answer.covers)
    return Release.objects.filter(
        same,
        client__in=clients,
        revoked_at__date__gt=answer.answered_on,
        revoked_reason__in=OF_THE_CLIENT,
    )


def release_of(client: Client, answer: Answer, by: User, *, is_minor: bool) -> Release:
    """The release of one client that an answer gives, as `record_release` saves it."""
    return Release(
        client=client,
        organization=answer.organization,
        covers=answer.covers,
        kind=answer.kind,
        signed_by=SignedBy.GUARDIAN if is_minor else SignedBy.CLIENT,
        guardian_name=answer.guardian_name if is_minor else "",
        witness=answer.witness or by,
        answered_on=answer.answered_on,
        begins_on=answer.begins_on or answer.answered_on,
        ends_on=_end(client, answer, is_minor=is_minor),
        text_hash=answer.text_hash,
    )


def _end(client: Client, answer: Answer, *, is_minor: bool) -> date | None:
    """A refusal counts until another answer, whatever the age."""
    is_release = answer.kind != Kind.REFUSED
    return end_for_minor(client, answer.ends_on) if is_minor and is_release else answer.ends_on


def _locked(clients: Iterable[Client], organization: Organization, by: User) -> list[Client]:
    """The clients as they are now, in their order, if the user may write about all of them."""
    wanted = list(dict.fromkeys(one.pk for one in clients))
    if not wanted:
        raise ValidationError({"members": NOBODY})
    if organization.pk not in by.access:
        raise PermissionDenied(NOT_YOURS)
    lock_clients(wanted)
    found = Client.objects.visible_to(by).current().defer("ssn").in_bulk(wanted)
    if len(found) < len(wanted):
        raise PermissionDenied(NOT_SEEN)
    return [found[pk] for pk in wanted]


def _locked_releases(pks: Iterable[int]) -> list[Release]:
    """These releases as they are once nobody else writes about their clients.

    Raises:
        ValidationError: where a merge, or its undo, gave one to another client in between.
    """
    rows = Release.objects.filter(pk__in=set(pks))
    clients = set(rows.values_list("client", flat=True))
    lock_clients(clients)
    found = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not clients.issuperset(row.client_id for row in found):
        raise ValidationError(STALE, code="stale")
    return found


def _write(rows: Sequence[Release], by: User) -> list[Release]:
    """One moment for all: it says who answered together (`groups`)."""
    now = timezone.now()
    for row in rows:
        row.created_by, row.date_created = by, now
        row.save()
        row.refresh_from_db(fields=["client", "replaced_on", "excludes"])  # the database's
    releases_written(releases=rows, by=by)
    return list(rows)
