"""What a merge would do, before anybody decides: values to choose, rows that move, conflicts."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

from agencies.models import User
from clients.merge.counting import Rows, count
from clients.merge.policies import Conflict, Pair, key_of_row
from clients.merge.relations import relations
from clients.merge.releases import held_back, shares_more
from clients.merge.steps import table
from clients.models import Client, ClientAlias, Release
from clients.models.identity_change import GROUPS, LABELS, RACE_ETHNICITY
from clients.side_by_side import FACTS as SHOWN
from hud.choices import VeteranStatus
from hud.choices.answers import UNANSWERED
from hud.elements import of_programs
from records import clock


@dataclass(frozen=True)
class Fact:
    """
    columns: fields that are only right together, derived ones included.
    shown: what a person reads; empty where nothing is known.
    completeness: how much is known, the more the better.
    agree: whether two different values may both be right.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    shown: Callable[[Client], str]
    completeness: Callable[[Client], Any]
    agree: Callable[[Client, Client], bool] = lambda one, other: False

    def differs(self, one: Client, other: Client) -> bool:
        return any(getattr(one, name) != getattr(other, name) for name in self.columns)

    def contradicts(self, one: Client, other: Client) -> bool:
        """Whether both say something, and not the same."""
        both = bool(self.shown(one) and self.shown(other))
        return both and self.differs(one, other) and not self.agree(one, other)


def _name(client: Client) -> str:
    return client.display_name if client.first_name or client.last_name else ""


def _veteran(client: Client) -> str:
    answer = VeteranStatus(client.veteran_status)
    return "" if answer.is_unanswered else str(answer.label)


def _service(client: Client) -> str:
    """V1, without what was left unanswered."""
    found = {one: getattr(client, one.name) for one in SERVICE}
    return "; ".join(
        f"{one.short}: {one.answers(value).label if one.answers else value}"
        for one, value in found.items()
        if value is not None and value not in UNANSWERED
    )


def _filled(*names: str) -> Callable[[Client], int]:
    return lambda client: sum(bool(getattr(client, name)) for name in names)


SERVICE = of_programs("Client")
SERVICE_COLUMNS = tuple(one.name for one in SERVICE)
# What the database derives from the columns of a group.
DERIVED = {
    "name": ("first_key", "last_key", "last_part_key", "name_forms"),
    "ssn": ("ssn_hash", "ssn_last4_hash", "ssn_shape"),
}
NAMES = GROUPS["name"][:-1]


def _group(key: str, completeness: Callable[[Client], Any] | None = None, **options: Any) -> Fact:
    """One of the groups of columns that are corrected together, too."""
    names = GROUPS[key]
    shown = {"shown": SHOWN.get(LABELS[key])} | options
    columns = (*names, *DERIVED.get(key, ()))
    return Fact(key, LABELS[key], columns, completeness=completeness or _filled(*names), **shown)


FACTS = (
    _group("name", lambda one: (-one.name_data_quality, _filled(*NAMES)(one)), shown=_name),
    _group("ssn", lambda one: -one.ssn_data_quality),
    _group(
        "dob",
        lambda one: (-one.dob_data_quality, one.born.precision if one.born else 0),
        agree=lambda one, other: bool(one.born and other.born and one.born.agrees(other.born)),
    ),
    _group("sex", lambda one: bool(SHOWN["Sex"](one))),
    _group(RACE_ETHNICITY, lambda one: (len(one.races), one.race_none is not None)),
    Fact(
        "veteran", "Veteran Status", ("veteran_status",), _veteran, lambda one: _veteran(one) != ""
    ),
    Fact("service", "Military Service", SERVICE_COLUMNS, _service, lambda one: len(_service(one))),
    *map(_group, ("phone", "email", "address")),
)

# What stays the own one of each client, whatever is chosen; `photo_token` follows the photo.
OWN = frozenset(
    {
        "id",
        "personal_id",
        "organization",
        "visibility",
        "version",
        "merged_into",
        "photo_token",
        "breaks",
    }
    | {"erased_at"}  # of a deleted client, whom nobody merges
    | {"date_created", "created_by", "date_updated", "updated_by", "date_deleted", "deleted_by"}
)


def fuller(fact: Fact, survivor: Client, gone: Client) -> Client:
    """Whose value is offered: the one that tells more, else the one who stays."""
    if bool(fact.shown(survivor)) != bool(fact.shown(gone)):
        return survivor if fact.shown(survivor) else gone
    return gone if fact.completeness(gone) > fact.completeness(survivor) else survivor


@dataclass(frozen=True)
class Choices:
    """What the officer chose on a preview.

    seen: the digest of what the preview showed.
    values: whose value is kept, by fact that differs.
    kept: whose rows are kept, by conflict.
    """

    seen: str
    values: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


class Preview:
    """
    Args:
        pair: who stays and who is merged into that one.
        user: who looks. Rows that this user may not know of are neither shown nor counted nor
            compared; the merge moves them all the same (docs/adr/0031).
    """

    def __init__(self, pair: Pair, user: User):
        self.pair, self.user = pair, user

    @cached_property
    def different(self) -> list[Fact]:
        """The facts of which one client's is chosen."""
        return [fact for fact in FACTS if fact.differs(self.pair.survivor, self.pair.gone)]

    @cached_property
    def offered(self) -> dict[str, int]:
        """Whose value is offered of each of them: the one that tells more."""
        return {fact.key: fuller(fact, *self.pair).pk for fact in self.different}

    @cached_property
    def conflicts(self) -> list[Conflict]:
        return [
            conflict
            for relation in relations()
            for conflict in relation.policy.conflicts(relation, self.pair, self.user)
        ]

    @cached_property
    def parts(self) -> list[Rows]:
        """Every kind of rows that the user sees of either client, of those that move."""
        parts = count(self.pair, self.user)
        return [part for part in parts if part.moving or part.present]

    @cached_property
    def former_names(self) -> list[tuple[str, str]]:
        """The names that become aliases if what is offered is kept."""
        aliases = ClientAlias.objects.filter(client__in=self.pair.ids)
        kept = self.offered.get("name", self.pair.survivor.pk)
        return former_names(self.pair, aliases, kept=kept)

    @cached_property
    def refusal(self) -> str:
        """Why the two cannot be merged as they are; empty where nothing is in the way.

        A merge must neither show a restricted record to others, nor hide from an agency what it
        filed itself.
        """
        one, other = self.pair
        if one.visibility != other.visibility:
            hidden = one if one.is_restricted else other
            return (
                f"Client ID {hidden.pk} is restricted to {hidden.organization} and the other is "
                "not. Change who may see it in Edit Client first, so that both are seen by the "
                "same people."
            )
        if one.is_restricted and one.organization_id != other.organization_id:
            return (
                f"Client ID {one.pk} is restricted to {one.organization} and Client ID {other.pk} "
                f"to {other.organization}. Records that two organizations restrict are not merged."
            )
        return shares_more(*self.pair)

    @cached_property
    def held_back(self) -> list[Release]:
        """The releases that open nothing after the merge, until an officer has decided."""
        rows = Release.objects.filter(client__in=self.pair.ids).select_related("covers", "client")
        return held_back(rows.order_by("client", "pk"), clock.today())

    @cached_property
    def digest(self) -> str:
        """What tells this state of both from any other that a preview would show differently.

        What the user does not see is no part of it: a note of another agency's would show.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, xmin, ctid::text FROM {table(Client)}"  # noqa: S608
                " WHERE id = ANY(%s) ORDER BY id",
                [self.pair.ids],
            )
            versions = [str(row) for row in cursor.fetchall()]
        state = [f"{self.pair.survivor.pk}<{self.pair.gone.pk}", *versions]
        for part in self.parts:
            if part.relation.policy.is_compared:
                state.append(f"{part.relation.model._meta.label}:{part.digest}")
        return hashlib.sha256("\n".join(state).encode()).hexdigest()[:32]


def former_names(pair: Pair, aliases: Iterable[Any], *, kept: int) -> list[tuple[str, str]]:
    """The legal names that are neither kept nor an alias already: they become aliases.

    kept: the ID of the client whose name is kept.
    """
    named = pair.gone if kept == pair.gone.pk else pair.survivor
    known = {key_of_row(one) for one in [*aliases, named]}
    return [
        (one.first_name, one.last_name)
        for one in pair
        if key_of_row(one) not in known and any(key_of_row(one))
    ]
