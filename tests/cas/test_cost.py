"""What the bell and the list cost, of 100,000 notifications of three users: pages touched."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import User
from cas.listing import bell_count
from cas.models import Notification
from records.keyset import keyset_page
from tests.factories import ClientFactory, UserFactory

EACH = 35_000
STATES = {
    "unanswered": "NULL, NULL",
    "opened": "now(), NULL",
    "asleep": "NULL, now() + interval '1 day'",
}


@pytest.fixture(scope="module")
def users_once(module_transaction):
    users = {state: notified_user(state) for state in STATES}
    connection.check_constraints()  # now, and not again at the end of each test
    return users


@pytest.fixture
def users(users_once, db):
    """By state: a user with 35,000 notifications that are all in it, and three new ones."""
    return users_once


def notified_user(state: str) -> User:
    user, client = UserFactory(), ClientFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO cas_notification (public_id, recipient_id, client_id, kind, subject,
                created_at, opened_at, snoozed_until)
            SELECT gen_random_uuid(), %s, %s, 'referred', 'event:' || number,
                now() - number * interval '1 minute', {STATES[state]}
            FROM generate_series(1, %s) AS number""",
            [user.pk, client.pk, EACH],
        )
        cursor.execute(
            """
            INSERT INTO cas_notification (public_id, recipient_id, client_id, kind, subject,
                created_at)
            SELECT gen_random_uuid(), %s, %s, 'accepted', 'event:' || number,
                now() - number * interval '1 hour' FROM generate_series(1, 3) AS number""",
            [user.pk, client.pk],
        )
        cursor.execute("ANALYZE cas_notification")
    return user


def pages_touched(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def cost(read) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    notified = [query["sql"] for query in captured if "cas_notification" in query["sql"]]
    assert len(notified) == 1
    return pages_touched(notified[0])


@pytest.mark.parametrize(
    ("state", "count"), [("unanswered", "99+"), ("opened", "3"), ("asleep", "3")]
)
def test_bell_is_one_look_into_an_index_whatever_was_answered(users, state, count):
    assert bell_count(users[state]) == count
    assert cost(lambda: bell_count(users[state])) <= 12


def test_a_page_of_the_list_costs_the_same_at_the_end(users):
    rows = Notification.objects.of(users["opened"])
    last = rows[EACH - 60]
    before = f"{int(last.created_at.timestamp() * 1_000_000)}_{last.pk}"
    assert cost(lambda: keyset_page(rows, "", "created_at")) <= 12
    assert cost(lambda: keyset_page(rows, before, "created_at")) <= 12
