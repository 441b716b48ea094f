"""Fills an empty database with the `State` of a size."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.apps import apps
from django.db import connection, models

from agencies.models import Membership, Organization, Project, Role, User
from casenotes.models import ServiceType
from clients.encryption import encrypt
from clients.models import Client, ClientAlias, NameSpelling
from tests.bench import state
from tests.bench.copying import copy_rows, has_history, unhindered, write_history
from tests.bench.search import People
from tests.bench.state import COLUMNS, Agency, Member, State, client_columns

BATCH = 10_000  # clients
DERIVED = (
    *("first_key", "last_key", "last_part_key", "name_forms"),
    *("ssn_hash", "ssn_last4_hash", "ssn_shape"),
)
ALIAS = "client_id first_name last_name first_key last_key last_part_key name_forms"
PLACES = ("Harbor", "Bridge", "Hope", "River", "Lake", "Hill", "Cedar", "Oak", "Union", "Mercy")
KINDS = ("Services", "House", "Shelter", "Outreach", "Housing", "Center")


def fill(size: int, today: date) -> None:
    """Write all rows; past indexes and triggers, with what they would have written (superuser)."""
    tables = [*(model_of(name)._meta.db_table for name in COLUMNS), "clients_nameform"]
    tables += [Client._meta.db_table, ClientAlias._meta.db_table]
    known = connection.introspection.table_names()
    tables += [name for name in (f"{table}event" for table in tables) if name in known]
    with unhindered(tables):
        for _ in write(State(size, *set_up(size), today)):
            pass
        for model in (Client, ClientAlias, *map(model_of, COLUMNS)):
            if has_history(model):
                write_history(model)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, FREEZE)")


def model_of(name: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model.__name__ == name and _is_ours(model))


def _is_ours(model: type[models.Model]) -> bool:
    return model._meta.app_label in {"clients", "enrollments", "casenotes", "files", "tasks", "cas"}


def set_up(size: int) -> tuple[list[Agency], int]:
    """Agencies with projects, users and services; the number of ALICE."""
    many = min(max(size // 5000, 6), 150)
    agencies = []
    for number in range(many):
        name = f"{PLACES[number % 10]} {KINDS[number // 10 % 6]}"
        organization = Organization.objects.create(
            organization_name=f"{name} {number // 60 + 1}" if number >= 60 else name
        )
        projects = [
            Project.objects.create(
                organization=organization,
                project_name=f"{name} {kind}",
                project_type=kind,
                operating_start_date=date(2015, 7, 1),
            ).pk
            for kind in state.PROJECT_TYPES[: 3 + number % 5]
        ]
        types = [
            ServiceType.objects.create(organization=organization, name=service).pk
            for service in state.SERVICES
        ]
        agencies.append(Agency(organization.pk, projects, service_types=types))
    people = People(state.SEED)
    users = [
        User(
            email=f"worker{number}@bench.example",
            first_name=people.first(),
            last_name=people.last(),
            password="!",
        )
        for number in range(max(size // 200, state.WORKERS))
    ]
    User.objects.bulk_create(users)
    at = [agencies[number % many] for number in range(len(users))]
    Membership.objects.bulk_create(
        Membership(user=user, organization_id=agency.pk)
        for user, agency in zip(users, at, strict=True)
    )
    for user, agency in zip(users, at, strict=True):
        agency.users.append(user.pk)
    alice = User.objects.create(email=state.ALICE, first_name="Alice", last_name="Moran")
    dana = User.objects.create(email=state.DANA, first_name="Dana", last_name="Reed")
    cass = User.objects.create(email=state.CASS, first_name="Cass", last_name="Ng")
    cas = Organization.objects.create(organization_name="Coordinated Access", is_cas=True)
    Membership.objects.create(user=alice, organization_id=agencies[0].pk)
    Membership.objects.create(user=dana, organization_id=agencies[0].pk, role=Role.DQO)
    Membership.objects.create(user=cass, organization=cas, role=Role.DQO)
    return agencies, alice.pk


def write(drawn: State) -> Iterator[int]:
    """Write batch by batch; yields how many clients are written so far."""
    batch: list[Member] = []
    written = 0
    rows: dict[str, list[tuple]] = defaultdict(list)
    for household in drawn.households():
        batch += household
        for name, row in drawn.enrollments(household):
            rows[name].append(row)
        for member in household:
            for name, row in drawn.others(member):
                rows[name].append(row)
        if len(batch) >= BATCH or written + len(batch) == drawn.size:
            write_clients(drawn, batch)
            for name, columns in COLUMNS.items():
                copy_rows(model_of(name), columns, rows.pop(name, []))
            written += len(batch)
            batch.clear()
            yield written


def write_clients(drawn: State, batch: list[Member]) -> None:
    rows, aliases, named = [], [], []
    columns: list[str] = []
    for member in batch:
        record = member.record
        by = drawn.alice if member.is_measured else member.agency.users[0]
        values = client_columns(member.pk, member.agency.pk, by, record, drawn.key())
        values["date_created"] = values["date_updated"] = drawn.at(member.enrollments[0][1])
        client = Client(ssn=record.ssn, **values)
        named.append(client)
        values["ssn"] = encrypt(record.ssn) if record.ssn else ""
        for name in DERIVED:
            values[name] = derived(client, name)
        columns = list(values)
        rows.append(tuple(values.values()))
        if record.alias_first or record.alias_last:
            alias = ClientAlias(first_name=record.alias_first, last_name=record.alias_last)
            named.append(alias)
            keys = [derived(alias, name) for name in ALIAS.split()[3:]]
            aliases.append((member.pk, alias.first_name, alias.last_name, *keys))
    copy_rows(Client, " ".join(columns), rows)
    copy_rows(ClientAlias, ALIAS, aliases)
    NameSpelling.remember(named)


def derived(row: models.Model, name: str) -> str:
    """A search key or hash as the product makes it of a row that it saves."""
    return row._meta.get_field(name).pre_save(row, add=True)
