"""What counts of a client's answers on a day, said in a few words wherever the client stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from agencies.models import User
from clients.models import Client, Release
from clients.models.release import is_latest, lasts
from clients.models.release_term import LAST_DAY
from clients.release_answers import ENDS_SOON
from records import clock
from records.statements import compiled

DAYS = ("begins_on", "last_day")
State = Release.State


@dataclass(frozen=True)
class Counting:
    """An answer that counts now, or is to: a release, a refusal, or one that waits for a decision.

    covers: the organization's name; empty for every one.
    """

    pk: int
    kind: str
    covers: str
    begins_on: date
    last_day: date | None
    undecided: bool

    @classmethod
    def of(cls, release: Release) -> Self:
        return cls(
            pk=release.pk,
            kind=release.kind,
            covers=str(release.covers or ""),
            begins_on=release.begins_on,
            last_day=release.last_day,
            undecided=release.undecided,
        )

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """An answer in the words of JSON."""
        return cls(**row | {name: row[name] and date.fromisoformat(row[name]) for name in DAYS})

    def state_on(self, day: date) -> Release.State:
        if self.kind == Release.Kind.REFUSED:
            return State.REFUSED
        if self.undecided:
            return State.UNDECIDED
        return State.FUTURE if self.begins_on > day else State.IN_FORCE

    @property
    def state(self) -> Release.State:
        return self.state_on(clock.today())

    @property
    def term(self) -> str:
        """How long it counts, or from when."""
        if self.kind == Release.Kind.REFUSED:
            return f"since {self.begins_on:%m/%d/%Y}"
        if self.state == State.FUTURE:
            return f"from {self.begins_on:%m/%d/%Y}"
        return f"until {self.last_day:%m/%d/%Y}" if self.last_day else "until it is revoked"

    @property
    def tone(self) -> str:
        ends_soon = self.last_day is not None and self.last_day <= clock.today() + ENDS_SOON
        return "warning" if ends_soon and self.state == State.IN_FORCE else TONES[self.state]


TONES = {
    State.IN_FORCE: "good",
    State.FUTURE: "info",
    State.REFUSED: "danger",
    State.UNDECIDED: "warning",
    State.ENDED: "",
    State.REVOKED: "",
    State.REPLACED: "",
}


@dataclass(frozen=True)
class Standing:
    """A client's answers in one badge."""

    label: str
    tone: str


def standing(answers: Iterable[Counting], day: date) -> Standing:
    """What is in force counts first, for all organizations before single ones; then a refusal."""
    by_state: dict[State, list[Counting]] = {}
    for one in answers:
        by_state.setdefault(one.state_on(day), []).append(one)
    if in_force := by_state.get(State.IN_FORCE):
        for_all = [one for one in in_force if not one.covers]
        last = max(for_all or in_force, key=lambda one: one.last_day or date.max)
        return Standing(_label(last, 0 if for_all else len(in_force)), last.tone)
    if State.UNDECIDED in by_state:
        return Standing("Release undecided", TONES[State.UNDECIDED])
    if State.REFUSED in by_state:
        return Standing("Release refused", TONES[State.REFUSED])
    if future := by_state.get(State.FUTURE):
        first = min(one.begins_on for one in future)
        return Standing(f"Release from {first:%m/%d/%Y}", TONES[State.FUTURE])
    return Standing("No release", "warning")


def _label(last: Counting, organizations: int) -> str:
    """How long, and for how many organizations; none where it is for all."""
    many = "1 organization" if organizations == 1 else f"{organizations} organizations"
    what = f"Release for {many}" if organizations else "Release"
    return f"{what} until {last.last_day:%m/%d/%Y}" if last.last_day else f"{what} in force"


def counts_on(day: date) -> Q:
    """What is not over, not revoked and not replaced by a later answer on a day."""
    return Q(lasts(day), is_latest(day), revoked_at=None)


def as_json() -> JSONObject:
    """The columns of a `Counting`."""
    common, legal = (f"covers__organization_{which}" for which in ("common_name", "name"))
    covers = Coalesce(NullIf(common, Value("")), legal, Value(""))
    columns = {name: name for name in ("pk", "kind", "begins_on", "undecided")}
    return JSONObject(covers=covers, last_day=LAST_DAY, **columns)


def answers_of(client: Client) -> list[Counting]:
    """What was read with the client (`consent.marks`)."""
    return [Counting.of_row(row) for row in getattr(client, "release_rows", [])]


def in_force(client: Client) -> list[Counting]:
    """Of the answers that were read with the client, the releases that count today."""
    return [one for one in answers_of(client) if one.state == State.IN_FORCE]


def standings(user: User, client_ids: list[int]) -> dict[int, Standing]:
    """The standing of each of these clients, as far as the user may see it; one query."""
    found: dict[int, list[Counting]] = {pk: [] for pk in client_ids}
    for client_id, row in _of_clients(user, client_ids) if client_ids else ():
        found[client_id].append(Counting.of_row(row))
    day = clock.today()
    return {pk: standing(answers, day) for pk, answers in found.items()}


@compiled
def _of_clients(user: User, client_ids: list[int]) -> QuerySet[Release, Any]:
    rows = Release.objects.visible_to(user).filter(counts_on(clock.today()), client__in=client_ids)
    return rows.annotate(row=as_json()).values_list("client", "row")
