"""What a change of sharing would hide from other organizations, or show to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils.text import capfirst

from agencies.models import Sharing
from clients.models import Client, Release
from clients.sharing import WITHOUT_RELEASE, Part, Probe
from records import clock
from records.visibility import Visibility

MOST = 10_000  # rows of a kind that are counted
Changes = Mapping[int, tuple[str, str]]  # by organization: what is in force, and what would be


@dataclass(frozen=True)
class Effect:
    """Of one kind of rows, how many are shared by a release alone under one of the two settings.

    is_cut: there may be more than were counted.
    """

    label: str
    count: int
    is_cut: bool

    @property
    def number(self) -> str:
        return f"{self.count:,}{' or more' if self.is_cut else ''}"


def effects(changes: Changes) -> list[Effect]:
    """How many clients and records would be hidden, or shown: those without a release for all.

    What a release names single organizations for is among them: it is hidden from all others. The
    newest clients and enrollments are counted, and what else there is of these clients, so that
    it costs the same for whomever.
    """
    found = []
    if organizations := _changing(changes, Part.IDENTITY):
        found.append(_newest(_shared(Client, organizations).filter(merged_into=None), "pk"))
    if organizations := _changing(changes, Part.RECORDS):
        first, *others = map(apps.get_model, settings.SHARED_RECORDS)
        newest = _shared(first, organizations)
        found.append(_newest(newest, "client"))
        about = newest.values("client")[:MOST]
        found += [_about(_shared(one, organizations).filter(client__in=about)) for one in others]
    return found


def hides(changes: Changes) -> bool:
    """Whether less is shared than before."""
    return any(Sharing(b).strictness > Sharing(a).strictness for a, b in changes.values())


def _changing(changes: Changes, part: Part) -> list[int]:
    """The organizations that would share a part without a release no longer, or from now on."""
    without = WITHOUT_RELEASE[part]
    return [pk for pk, (a, b) in changes.items() if (a in without) != (b in without)]


def _shared(model: Any, organizations: list[int]) -> QuerySet[Any]:
    """What these organizations filed and do not restrict, the newest first."""
    rows = model.objects.filter(
        organization__in=organizations, visibility=Visibility.ALL_ORGANIZATIONS
    )
    return rows.order_by("-pk")


def _newest(rows: QuerySet[Any], client: str) -> Effect:
    newest = rows.model._base_manager.filter(pk__in=rows.values("pk")[:MOST]).order_by()
    counts = newest.aggregate(all=Count("pk"), hidden=Count("pk", filter=_needs_release(client)))
    return Effect(_label(rows), counts["hidden"], counts["all"] == MOST)


def _about(rows: QuerySet[Any]) -> Effect:
    count = rows.filter(_needs_release("client")).order_by()[:MOST].count()
    return Effect(_label(rows), count, count == MOST)


def _needs_release(client: str) -> Q:
    """No release for every organization is in force."""
    releases = Release.objects.filter(client=OuterRef(client), covers=None)
    return ~Q(Probe(releases.in_force_on(clock.today()).order_by()))


def _label(rows: QuerySet[Any]) -> str:
    return capfirst(str(rows.model._meta.verbose_name_plural))
