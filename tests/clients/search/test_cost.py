"""A search costs the same in a small table and a large one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.duplicates.likely import likely_duplicates
from clients.models import Client, ClientAlias
from clients.search import Criteria, exact_matches, near_matches
from hud.rules.dob import Precision

BORN = date(1980, 3, 4)
SEARCHES = [
    Criteria("Jo", "Smi"),
    Criteria("John", "Smith"),
    Criteria("Jhon", "Smiht"),
    Criteria("J"),
    Criteria(last_name="Sm"),
    Criteria(dob=BORN),
    Criteria(dob=date(1980, 1, 1), dob_precision=Precision.YEAR),
    Criteria("Jhon", "Smiht", date(1980, 3, 1), dob_precision=Precision.MONTH),
    Criteria(ssn="219456789"),
    Criteria(ssn="6789"),
    Criteria("Jhon", "Smiht", BORN, "219456789"),
    Criteria("Xq", "Zzq"),
]


@pytest.fixture
def bulk(harbor, alice):
    """Adds clients, every tenth with an alias."""

    def add(count):
        have = Client.objects.count()
        numbers = range(have, have + count)
        clients = Client.objects.bulk_create(
            Client(
                first_name=["John", "Jon", "Joan", "Robert", "Maria"][number % 5],
                last_name=["Smith", "Smyth", "Jones", "Garcia-Lopez"][number % 4],
                name_data_quality=1,
                dob=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
                dob_data_quality=1,
                ssn=f"219{number % 90 + 10}{number % 9000 + 1000}",
                ssn_data_quality=1,
                organization=harbor,
                created_by=alice,
                updated_by=alice,
            )
            for number in numbers
        )
        ClientAlias.objects.bulk_create(
            ClientAlias(client=client, first_name="Johnny", last_name=f"Smith{client.pk % 7}")
            for client in clients[::10]
        )

    return add


def statements(run) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        run()
    return [query["sql"] for query in queries]


def test_number_of_statements_and_of_candidates_does_not_grow(alice, bulk):
    new = Client(first_name="Jhon", last_name="Smith", dob=BORN, ssn="219456789")

    def ask():
        exact = [statements(lambda c=c: exact_matches(c, alice)) for c in SEARCHES]
        near = [statements(lambda c=c: near_matches(c, alice)) for c in SEARCHES]
        return exact, near, statements(lambda: likely_duplicates(new, alice))

    bulk(10)
    few = ask()
    bulk(390)  # more than any of the limits
    exact, near, duplicates = many = ask()
    assert max(map(len, exact)) <= 2
    assert max(map(len, near)) <= 3
    # The dictionary, the candidates, their aliases, what they are weighed by, those that are shown.
    assert len(duplicates) <= 5
    assert len(duplicates) - len(few[2]) <= 1
    assert all(
        len(after) - len(before) <= 1
        for before, after in zip(few[0] + few[1], many[0] + many[1], strict=True)
    )
    for query in (query for queries in exact + near for query in queries):
        sources = query.split("UNION ALL")
        assert all("LIMIT" in one or '."id" IN (' in one for one in sources), query


def test_an_index_answers_each_source(alice, bulk):
    """With sequential scans made dear, none is left: whatever is asked, some index fits."""
    bulk(300)
    seen = []

    def note(execute, sql, params, many, context):
        is_prepared = "$1" in sql
        seen.append((context["cursor"].merged(sql, params), None) if is_prepared else (sql, params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
        with connection.execute_wrapper(note):
            for criteria in SEARCHES:
                exact_matches(criteria, alice)
                near_matches(criteria, alice)
            likely_duplicates(Client(first_name="Jhon", last_name="Smith", dob=BORN), alice)
        assert any("bearers" in sql for sql, _ in seen)
        for sql, params in seen:
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on clients_" not in plan, plan


def test_numbers_alone_ask_for_no_empty_name(alice, bulk):
    """An SSN alone looked for everybody without a name, through the whole table."""
    bulk(1)
    for criteria in (Criteria(ssn="219456789"), Criteria(dob=BORN), Criteria(ssn="6789")):
        for sql in statements(lambda c=criteria: near_matches(c, alice)):
            assert "unnest" not in sql


def test_one_statement_serves_every_search_of_a_shape(alice, charlie, bulk, monkeypatch):
    """What was typed, and whose organizations these are, are values; only the shape is kept."""
    kept: dict = {}
    monkeypatch.setattr("clients.search.kept.KEPT", kept)
    bulk(20)
    Client.objects.filter(first_name="John").update(visibility="own")
    found = [near_matches(Criteria("Jhon", "Smiht"), user) for user in (alice, charlie)]
    near_matches(Criteria("Marai", "Jonse"), charlie)
    assert len(kept) == 1
    assert "John" in {match.client.first_name for match in found[0]}
    assert "John" not in {match.client.first_name for match in found[1]}
    (statement,) = kept.values()
    assert not any(text in statement.sql for text in ("jhon", "smiht", "john"))


def test_one_statement_serves_every_search_as_typed(alice, charlie, bulk, monkeypatch):
    kept: dict = {}
    monkeypatch.setattr("clients.search.kept.KEPT", kept)
    bulk(20)
    Client.objects.filter(first_name="John").update(visibility="own")
    found = [exact_matches(Criteria("Jo", "Smi"), user).clients for user in (alice, charlie)]
    exact_matches(Criteria("Ma", "Gar"), charlie)
    assert len(kept) == 1
    names = [{client.first_name for client in clients} for clients in found]
    assert "John" in names[0]
    assert names[1] == names[0] - {"John"}
    (statement,) = kept.values()
    assert not any(text in statement.sql for text in ("'jo'", "'smi'", "john"))


def test_results_read_what_a_line_shows_and_no_more(alice, bulk):
    bulk(20)
    for run in (exact_matches, near_matches):
        read = statements(lambda ask=run: ask(Criteria("John", "Smith"), alice))
        shown = [sql for sql in read if '"clients_client"."ssn"' in sql]
        assert shown
        assert not any('"clients_client"."address1"' in sql for sql in shown)


def test_names_that_were_typed_are_planned_for_themselves(alice, bulk, monkeypatch):
    """A plan for every name would read all of Smith for the few who are Xavier."""
    kept: dict = {}
    monkeypatch.setattr("clients.search.kept.KEPT", kept)
    bulk(20)
    for _ in range(7):
        exact_matches(Criteria("Jo", "Smi"), alice)
        near_matches(Criteria("Jo", "Smi"), alice)
    typed, near = kept.values()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = {sql for (sql,) in cursor.fetchall()}
    assert typed.sql not in prepared
    assert near.sql in prepared, "or the texts cannot be compared"
