"""Clients with a row of every relation: Alice's own, and one that Bridge House keeps to itself."""

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection, models, transaction

from agencies.models import Membership, Organization, Project, User
from casenotes.models import ServiceType
from clients.fields import EncryptedTextField
from clients.models import (
    Client,
    ClientAccess,
    ClientRecord,
    ClientSearch,
    IdentityChange,
    Release,
)
from enrollments.models import Enrollment, HouseholdChange
from exchange.models import Transfer
from outbox.models import Delivery
from tests.agencies.admin.rows import ROWS
from tests.cas.factories import DeliveryFactory
from tests.casenotes.factories import ServiceTypeFactory
from tests.clients.merge.rows import MAKERS
from tests.consent.factories import revoked
from tests.consent.matrix import Policy
from tests.consent.population import choose
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    HouseholdChangeFactory,
)
from tests.exchange.factories import TransferFactory
from tests.factories import ClientFactory, ProjectFactory, UserFactory, version_of

CANARY = "Quokkaford"
KEPT = {"key", "step", "page", "token", "kind", "ssn", "password", "email"}


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def far_ids(db):
    """Keys that are no other table's: what is sent as a client is not a user by chance.

    Client IDs leave room below: a maker of a pair wants a client before the given one.
    """
    tables = ["clients_client", "enrollments_enrollment", "casenotes_casenote"]
    with connection.cursor() as cursor:
        for table, above in zip(tables, (90_000, 200_000, 300_000), strict=True):
            cursor.execute(
                "SELECT setval(%(name)s::regclass, %(above)s + nextval(%(name)s::regclass))",
                {"name": f"{table}_id_seq", "above": above},
            )


@pytest.fixture
def hidden(far_ids, bridge, charlie):
    """Bridge House's restricted client, with a row of every relation and a canary in each text."""
    client = ClientFactory(
        organization=bridge,
        created_by=charlie,
        visibility="own",
        first_name=CANARY,
        last_name=CANARY,
    )
    rows: dict[type[models.Model], models.Model] = {Client: client}
    for make in MAKERS.values():
        row = make(client)
        rows.setdefault(type(row), row)
        mark(row, CANARY)
    rows[IdentityChange].event = version_of(client)
    rows[IdentityChange].save()
    search = ClientSearch(user=charlie)
    search.criteria = {"last_name": CANARY}
    search.save()
    rows[ClientSearch] = search
    rows[HouseholdChange] = HouseholdChangeFactory(enrollment=rows[Enrollment])
    rows[User], rows[Organization] = charlie, bridge
    rows[Delivery] = DeliveryFactory(recipient=charlie)
    rows[Transfer] = TransferFactory(organization=bridge, asked_by=charlie)
    rows[Project] = ProjectFactory(organization=bridge, project_name="The Refuge")
    rows[Membership] = charlie.memberships.get()
    rows[ServiceType] = ServiceTypeFactory(organization=bridge, name=f"{CANARY} pass")
    for model in admin.site._registry:
        if model not in rows:
            rows[model] = ROWS[model](bridge)
    return rows


# What Harbor may have written of a client whom it saw, and does not serve the client by.
LEFT_BEHIND = [
    "clients.alert",
    "clients.interestedother",
    "clients.duplicatereport",
    "clients.formdraft",
    "enrollments.intakedraft",
    "casenotes.notedraft",
    "casenotes.notesearch",
    "tasks.task",
    "cas.notification",
    "privacy.clientrequest",
    "privacy.legalhold",
]


@pytest.fixture
def unshared(hidden, harbor, bridge, alice, dana):
    """The same, not restricted: Harbor saw the client by a release, which is revoked now."""
    for row in hidden.values():
        if isinstance(row, Client | ClientRecord):
            takes(row, {"visibility": "all"})  # but for what its own organization alone may see
    choose({"harbor": harbor, "bridge": bridge}, Policy.REQUIRED)
    client = hidden[Client]
    client.organization = harbor  # the makers file rows as the client was filed; it is not saved
    for client.created_by in (alice, dana):
        for (label, _), make in MAKERS.items():
            if label in LEFT_BEHIND:
                row = make(client)
                names = {one.name for one in row._meta.concrete_fields}
                people = names & {"user", "recipient", "assigned_to", "created_by"}
                columns = dict.fromkeys(people, client.created_by)
                type(row)._base_manager.filter(pk=row.pk).update(**columns)
        ClientAccess.objects.create(
            client=client, user=client.created_by, organization=harbor, page="clients:dashboard"
        )
    client.refresh_from_db()
    for release in Release.objects.filter(client=client):
        revoked(release)
    return hidden


@pytest.fixture
def own(far_ids, harbor, alice):
    """Alice's own client of every relation, so that every form opens."""
    client = ClientFactory(organization=harbor, created_by=alice)
    rows: dict[type[models.Model], models.Model] = {Client: client}
    for make in MAKERS.values():
        row = make(client)
        rows.setdefault(type(row), row)
    enrollment = EnrollmentFactory(client=client, created_by=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    rows[IdentityChange].event = version_of(client)
    rows[IdentityChange].save()
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smith"}
    search.save()
    rows[ClientSearch] = search
    rows[HouseholdChange] = HouseholdChangeFactory(enrollment=enrollment)
    rows[User], rows[Organization] = UserFactory(at=[harbor]), harbor
    rows[Delivery] = DeliveryFactory(recipient=alice)
    rows[Transfer] = TransferFactory(organization=harbor, asked_by=alice)
    rows[Membership] = rows[User].memberships.get()
    for model in admin.site._registry:
        if model not in rows:
            rows[model] = ROWS[model](harbor)
    return rows


def mark(row: models.Model, text: str) -> None:
    """Put a text into each column of a row that takes it."""
    columns = {
        field.name: text[: field.max_length or len(text)]
        for field in row._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not isinstance(field, EncryptedTextField)
        and not field.choices
        and not field.unique
        and field.name not in KEPT
        and "json" not in field.name
    }
    if columns and not takes(row, columns):  # a constraint, or a table that is only added to
        for name, value in columns.items():
            takes(row, {name: value})


def takes(row: models.Model, columns: dict[str, str]) -> bool:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**columns)
    except DatabaseError:
        return False
    return True
