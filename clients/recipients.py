"""The rule of sharing for each row's own user: of mails to many, planned by one statement.

It says what `clients.sharing` says of one user; a test holds the one to the other.
"""

from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from agencies.models import Membership
from clients.sharing import Part, Probe, serving, shared_by, unrestricted
from records import clock


def works_for(user: str, organization: str) -> Q:
    """The row's user, at a path, is a member of the organization at another."""
    rows = Membership.objects.filter(user=OuterRef(user), organization=OuterRef(organization))
    return Q(Exists(rows.order_by()))


def has_access(user: str) -> Q:
    """The row's user is active, and a member of the row's organization or an administrator."""
    is_member = Q(**{f"{user}__is_superuser": True}) | works_for(user, "organization")
    return Q(is_member, **{f"{user}__is_active": True})


def may_know(user: str, client: str) -> Q:
    """The row's user may know who the client is."""
    is_shared = shared_by(Part.IDENTITY, client, f"{client}__organization")
    is_shared |= covers(user, client)
    for kind in serving():
        own = Membership.objects.filter(user=OuterRef(OuterRef(user))).order_by()
        rows = kind.filter(client=OuterRef(client), organization__in=own.values("organization"))
        is_shared |= Q(Probe(rows.order_by()))
    clients: Any = apps.get_model("clients", "Client")._base_manager
    own = Membership.objects.filter(user=OuterRef(OuterRef(user))).order_by()
    merged = clients.filter(
        merged_into=OuterRef(client), organization__in=own.values("organization")
    )
    is_shared |= Q(Probe(merged.order_by()))
    return works_for(user, f"{client}__organization") | unrestricted(f"{client}__") & is_shared


def may_read(user: str, client: str, *organizations: str) -> Q:
    """What these organizations filed is shared with the row's user: by them, or by a release."""
    paths = (*organizations, f"{client}__organization")
    return shared_by(Part.RECORDS, client, *paths) | covers(user, client)


def covers(user: str, client: str) -> Q:
    """A release in force today covers an organization of the row's user.

    It names one of them, or all and leaves out other ones at most.
    """
    releases: Any = apps.get_model("clients", "Release").objects.filter(client=OuterRef(client))
    of_user = Membership.objects.filter(user=OuterRef(OuterRef(user))).order_by()
    is_named = Q(Exists(of_user.filter(organization=OuterRef("covers"))))
    is_left_out = Func(
        F("organization"),
        OuterRef("excludes"),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    is_among_all = Q(Exists(of_user.exclude(is_left_out)), covers=None)
    in_force = releases.in_force_on(clock.today()).filter(is_named | is_among_all)
    return Q(Probe(in_force.order_by()))
