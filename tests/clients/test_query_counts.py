"""Pages make the same number of queries however many rows there are (Must show: 12 at most)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Alert, Client, ClientAccess, ClientAlias, InterestedOther
from tests.factories import AlertFactory, ClientFactory, InterestedOtherFactory

MOST = 12


@pytest.fixture
def queries(portal, alice):
    """A function that counts the queries of a page the second time that it is opened."""
    browser = portal(alice)

    def count(address: str) -> int:
        assert browser.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        return len(captured)

    count.search = lambda **boxes: browser.post("/clients/", boxes)["Location"]
    return count


def crowd(john, many: int) -> None:
    """Namesakes of John, each with an alias."""
    values = {"organization": john.organization, "created_by": john.created_by}
    clients = [ClientFactory.build(**values, first_name=f"Jo{number}") for number in range(many)]
    Client.objects.bulk_create(clients)
    ClientAlias.objects.bulk_create(
        [ClientAlias(client=one, first_name="Jon", last_name="Smithers") for one in clients]
    )


@pytest.mark.parametrize(
    "boxes",
    [
        {"first_name": "Jo", "last_name": "Smi"},
        {"last_name": "Smith"},
        {"first_name": "Jon", "last_name": "Smyth"},
        {"dob": "05/17/1980"},
        {"ssn": "1234"},
    ],
)
def test_results_make_as_many_queries_for_10_clients_as_for_1000(queries, john, boxes):
    crowd(john, 9)
    few = queries(queries.search(**boxes))
    crowd(john, 990)  # 1,000 in all
    many = queries(queries.search(**boxes))
    assert few == many
    assert many <= MOST


def test_dashboard_makes_as_many_queries_with_1_row_as_with_50(queries, john):
    AlertFactory(client=john)
    InterestedOtherFactory(client=john)
    ClientAlias(client=john, first_name="A1").save()
    few = queries(john.get_absolute_url())
    rows_of(john, 50)
    for number in range(10):
        ClientAlias(client=john, first_name=f"B{number}").save()
    many = queries(john.get_absolute_url())
    assert few == many
    assert many <= MOST


def test_dashboard_makes_as_many_queries_for_10_clients_as_for_1000(queries, john):
    crowd(john, 9)
    few = queries(john.get_absolute_url())
    crowd(john, 990)
    assert queries(john.get_absolute_url()) == few


def rows_of(john, many: int) -> None:
    values = {"client": john}
    Alert.objects.bulk_create([AlertFactory.build(**values, **by(john)) for _ in range(many)])
    others = [InterestedOtherFactory.build(**values, **by(john)) for _ in range(many)]
    InterestedOther.objects.bulk_create(others)


def by(john) -> dict:
    return {"organization": john.organization, "created_by": john.created_by}


@pytest.mark.parametrize("name", ["alerts", "interested_others"])
def test_list_makes_as_many_queries_with_1_row_as_with_50(queries, john, alice, name):
    address = reverse(f"clients:{name}", args=[john.pk])
    rows_of(john, 2)
    for model in (Alert, InterestedOther):
        model.objects.latest("pk").mark_deleted(by=alice)
    few = queries(address)
    rows_of(john, 50)
    for model in (Alert, InterestedOther):
        for row in model.objects.all()[:5]:
            row.mark_deleted(by=alice)
    many = queries(address)
    assert few == many
    assert many <= MOST


def test_home_makes_as_many_queries_with_1_recent_client_as_with_many(queries, john):
    queries(john.get_absolute_url())
    few = queries("/")
    crowd(john, 20)
    ClientAccess.objects.bulk_create(
        [
            ClientAccess(client=client, user=john.created_by, organization=john.organization)
            for client in Client.objects.all()
        ]
    )
    many = queries("/")
    assert few == many
    assert many <= MOST


@pytest.mark.parametrize("name", ["edit", "reveal_ssn", "add_alert"])
def test_other_pages_of_a_client_are_as_sparing(queries, john, name):
    crowd(john, 5)
    rows_of(john, 5)
    assert queries(reverse(f"clients:{name}", args=[john.pk])) <= MOST
