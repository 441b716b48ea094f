"""Indexes that every PostgreSQL from 14 on can make, and that somebody reads."""

import tomllib
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.db import connection

from tests.upgrades import APPS

# Before 18 a row of pg_index has to fit a page of 8 kB. 14 to 16 write down the same condition with
# more than twice the bytes of 17 and 18.
BYTES = {True: 3500, False: 7500}
LARGE = """
    SELECT indexrelid::regclass::text
    FROM pg_index
    WHERE coalesce(pg_column_size(indpred), 0) + coalesce(pg_column_size(indexprs), 0) > %s
"""


@pytest.mark.django_db
def test_no_index_has_a_condition_too_big_for_postgresql_14():
    with connection.cursor() as cursor:
        cursor.execute(LARGE, [BYTES[connection.pg_version >= 170000]])
        assert cursor.fetchall() == []


READERS = tomllib.loads((Path(__file__).parent / "indexes.toml").read_text())
EVERY = """
    SELECT t.relname, i.relname, x.indisunique OR c.oid IS NOT NULL,
        x.indpred IS NULL AND m.amname = 'btree',
        ARRAY(SELECT pg_get_indexdef(i.oid, place, true)
              FROM generate_series(1, x.indnkeyatts) place) AS keys
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_am m ON m.oid = i.relam
    LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u', 'x')
    WHERE t.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Index:
    """is_rule: a constraint needs it; is_whole: a B-tree of all rows."""

    table: str
    name: str
    is_rule: bool
    is_whole: bool
    keys: list[str]

    @property
    def reader(self) -> str | None:
        """Who reads it, or why it is there."""
        if self.is_rule:
            return "a rule of the database"
        if self.name in READERS["named"]:
            return READERS["named"][self.name]
        (column, *more) = self.keys
        column = column.partition(" ")[0]
        if more:
            return None
        if self.table in histories():
            return READERS["events"].get(column)
        of_field = READERS["fields"].get(f"{self.table}.{column}")
        return of_field or READERS["foreign_keys"].get(column)


def histories() -> set[str]:
    models = apps.get_models()
    return {one._meta.db_table for one in models if issubclass(one, pghistory.models.Event)}


@pytest.fixture
def indexes(db) -> list[Index]:
    """Those of our own tables."""
    tables = {
        one._meta.db_table
        for one in apps.get_models(include_auto_created=True)
        if one.__module__.partition(".")[0] in APPS
    }
    with connection.cursor() as cursor:
        cursor.execute(EVERY)
        return [Index(*row) for row in cursor.fetchall() if row[0] in tables]


def test_every_index_has_a_reader(indexes):
    assert [f"{one.table}: {one.name} {one.keys}" for one in indexes if not one.reader] == []


def test_every_reader_has_an_index(indexes):
    names = {one.name for one in indexes}
    assert set(READERS["named"]) <= names
    fields = {f"{one.table}.{one.keys[0].partition(' ')[0]}" for one in indexes}
    assert set(READERS["fields"]) <= fields


def test_an_index_without_a_reader_is_found():
    unread = Index("clients_alert", "clients_alert_created_by_id", False, True, ["created_by_id"])
    assert unread.reader is None
    event = Index("clients_alertevent", "x", False, True, ["organization_id"])
    assert event.reader is None


def test_no_index_is_the_beginning_of_another_one(indexes):
    """The longer one serves both. (Of tables between two models Django makes three.)"""
    between = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    between -= {one._meta.db_table for one in apps.get_models()}
    whole = [one for one in indexes if one.is_whole and one.table not in between]
    doubled = [
        (short.name, long.name)
        for short, long in permutations(whole, 2)
        if short.table == long.table
        and not short.is_rule
        and len(short.keys) < len(long.keys)
        and long.keys[: len(short.keys)] == short.keys
    ]
    assert doubled == []


def test_random_keys_have_no_index_for_their_beginnings(indexes):
    names = [one.name for one in indexes if one.name.endswith("_like")]
    assert names == ["agencies_user_email_4c4b236e_like"]
