"""What the bell and the list cost one user with 100,000 notifications: pages that are touched."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cas.listing import bell_count
from cas.models import Notification
from records.keyset import keyset_page

MANY = 100_000
STATES = {
    "unanswered": "NULL, NULL",
    "opened": "now(), NULL",
    "asleep": "NULL, now() + interval '1 day'",
}


@pytest.fixture
def bulk(alice, john):
    """A function that tells Alice 100,000 things that are all in one state, and three new ones."""

    def fill(state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO cas_notification (public_id, recipient_id, client_id, kind, subject,
                    created_at, opened_at, snoozed_until)
                SELECT gen_random_uuid(), %s, %s, 'referred', 'event:' || number,
                    now() - number * interval '1 minute', {STATES[state]}
                FROM generate_series(1, %s) AS number""",
                [alice.pk, john.pk, MANY],
            )
            cursor.execute(
                """
                INSERT INTO cas_notification (public_id, recipient_id, client_id, kind, subject,
                    created_at)
                SELECT gen_random_uuid(), %s, %s, 'accepted', 'event:' || number,
                    now() - number * interval '1 hour' FROM generate_series(1, 3) AS number""",
                [alice.pk, john.pk],
            )
            cursor.execute("ANALYZE cas_notification")

    return fill


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
def test_bell_is_one_look_into_an_index_whatever_was_answered(alice, bulk, state, count):
    bulk(state)
    assert bell_count(alice) == count
    assert cost(lambda: bell_count(alice)) <= 12


def test_a_page_of_the_list_costs_the_same_at_the_end(alice, bulk):
    bulk("opened")
    rows = Notification.objects.of(alice)
    last = rows[MANY - 60]
    before = f"{int(last.created_at.timestamp() * 1_000_000)}_{last.pk}"
    assert cost(lambda: keyset_page(rows, "", "created_at")) <= 12
    assert cost(lambda: keyset_page(rows, before, "created_at")) <= 12
