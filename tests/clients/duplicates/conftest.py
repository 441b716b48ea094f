from collections.abc import Sequence
from datetime import date, datetime

import pytest
from django.db import connection

from clients.duplicates import run
from clients.duplicates.frequencies import CACHED, TermFrequencies
from clients.duplicates.person import Name, Person, person_from
from clients.encryption import keyed_hash
from clients.models import Client, ClientAlias, PossibleDuplicate
from tests.factories import ClientFactory, OrganizationFactory, UserFactory

BORN = date(1980, 3, 4)
SSN = "219456789"


@pytest.fixture(autouse=True)
def no_frequencies_cached():
    CACHED.clear()
    yield
    CACHED.clear()


@pytest.fixture
def million():
    """A million clients, of whom Smith and John are common, and one address is a shelter's."""
    return TermFrequencies(
        1_000_000,
        {"first": {"john": 0.01}, "last": {"smith": 0.01}, "street": {"1shelterst": 0.01}},
        {
            "first": 0.0001,
            "last": 0.0001,
            "street": 0.0001,
            "zip": 0.001,
            "city": 0.1,
            "phone": 0.001,
        },
    )


def somebody(first="", last="", dob=None, ssn="", **known) -> Person:
    """A person as compared; `known` are columns of the client."""
    columns = {
        "middle_name": "",
        "name_suffix": "",
        "dob": dob,
        "dob_data_quality": 1,
        "sex": 99,
        "ssn_hash": keyed_hash(ssn) if len(ssn) == 9 and ssn.isdigit() else "",
        "ssn_last4_hash": keyed_hash(ssn[-4:]) if ssn else "",
        "ssn": ssn,
        "phone": "",
        "email": "",
        "address1": "",
        "address2": "",
        "city": "",
        "zip": "",
    }
    aliases = known.pop("aliases", ())
    names = (Name(first, last, ""), *aliases)
    return person_from(names, {"pk": 1} | columns | known)


@pytest.fixture
def file(db):
    """Return a function that files a client."""
    stamp = {"organization": OrganizationFactory(), "created_by": UserFactory()}

    def filed(first="Robert", last="Quillen", dob=BORN, **known):
        known.setdefault("dob_data_quality", 1 if dob else 99)
        known.setdefault("ssn_data_quality", 1 if known.get("ssn") else 99)
        return ClientFactory(first_name=first, last_name=last, dob=dob, **stamp, **known)

    return filed


def search(**options) -> run.Outcome:
    return run.find_duplicates(processes=1, **options)


def listed() -> list[tuple[int, int]]:
    return list(PossibleDuplicate.objects.values_list("client_1_id", "client_2_id"))


def touch(rows: Sequence[Client | ClientAlias], at: datetime) -> None:
    """Have the history say that these were changed at that moment."""
    events = type(rows[0]).pgh_event_model._meta
    own = {"pgh_id", "pgh_created_at", "pgh_label"}
    columns = ", ".join({one.column for one in events.concrete_fields} - own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {events.db_table} (pgh_created_at, pgh_label, {columns})"
            f" SELECT DISTINCT ON (pgh_obj_id) %s::timestamptz, 'update', {columns}"
            f" FROM {events.db_table} WHERE pgh_obj_id = ANY(%s)",
            [at, [row.pk for row in rows]],
        )
