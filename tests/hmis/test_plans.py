"""No list reads a table from end to end: the plan of each statement, with 10,000 rows a table."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from clients.models import Client
from hmis.demo.load import load
from tests.addresses import Arguments, urls
from tests.factories import ClientMergeFactory, PossibleDuplicateFactory
from tests.hmis.test_access_log_is_complete import SKIPPED, leave_drafts
from tests.multiplied import Multiplied

ROWS = 10_500
FEW_OF_TWO = (
    "About fifty rows of two clients are counted; with ten times as many clients what they hang on "
    "is found by its keys."
)
# Pages that read a whole table, and why they may.
WHOLE = {
    ("admin:index", "clients_client"): "Up to 100 pairs are counted; with ten times as many clients"
    " the two of each are found by their keys.",
    ("admin:clients_merge", "clients_client"): FEW_OF_TWO,
    ("admin:clients_merge", "enrollments_enrollment"): FEW_OF_TWO,
}
FORMS = re.compile(r"_(add|change|delete|password_change)$|:(add|edit|delete|discard|undo)_")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, multiplied; rolled back at the end of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        context = load(count=0)
        own = Client.objects.filter(organization=context.agencies.harbor).order_by("pk")
        PossibleDuplicateFactory(client_1=own[0], client_2=own[1])
        ClientMergeFactory(survivor=own[4])
        for user in (context.agencies.users["casey"], context.agencies.users["dana"]):
            leave_drafts(user, context.agencies.harbor, own)
        arguments = Arguments(context.agencies.harbor, last_name=own[0].last_name)
        arguments.households  # noqa: B018 - of the originals
        yield context.agencies.users, arguments, Multiplied(ROWS).write()
        transaction.set_rollback(True)


class Plans:
    """Explains each SELECT before it runs; `found` has the pages that read a large table whole."""

    def __init__(self, large: set[str]):
        self.large, self.page = large, ""
        self.found: dict[tuple[str, str], str] = {}
        self.explained: set[str] = set()

    def __call__(self, execute, sql, params, many, context) -> Any:
        is_read = isinstance(sql, str) and sql.lstrip().startswith(("SELECT", "WITH", "(SELECT"))
        if is_read and not many and sql not in self.explained:
            self.explained.add(sql)
            cursor: Any = psycopg.RawCursor if "$1" in sql else psycopg.ClientCursor
            explained = cursor(connection.connection)
            (plan,) = explained.execute(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchone()
            for table in scanned(plan[0]["Plan"]):
                if table in self.large:
                    self.found[self.page, table] = sql
        return execute(sql, params, many, context)


def scanned(node: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads from end to end; not where it expects to end early."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for part in node.get("Plans", ()):
        if node["Node Type"] != "Limit" or node["Total Cost"] > part["Total Cost"] / 4:
            yield from scanned(part)


def lists(who: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, parts in dict(urls()).items():
        is_officers = name.startswith(("admin:", "accounting", "privacy:"))
        is_form = name in SKIPPED or FORMS.search(name)
        if not is_form and is_officers == (who in ("dana", "admin")):
            yield name, parts


def test_no_list_reads_a_large_table_whole(loaded, db, portal, settings):
    users, arguments, large = loaded
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000
    plans = Plans(large)
    for who in ("casey", "cas", "dana", "admin"):
        user = users[who]
        browser = portal(user)
        for name, parts in lists(who):
            for given in list(arguments.of(name, parts, user))[:1]:
                try:
                    address = reverse(name, kwargs={part: given.get(part) for part in parts})
                except NoReverseMatch:
                    continue
                plans.page = name
                with transaction.atomic(), connection.execute_wrapper(plans):
                    browser.get(address)
                    transaction.set_rollback(True)
    assert len(plans.explained) > 300
    assert {place: sql for place, sql in plans.found.items() if place not in WHOLE} == {}
