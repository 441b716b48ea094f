"""A client's releases of information as their pages show them."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from agencies.models import Organization, User
from clients.models import Client, Release
from consent.standing import TONES, Counting, State
from records import clock
from records.pages import RowAction, row_action

OPEN_STATES = (State.IN_FORCE, State.FUTURE, State.UNDECIDED)


def listed(user: User, client_id: int) -> QuerySet[Release]:
    """All answers of a client, with what a list and a page of one show."""
    rows = Release.objects.visible_to(user).of_client(client_id)
    return rows.select_related("organization", "covers", "witness", "created_by", "revoked_by")


def left_out(releases: Iterable[Release]) -> dict[int, str]:
    """The names of the organizations that refusals take out of releases for all, by ID.

    Deleted ones too: the answer stays.
    """
    excluded = {pk for one in releases for pk in one.excludes}
    found = Organization.with_deleted.filter(pk__in=excluded) if excluded else ()
    return {one.pk: str(one) for one in found}


def covers(release: Release, names: Mapping[int, str]) -> str:
    """Whom the answer is about; without those whom `left_out` names."""
    if release.covers:
        return str(release.covers)
    but = ", ".join(sorted(names[pk] for pk in release.excludes))
    return f"All organizations except {but}" if but else "All organizations"


def shows_all(user: User, client: Client, release: Release) -> bool:
    """Whether the user learns who asked, witnessed, answered and recorded it, and reads what.

    Others who know the client learn what counts: the state, for whom, and the days.
    """
    own = {release.organization_id, client.organization_id} & user.access.keys()
    return client.is_emergency or not client.may_hide or bool(own)


def tone(release: Release) -> str:
    """The tone of the badge of its state."""
    return TONES[release.state]


def may_be_revoked(release: Release, user: User) -> bool:
    """What counts, or is to, can be revoked; a refusal as a mistake, where it was recorded."""
    if release.state == State.REFUSED:
        return is_recorded_here(release, user)
    return release.state in OPEN_STATES


def is_recorded_here(release: Release, user: User) -> bool:
    """Whether the user may say that it was a mistake."""
    return release.organization_id in user.access


def back_after_mistake(release: Release) -> list[Counting]:
    """The releases that an answer alone keeps from counting today: a mistake, it lets them again.

    As `LATEST_COUNTS` derives it. What it only takes its own organization out of is among them.
    """
    rows = Release.objects.of_client(release.client_id).exclude(pk=release.pk)
    rows = rows.exclude(revoked_reason=Release.Reason.MISTAKE)
    others, today = list(rows.select_related("client", "covers")), clock.today()

    def replaces(later: Release, one: Release) -> bool:
        is_later = (later.answered_on, later.pk) > (one.answered_on, one.pk)
        same = later.covers_id == one.covers_id or (later.is_refusal and later.covers_id is None)
        return is_later and same and not later.undecided and later.begins_on <= today

    def is_back(one: Release) -> bool:
        if one.is_refusal or one.revoked_at or one.undecided:
            return False
        if (one.last_day or date.max) < today:
            return False
        if any(replaces(other, one) for other in others):
            return False
        takes_out = release.is_refusal and release.covers_id in one.excludes
        return takes_out or replaces(release, one)

    return [Counting.of(one) for one in others if is_back(one)]


def actions_of(release: Release, user: User) -> list[RowAction]:
    """What can be done with a row of the list by whoever may change something of the client."""
    place = (release.client_id, release.pk)
    found = [row_action("Open", "eye", "consent:release", *place)]
    if may_be_revoked(release, user):
        options = {"dialog": True, "danger": True}
        found.append(row_action("Revoke", "close", "consent:revoke_release", *place, **options))
    return found
