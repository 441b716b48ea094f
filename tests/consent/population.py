"""The clients of the matrix: one of every state, with a row of every kind by two agencies."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from agencies.models import Organization, SharingPolicy, User
from clients.models import Client, ClientAlias, Release
from records.visibility import Visibility
from tests.cas.factories import EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.clients.merge.rows import document_check
from tests.consent.factories import ReleaseFactory, ended_yesterday, revoked
from tests.consent.matrix import AGENCIES, OWNERS, STATES, WHO, Cell, Policy, State
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import (
    AlertFactory,
    ClientFactory,
    InterestedOtherFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.files.factories import file_of, photo_of

LAST_NAME = "Quokka"
NAMES = {"harbor": "Harbor Services", "cedar": "Cedar Center", "bridge": "Bridge House"}


@dataclass
class Population:
    """Everything by its cell, and back.

    rows: the row of a cell. words: a text of it that its page shows, and no other row has; empty
    where it shows none.
    """

    agencies: dict[str, Organization]
    users: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)
    rows: dict[Cell, models.Model] = field(default_factory=dict)
    words: dict[Cell, str] = field(default_factory=dict)

    def of_states(self, states: Collection[State]) -> "Population":
        """The clients of some states, with all that is theirs."""
        keys = {state.key for state in states}
        return replace(
            self,
            clients={key: client for key, client in self.clients.items() if key in keys},
            rows={cell: row for cell, row in self.rows.items() if cell.state in keys},
            words={cell: word for cell, word in self.words.items() if cell.state in keys},
        )

    def cells_of(self, kind: str) -> dict[int, Cell]:
        """The cells of a kind by the keys of their rows."""
        return {row.pk: cell for cell, row in self.rows.items() if cell.kind == kind}

    def cells_in(self, html: str, client: Client) -> set[Cell]:
        """The cells of a client whose words stand in a text."""
        return {
            cell
            for cell, word in self.words.items()
            if word and self.clients[cell.state] == client and word in html
        }


def agencies() -> dict[str, Organization]:
    found = {name: OrganizationFactory(organization_name=NAMES[name]) for name in NAMES}
    found["cas"] = OrganizationFactory(organization_name="Coordinated Access", is_cas=True)
    assert found.keys() | {""} == AGENCIES.keys()
    return found


def users(of: dict[str, Organization]) -> dict[str, User]:
    found = {}
    for who in WHO:
        place = "dqo_at" if "Officer" in who.words or who.has_cas else "at"
        access = {} if who.is_administrator else {place: [of[who.agency]]}
        found[who.name] = UserFactory(
            email=f"{who.name}@{who.agency or 'coc'}.example",
            first_name=who.name.capitalize(),
            is_superuser=who.is_administrator,
            is_staff=who.is_administrator,
            **access,
        )
    return found


def populate() -> Population:
    of = agencies()
    found = Population(of, users(of))
    for state in STATES:
        client = ClientFactory(
            organization=of["harbor"],
            created_by=found.users["alice"],
            first_name=f"Q{state.key.replace('_', '')}q",  # none is a part of another
            last_name=LAST_NAME,
            phone=f"details{state.key.replace('_', '')}d",
        )
        found.clients[state.key] = client
        _note(found, Cell(state.key, "harbor", "identity"), client, client.first_name)
        _note(found, Cell(state.key, "harbor", "details"), client, client.phone)
        ClientAlias.objects.create(client=client, first_name=client.phone)
        photo = photo_of(client)
        _note(found, Cell(state.key, "harbor", "photo"), photo, photo.token)
        for owner in OWNERS:
            _add_rows(found, state.key, owner)
        ANSWERS[state.key](client, of)
        if state.is_restricted:
            Client.objects.filter(pk=client.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    return found


def _note(found: Population, cell: Cell, row: models.Model, word: str) -> None:
    found.rows[cell], found.words[cell] = row, word


def _add_rows(found: Population, state: str, owner: str) -> None:
    client, organization = found.clients[state], found.agencies[owner]
    by = found.users["alice" if owner == "harbor" else "carla"]
    of = {"client": client, "organization": organization, "created_by": by}

    def add(kind: str, row: models.Model, word: str) -> None:
        _note(found, Cell(state, owner, kind), row, word)

    def word(kind: str) -> str:
        return f"{kind}-{state}-{owner}".replace("_", "")

    name = word("enrollment")
    project = ProjectFactory(organization=organization, project_name=name)
    enrollment = EnrollmentFactory(**of, project=project)
    add("enrollment", enrollment, name)
    of_enrollment = of | {"enrollment": enrollment}
    add("income", IncomeBenefitsFactory(**of_enrollment), "")
    manager = UserFactory(first_name=word("assignment"), at=[organization])
    assignment = CaseAssignmentFactory(**of_enrollment, case_manager=manager)
    add("assignment", assignment, word("assignment"))
    service = ServiceFactory(**of_enrollment, service_type__name=word("service"))
    add("service", service, word("service"))
    add("event", EventFactory(**of_enrollment), "")
    add("alert", AlertFactory(**of, text=word("alert")), word("alert"))
    other = InterestedOtherFactory(**of, first_name=word("other"))
    add("other", other, word("other"))
    for kind, visibility in (
        ("shared_note", Visibility.ALL_ORGANIZATIONS),
        ("own_note", Visibility.OWN_ORGANIZATION),
    ):
        note = CaseNoteFactory(**of, title=word(kind), visibility=visibility)
        add(kind, note, word(kind))
    file = file_of(client, by=by, organization=organization, document_name=word("file"))
    add("file", file, word("file"))
    check = document_check(client)
    type(check).objects.filter(pk=check.pk).update(organization=organization, item=word("check"))
    check.refresh_from_db()
    add("check", check, word("check"))


def _signed_since(client: Client, of: dict[str, Organization]) -> None:
    ReleaseFactory(client=client, refused=True)
    ReleaseFactory(client=client, signed=True)


def _refused_since(client: Client, of: dict[str, Organization]) -> None:
    ReleaseFactory(client=client, signed=True)
    ReleaseFactory(client=client, refused=True)


def _but_one(client: Client, of: dict[str, Organization]) -> None:
    ReleaseFactory(client=client)
    ReleaseFactory(client=client, refused=True, covers=of["bridge"])


def _later(client: Client, of: dict[str, Organization]) -> None:
    ReleaseFactory(client=client, begins_on=timezone.localdate() + timedelta(days=1))


def _undecided(client: Client, of: dict[str, Organization]) -> None:
    row = ReleaseFactory(client=client)
    Release.objects.filter(pk=row.pk).update(undecided=True)


# What the client of each state answered.
ANSWERS: dict[str, Callable[[Client, dict[str, Organization]], Any]] = {
    "never": lambda client, of: None,
    "all": lambda client, of: ReleaseFactory(client=client, signed=True),
    "one": lambda client, of: ReleaseFactory(client=client, covers=of["bridge"]),
    "signed_since": _signed_since,
    "but_one": _but_one,
    "later": _later,
    "ended": lambda client, of: ended_yesterday(client),
    "revoked": lambda client, of: revoked(ReleaseFactory(client=client)),
    "refused": lambda client, of: ReleaseFactory(client=client, refused=True),
    "refused_since": _refused_since,
    "undecided": _undecided,
    "restricted": lambda client, of: ReleaseFactory(client=client, signed=True),
}


def choose(of: dict[str, Organization], common: Policy, **own: Policy) -> None:
    """Choose the CoC's policy, and the stricter one of some agencies."""
    SharingPolicy.objects.update_or_create(pk=SharingPolicy.ONLY, defaults={"policy": common.value})
    for name, agency in of.items():
        chosen = own.get(name, common)
        Organization.objects.filter(pk=agency.pk).update(
            sharing="" if chosen is common else chosen.value
        )
        agency.refresh_from_db()
