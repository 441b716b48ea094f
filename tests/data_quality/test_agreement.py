"""The rules in SQL and those of `hud.rules` find the same records."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from data_quality.counts import rule_counts
from data_quality.rules.catalog import RULES
from data_quality.rules.scope import Scope
from data_quality.rules.subjects import Subject
from tests.data_quality.oracle import ORACLES, Records
from tests.data_quality.wild import Wild

HOUSEHOLDS = 200
ROOT = Path(__file__).parents[2]
DAYS = [date(2026, 3, 2), date(2026, 1, 9), date(2028, 2, 29)]


def test_every_rule_has_an_oracle():
    assert {rule.key for rule in RULES} == ORACLES.keys()


def test_docs_name_every_rule_with_huds_element():
    text = (ROOT / "docs" / "data-quality.md").read_text()
    rows = [line.split(" | ")[:3] for line in text.splitlines() if "| `" in line]
    named = {key.strip("`"): (element.removeprefix("| "), level) for element, key, level in rows}
    expected = {
        rule.key: (rule.section if rule.number else f"— {rule.section}", rule.level.label)
        for rule in RULES
    }
    assert named == expected


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_rule_finds_what_huds_rule_finds(db, harbor, dana, time_machine, day):
    time_machine.move_to(f"{day}T17:00:00Z", tick=False)
    Wild(day.toordinal(), harbor, dana, day).write(HOUSEHOLDS)
    found, of = compared(dana, day)
    one_sided = {key for key, rows in found.items() if not 0 < len(rows) < of[key]}
    assert not one_sided, "found by every record or by none: nothing is compared"


def compared(user, day: date) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Return what each rule found and of how many rows, after SQL and Python were compared."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the planner takes every table for empty
    records, scope = Records(day), Scope(user=user, today=day)
    rows = {
        Subject.PERSON: records.people,
        Subject.ENROLLMENT: records.enrollments,
        Subject.ANSWERS: records.incomes,
    }
    counted = {one.rule.key: one for one in rule_counts(scope)}
    found, differing = {}, {}
    for rule in RULES:
        listed = rule.subject.rows(scope).filter(rule.condition(day))
        in_sql = sorted(listed.values_list("pk", flat=True))
        in_python = sorted(one.pk for one in rows[rule.subject] if ORACLES[rule.key](one, records))
        count = counted[rule.key]
        if in_sql != in_python or count.found != len(in_sql):
            apart = set(in_sql) ^ set(in_python)
            differing[rule.key] = (len(in_sql), len(in_python), count.found, apart)
        assert count.found <= count.of <= len(rows[rule.subject]), rule.key
        found[rule.key] = in_python
    assert not differing
    return found, {rule.key: len(rows[rule.subject]) for rule in RULES}
