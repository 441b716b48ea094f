"""A page of a rule's list is looked for among an organization's newest rows, then further back."""

from itertools import cycle, product

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from data_quality import lists
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.scope import Scope
from tests.data_quality.conftest import DAY, FEW, NOON
from tests.data_quality.wild import Wild
from tests.factories import OrganizationFactory, UserFactory

EVERYBODYS = ("enrollments_enrollment", "clients_client", "enrollments_incomebenefits")


@pytest.fixture(scope="module")
@time_machine.travel(NOON, tick=False)
def scopes_once(module_transaction):
    """Of an officer of two, of one of these, and of an administrator."""
    harbor, bridge = OrganizationFactory.create_batch(2)
    both = UserFactory(dqo_at=[harbor, bridge])
    boss = UserFactory(is_superuser=True, is_staff=True)
    Wild(5, harbor, both, DAY).write(25)
    Wild(6, bridge, both, DAY).write(25)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Scope(user=both, today=DAY),
        Scope(user=both, today=DAY, organization=bridge),
        Scope(user=boss, today=DAY),
    ]


@pytest.fixture
def scopes(scopes_once, today, db):
    return scopes_once


def test_every_list_is_the_same_however_far_back_one_looks_at_once(scopes, monkeypatch):
    """Each rule once, and a rule of each way of counting in each scope."""
    monkeypatch.setattr(lists, "FIRST_ROWS", 7)
    for rule, scope in {*zip(RULES, cycle(scopes), strict=False), *product(FEW, scopes)}:
        whole = list(lists.found(rule, scope).values_list("pk", flat=True))
        assert lists._newest(rule, scope, None, most=len(whole) + 1) == whole, rule.key
        if len(whole) > 3:
            place = whole[2]
            assert lists._newest(rule, scope, place, most=2) == whole[3:5], rule.key


@pytest.mark.parametrize("key", ["living-missing", "race-missing", "annual-date-impossible"])
def test_no_list_reads_a_table_of_everybodys_rows(scopes, key):
    """One organization's rows are a stretch of an index, and the others are looked up by row."""
    with CaptureQueriesContext(connection) as queries:
        lists._newest(BY_KEY[key], scopes[1], None, most=26)
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT")]
    assert len(asked) >= 3
    with connection.cursor() as cursor:
        for option in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SHOW enable_{option}")
            assert cursor.fetchone() == ("on",), "what follows is planned as before"
    for sql in asked:
        with lists._row_by_row(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Hash Join" not in plan
        assert not [table for table in EVERYBODYS if f"Seq Scan on {table}" in plan], plan
