"""Who may see what of a client, and why: the one rule of sharing (13.2, docs/adr/0052).

`shared_with` is a condition of SQL, which every queryset of clients and of what is theirs has in
`visible_to`. `why` says the same of one client in words.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from agencies.models import Organization, Sharing, User
from clients.sharing_reasons import Reason, Why
from records import clock
from records.visibility import Visibility

if TYPE_CHECKING:
    from clients.models import Client


class Part(StrEnum):
    """Of what there is of a client: who it is, what is recorded about it, and its papers."""

    IDENTITY = "identity"
    RECORDS = "records"
    FILES = "files"


# The settings under which a part is shared without a release.
WITHOUT_RELEASE = {
    Part.IDENTITY: (Sharing.OPEN, Sharing.PARTS),
    Part.RECORDS: (Sharing.OPEN,),
    Part.FILES: (Sharing.OPEN,),
}


class Probe(Exists):
    """EXISTS that PostgreSQL looks up row by row, by its index.

    It may answer EXISTS from a hash of the whole table too, where it expects many rows; a page of
    a list ends after a few of them. With OFFSET there is no such choice.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


def shared_with(user: User, part: Part, client: str = "", *organizations: str) -> Q:
    """The condition that a user may see this part of a client now.

    Args:
        client: the path of the client; empty in a queryset of clients.
        organizations: for a row about the client the paths of its organization and of those of what
            it hangs on, such as its enrollment: the strictest of them decides.
    """
    if user.is_superuser:
        return Q()
    own = list(user.access)
    if part is Part.IDENTITY:
        return identity_for(own, client)
    return rows_for(own, client, *organizations, part=part)


def identity_for(own: list[int], client: str = "", part: Part = Part.IDENTITY) -> Q:
    """The condition that users of these organizations may know who a client is.

    Their own client; or one that is not restricted, where its agency shares without a release, a
    release covers one of them, or one of them serves the client.

    Args:
        part: RECORDS asks for the client's details too, such as the address: what is known of a
            client whose agency shares no more than the identity is no more than that.
    """
    path = f"{client}__" if client else ""
    key = client or "pk"
    is_shared = shared_by(part, key, f"{path}organization")
    is_shared |= covered(own, key) | served(own, key)
    return Q(**{f"{path}organization__in": own}) | unrestricted(path) & is_shared


def rows_for(own: list[int], client: str, row: str, *beneath: str, part: Part = Part.RECORDS) -> Q:
    """The condition that users of these organizations may see a row about a client.

    Of a client who is not restricted to others: their own row, whatever is set; or one that is not
    restricted, where everybody whose it is shares without a release, or a release covers them.

    Args:
        row: the path of the row's organization.
        beneath: those of the organizations of what it hangs on.
    """
    of_client = unrestricted(f"{client}__") | Q(**{f"{client}__organization__in": own})
    theirs = (row, *beneath, f"{client}__organization")
    is_shared = shared_by(part, client, *theirs) | covered(own, client)
    of_row = Q(**{f"{row}__in": own}) | unrestricted(row.removesuffix("organization")) & is_shared
    return of_client & of_row


def shared_by(part: Part, client: str, *organizations: str) -> Q:
    """These organizations share this part without a release, and so does whoever filed the client.

    Under an ID that was merged into this one, too: of merged clients the stricter of both counts
    (docs/adr/0055). Nobody asks for these where all organizations share it.

    Args:
        client: the path of the client's ID.
        organizations: the paths of organizations, which are few, and read once a statement.
    """
    rows = Organization._base_manager.order_by()
    stricter = rows.exclude(sharing_in_force__in=WITHOUT_RELEASE[part])
    sharing = rows.filter(sharing_in_force__in=WITHOUT_RELEASE[part]).values("pk")
    clients: Any = apps.get_model("clients", "Client")._base_manager
    merged = clients.filter(merged_into=OuterRef(client), organization__in=stricter.values("pk"))
    is_shared = Q(**{f"{path}__in": sharing for path in organizations})
    return is_shared & (~Q(Exists(stricter)) | ~Q(Probe(merged.order_by())))


def some_need_release() -> Exists:
    """Some organization shares its records by a release alone.

    One that was deleted too: its records stay, and are shared as it has chosen.
    """
    return Exists(Organization._base_manager.exclude(sharing_in_force=Sharing.OPEN).order_by())


def is_any_by_release() -> bool:
    return Organization._base_manager.filter(some_need_release()).exists()


def covered(own: list[int], client: str) -> Q:
    """A release in force today covers one of these organizations."""
    releases: Any = apps.get_model("clients", "Release").objects.filter(client=OuterRef(client))
    if not own:
        return Q(pk__in=[])
    return Q(Probe(releases.in_force_on(clock.today()).covering(own).order_by()))


def served(own: list[int], client: str) -> Q:
    """One of these organizations has records about the client: settings.CLIENT_SERVED_BY.

    Or it filed the client under an ID that was merged into this one (docs/adr/0055).
    """
    found = Q(pk__in=[])
    for kind in serving() if own else ():
        rows = kind.filter(client=OuterRef(client), organization__in=own)
        found |= Q(Probe(rows.order_by()))
    if own:
        clients: Any = apps.get_model("clients", "Client")._base_manager
        merged = clients.filter(merged_into=OuterRef(client), organization__in=own)
        found |= Q(Probe(merged.order_by()))
    return found


def serving() -> Iterator[Any]:
    """Of each kind the rows by which their organizations serve their clients.

    The signed copy of a release is none: else an agency would know the client for ever after the
    release was revoked.
    """
    for label in settings.CLIENT_SERVED_BY:
        model: Any = apps.get_model(label)
        yield model._base_manager.filter(model.serves, date_deleted=None)


def unrestricted(path: str) -> Q:
    """Rows that are shared with all organizations; path: to the record, with its underscores."""
    return Q(**{f"{path}visibility": Visibility.ALL_ORGANIZATIONS})


def why(user: User, client: "Client", part: Part, organization: Organization | None = None) -> Why:
    """Why the user sees this part of a client now, or does not; what `shared_with` finds.

    Args:
        organization: the one that filed the rows; without, the client's own.
    """
    if user.is_superuser:
        return Why(Reason.ADMINISTRATOR)
    identity = _identity(user, client)
    filed_by = organization or client.organization
    if part is Part.IDENTITY:
        return identity
    is_for_others = client.is_restricted and client.organization_id not in user.access
    if filed_by.pk in user.access and not is_for_others:
        return Why(Reason.OWN)
    if not identity.is_shown or identity.reason is Reason.EMERGENCY:
        return identity
    if sharing_of(client, filed_by) in WITHOUT_RELEASE[part]:
        return Why(Reason.OPEN)
    return _by_release(user.access, client)


def why_of_others(user: User, client: "Client", part: Part) -> Why:
    """Why the user sees what other organizations filed about the client, or does not.

    Which organizations these are is not asked: that they serve the client may be hidden too.
    """
    identity = why(user, client, Part.IDENTITY)
    if user.is_superuser or not identity.is_shown or identity.reason is Reason.EMERGENCY:
        return identity
    found = _by_release(user.access, client)
    if found.is_shown or sharing_of(client) not in WITHOUT_RELEASE[part]:
        return found
    return Why(Reason.SOME if is_any_by_release() else Reason.OPEN)


def sharing_of(client: "Client", *organizations: Organization) -> Sharing:
    """The strictest setting of these organizations and of those who filed the client."""
    merged: Any = type(client)._base_manager.filter(merged_into=client).order_by()
    theirs = merged.values_list("organization__sharing_in_force", flat=True)
    found = [one.sharing_in_force for one in (client.organization, *organizations)]
    return Sharing.strictest(*found, *theirs)


def why_of_details(user: User, client: "Client") -> Why:
    """Why the user sees the client's details, such as the address, or does not.

    Whoever serves the client sees them with the identity.

    Args:
        client: as `with_sharing` brings it.
    """
    found = why(user, client, Part.RECORDS)
    return found if found.is_shown or not client.has_details else Why(Reason.SERVED)


def _identity(user: User, client: "Client") -> Why:
    if client.organization_id in user.access:
        return Why(Reason.OWN)
    emergencies: Any = apps.get_model("clients", "EmergencyAccess").objects
    is_emergency = emergencies.open_to(user).filter(client=client).exists()
    found = Why(Reason.RESTRICTED)
    if not client.is_restricted:
        if sharing_of(client) in WITHOUT_RELEASE[Part.IDENTITY]:
            return Why(Reason.OPEN)
        found = _by_release(user.access, client)
        if not found.is_shown and _is_served(user, client):
            return Why(Reason.SERVED)
    return Why(Reason.EMERGENCY) if is_emergency and not found.is_shown else found


def _is_served(user: User, client: "Client") -> bool:
    rows: Any = type(client)._base_manager.filter(pk=client.pk)
    return rows.filter(served(list(user.access), "pk")).exists()


def _by_release(own: Collection[int], client: "Client") -> Why:
    """The release that covers one of these organizations; else the latest answer about one."""
    releases: Any = apps.get_model("clients", "Release").objects.of_client(client.pk)
    today = clock.today()
    if covering := releases.in_force_on(today).covering(list(own)).first():
        return Why(Reason.RELEASE, covering)
    answers = releases.exclude(revoked_reason="mistake")
    about = answers.filter(Q(covers=None) | Q(covers__in=list(own)))
    latest = about.last_ones().order_by("-answered_on", "-pk").first()
    if latest is None:
        return Why(Reason.NONE)
    state = latest.state_on(today).name
    # A release for all, which another answer took these organizations out of.
    return Why(Reason[state] if state in Reason.__members__ else Reason.REFUSED, latest)
