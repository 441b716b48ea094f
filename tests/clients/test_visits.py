"""The access log is read by visit: one line for what a user did with one client in one go."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.urls import reverse

from clients.admin.visits import visits
from clients.models import ClientAccess
from tests.factories import ClientFactory

LOG = reverse("admin:clients_clientaccess_changelist")
TRAIL = reverse("admin:clients_clientaccess_trail")
NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # in Boston


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def seen(alice, harbor, john):
    """Return a function that logs accesses so many minutes before noon, the latest first."""

    def log(*minutes, user=alice, client=john, kind="view", page="clients:dashboard", listed=None):
        return [
            ClientAccess(
                client=None if listed else client,
                listed=listed,
                user=user,
                organization=harbor,
                kind=kind,
                page=page,
                at=NOON - timedelta(minutes=one),
            )
            for one in minutes
        ]

    return log


def grouped(*accesses):
    ordered = sorted(chain(*accesses), key=lambda one: one.at, reverse=True)
    return visits(ordered, page_name=str.upper, who=lambda access: str(access.user))


def test_accesses_without_an_hours_break_are_one_visit(seen, john, alice, harbor):
    (visit,) = grouped(seen(0, 50), seen(100, page="casenotes:notes"))
    assert (visit.who, visit.organization, visit.client_ids) == (
        str(alice),
        str(harbor),
        str(john.pk),
    )
    assert visit.when == "10:20 AM to 12:00 PM"
    assert visit.what == "Viewed 2 pages"
    assert [one.page for one in visit.accesses] == [
        *("CLIENTS:DASHBOARD", "CLIENTS:DASHBOARD", "CASENOTES:NOTES")
    ]


def test_longer_break_another_day_and_another_user_or_client_begin_another_visit(seen, bob, harbor):
    other = ClientFactory(organization=harbor)
    assert len(grouped(seen(0, 61))) == 2
    assert len(grouped(seen(700, 730))) == 2  # 12:20 AM and 11:50 PM
    assert len(grouped(seen(0), seen(1, user=bob))) == 2
    assert len(grouped(seen(0), seen(1, client=other))) == 2


@pytest.mark.parametrize(
    ("last", "count"),
    [(datetime(2026, 3, 8, 7, 20, tzinfo=UTC), 1), (datetime(2026, 11, 1, 6, 20, tzinfo=UTC), 2)],
)
def test_break_is_as_long_as_it_was_where_the_clocks_change(seen, last, count):
    first = timedelta(minutes=40 if count == 1 else 100)
    accesses = seen(0, 0)
    for access, at in zip(accesses, (last, last - first), strict=True):
        access.at = at
    assert len(grouped(accesses)) == count


def test_visits_of_several_users_at_once_are_told_apart(seen, bob):
    first, second = grouped(seen(0, 2, 4), seen(1, 3, user=bob))
    assert [len(first.accesses), len(second.accesses)] == [3, 2]
    assert second.who == str(bob)


def test_refusal_is_a_line_of_its_own(seen):
    shown, refused = grouped(seen(0), seen(1, kind="refused"))
    assert (shown.what, refused.what) == (
        "Viewed: CLIENTS:DASHBOARD",
        "Refused: CLIENTS:DASHBOARD",
    )


def test_line_says_that_an_ssn_was_revealed(seen):
    (visit,) = grouped(seen(0, 1), seen(2, kind="ssn", page="clients:reveal_ssn"))
    assert visit.what == "Revealed SSN: CLIENTS:REVEAL_SSN and Viewed: CLIENTS:DASHBOARD"


def test_list_that_was_opened_again_is_one_line_with_everybody_on_it(seen):
    (visit,) = grouped(
        seen(0, kind="list", page="home", listed=[1, 2, 3]),
        seen(5, kind="list", page="home", listed=[3, 4, 5, 6, 7, 8]),
    )
    assert visit.client_ids == "1, 2, 3, 4, 5 and 3 more"
    assert visit.what == "Listed: HOME"


def test_log_and_clients_history_are_shown_by_visit(portal, dana, seen, john):
    ClientAccess.objects.bulk_create(seen(0, 1) + seen(2, page="casenotes:notes"))
    browser = portal(dana)
    page = browser.get(LOG)
    assert len(page.context["cl"].result_list) == 3
    assert [one.what for one in page.context["cl"].visits] == ["Viewed 2 pages"]
    html = page.content.decode()
    assert "Viewed: Client Dashboard" in html
    assert "Viewed: Case Notes" in html
    assert "casenotes:notes" not in html
    trail = browser.get(TRAIL, {"client": john.pk, "show": "views"})
    assert [one.what for one in trail.context["visits"]] == ["Viewed 2 pages"]
