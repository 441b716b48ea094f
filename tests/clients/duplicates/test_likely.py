"""Is the new client somebody on file? 2.6 and HUD's two of three."""

from datetime import date

import pytest

from clients.duplicates.likely import likely_duplicates
from clients.models import Client, ClientAlias
from clients.search import kept
from tests.factories import ClientAliasFactory, ClientFactory, OrganizationFactory, UserFactory

BORN = date(1980, 3, 4)
SSN = "219456789"


@pytest.fixture
def harbor(db):
    return OrganizationFactory()


@pytest.fixture
def alice(harbor):
    return UserFactory(at=[harbor])


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(
        first_name="John",
        last_name="Smith",
        dob=BORN,
        ssn=SSN,
        ssn_data_quality=1,
        organization=harbor,
        created_by=alice,
    )


def new(first="", last="", dob=None, ssn=""):
    return Client(first_name=first, last_name=last, dob=dob, ssn=ssn)


@pytest.mark.parametrize(
    "client",
    [
        new("JOHN", "smith", BORN),
        new("John", "Smith", None, SSN),
        new("Peter", "Brown", BORN, SSN),
        new("John", "Smith"),
        new("Jhon", "Smith", BORN),
        new("Johnny", "Smyth", BORN),
        new("Smith", "John", BORN),
        new("John", "Smith", date(1980, 4, 3)),
        new("John", "Smith", date(1981, 3, 4)),
        new("John", "Smith", BORN, "555121234"),
        new("John", "Smith", None, "219456798"),
        new("John", "Smith", None, "xxxxx6789"),
        new("Jim", "Smith", BORN),
        new("Jim", "Smith", BORN, "219456790"),
        new("John", "Brown", BORN),
        new("Mary", "Brown", None, SSN),
        new("", "", None, SSN),
    ],
    ids=str,
)
def test_who_may_be_the_same_is_shown(alice, john, client):
    (duplicate,) = likely_duplicates(client, alice)
    assert duplicate.client == john
    assert duplicate.reasons
    assert all(duplicate.reasons)


@pytest.mark.parametrize(
    "client",
    [
        new("John", "Smith", date(1952, 7, 21), "555121234"),  # his father
        new("John", "Smith", date(1952, 7, 21)),
        new("John", "Smith", date(2010, 3, 4)),  # his son, on his own birthday
        new("John", "Smith", None, "555121234"),
        new("Mary", "Smith"),
        new("Peter", "Brown", BORN),
        new("Mary", "Brown", None, "xxxxx6789"),
        new("J", "S"),
        new("John"),
        new(),
        new("😀", "%"),
        new("Mary", "Jones", date(1980, 4, 3)),
    ],
    ids=str,
)
def test_somebody_else_is_not_shown(alice, john, client):
    assert likely_duplicates(client, alice) == []


def test_placeholders_agree_with_nothing(alice, harbor):
    ClientFactory(
        first_name="Ann",
        last_name="Lee",
        dob=date(1900, 1, 1),
        ssn="999999999",
        ssn_data_quality=1,
        organization=harbor,
        created_by=alice,
    )
    assert likely_duplicates(new("Mary", "Brown", date(1900, 1, 1), "999999999"), alice) == []


def test_alias_on_record_and_alias_of_the_new_client(alice, john):
    ClientAliasFactory(client=john, first_name="Jack", last_name="Walker")
    (by_alias,) = likely_duplicates(new("Jack", "Walker", BORN), alice)
    assert by_alias.client.matched_alias == "Jack Walker"
    client = new("Zed", "Quigley", date(1980, 3, 5))
    assert likely_duplicates(client, alice) == []
    alias = ClientAlias(first_name="John", last_name="Smith")
    assert [one.client for one in likely_duplicates(client, alice, [alias])] == [john]


def test_likeliest_first_and_at_most_five(alice, harbor, john):
    for _ in range(8):
        ClientFactory(
            first_name="Jim", last_name="Smith", dob=BORN, organization=harbor, created_by=alice
        )
    duplicates = likely_duplicates(new("John", "Smith", BORN, SSN), alice)
    assert len(duplicates) == 5
    assert duplicates[0].client == john


def test_restricted_deleted_and_merged_clients_are_not_shown(alice, john, harbor):
    charlie = UserFactory(at=[OrganizationFactory()])
    client = new("John", "Smith", BORN, SSN)
    john.visibility = Client.Visibility.OWN_ORGANIZATION
    john.save()
    assert likely_duplicates(client, charlie) == []
    assert [one.client for one in likely_duplicates(client, alice)] == [john]
    keeper = ClientFactory(
        first_name="Zed",
        last_name="Q",
        organization=harbor,
        created_by=alice,
        dob=None,
        dob_data_quality=99,
    )
    john.merged_into = keeper
    john.save()
    assert likely_duplicates(client, alice) == []
    john.merged_into = None
    john.mark_deleted(by=alice)
    assert likely_duplicates(client, alice) == []


def test_a_saved_client_is_not_its_own_duplicate(alice, john):
    assert likely_duplicates(john, alice) == []


def test_hostile_names_break_nothing(alice, john):
    for name in ("x" * 10_000, "\x01\x02", "\u202e", "%_\\", "' --"):
        assert likely_duplicates(new(name, name, BORN, SSN), alice)


def test_names_of_any_length_share_a_statement(alice, john, monkeypatch):
    """To build one takes ten times what PostgreSQL needs to answer it."""
    monkeypatch.setattr(kept, "KEPT", {})
    for first, last in (("Jo", "Li"), ("Johnny", "Smyth")):
        likely_duplicates(new(first, last, BORN), alice)
    assert len(kept.KEPT) == 1


@pytest.mark.parametrize(
    ("ssn", "told"),
    [
        ("319456789", ["Same last four digits of the SSN"]),
        ("219465789", []),
        ("219456788", ["One digit of the SSN differs"]),
    ],
)
def test_who_may_not_reveal_ssns_is_not_told_of_digits_that_are_not_seen(alice, john, ssn, told):
    alice.memberships.update(may_reveal_ssn=False)
    (duplicate,) = likely_duplicates(new("John", "Smith", BORN, ssn), alice)
    assert [one for one in duplicate.reasons if "SSN" in one] == told
    assert likely_duplicates(new("", "", None, "319456789"), alice) == []
