"""A client's releases of information as their pages show them."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from agencies.models import Organization, User
from clients.models import Release
from consent.standing import TONES, State
from records.pages import RowAction, row_action

OPEN_STATES = (State.IN_FORCE, State.FUTURE, State.UNDECIDED)


def listed(user: User, client_id: int) -> QuerySet[Release]:
    """All answers of a client, with what a list and a page of one show."""
    rows = Release.objects.visible_to(user).of_client(client_id)
    return rows.select_related("organization", "covers", "witness", "created_by", "revoked_by")


def left_out(releases: Iterable[Release]) -> dict[int, str]:
    """The names of the organizations that later refusals take out of releases for all, by ID.

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


def tone(release: Release) -> str:
    """The tone of the badge of its state."""
    return TONES[release.state]


def may_be_revoked(release: Release) -> bool:
    """What counts, or is to, can be revoked; a refusal where it was recorded by mistake."""
    return release.state in (*OPEN_STATES, State.REFUSED)


def actions_of(release: Release) -> list[RowAction]:
    """What can be done with a row of the list by whoever may change something of the client."""
    place = (release.client_id, release.pk)
    found = [row_action("Open", "eye", "consent:release", *place)]
    if may_be_revoked(release):
        options = {"dialog": True, "danger": True}
        found.append(row_action("Revoke", "close", "consent:revoke_release", *place, **options))
    return found
