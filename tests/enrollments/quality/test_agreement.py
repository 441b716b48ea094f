"""The rules in SQL and those of `hud.rules` find the same records."""

from datetime import date

import pytest
from django.db import connection

from enrollments.quality.catalogue import RULES
from enrollments.quality.counting import tallies
from enrollments.quality.scope import Scope
from enrollments.quality.subjects import Subject
from tests.enrollments.quality.judges import JUDGES, Shelf
from tests.enrollments.quality.wild import Wild

HOUSEHOLDS = 200
DAYS = [date(2026, 3, 2), date(2026, 1, 9), date(2028, 2, 29)]


def test_every_rule_has_a_judge():
    assert {rule.key for rule in RULES} == JUDGES.keys()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_rule_finds_what_huds_rule_finds(db, harbor, dana, time_machine, day):
    time_machine.move_to(f"{day}T17:00:00Z", tick=False)
    Wild(day.toordinal(), harbor, dana, day).write(HOUSEHOLDS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the planner takes every table for empty
    shelf = Shelf(day)
    scope = Scope(user=dana, today=day)
    rows = {
        Subject.PERSON: shelf.people,
        Subject.STAY: shelf.stays,
        Subject.ANSWERS: shelf.incomes,
    }
    counted = {one.rule.key: one for one in tallies(scope)}
    disagreeing, one_sided = {}, set()
    for rule in RULES:
        found = rule.subject.rows(scope).filter(rule.condition(day))
        in_sql = sorted(found.values_list("pk", flat=True))
        in_python = [one.pk for one in rows[rule.subject] if JUDGES[rule.key](one, shelf)]
        if in_sql != sorted(in_python) or counted[rule.key].found != len(in_sql):
            more, less = set(in_sql) - set(in_python), set(in_python) - set(in_sql)
            disagreeing[rule.key] = (
                len(in_sql),
                len(in_python),
                more,
                less,
                counted[rule.key].found,
            )
        assert counted[rule.key].found <= counted[rule.key].of <= len(rows[rule.subject]), rule.key
        if not 0 < len(in_python) < len(rows[rule.subject]):
            one_sided.add(rule.key)
    assert not disagreeing
    assert not one_sided, "neither found nor passed by any record: nothing is compared"
