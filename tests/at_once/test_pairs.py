"""Every two actions on one client at the same moment, both orders: no error page, no lost write,
nothing on a deleted enrollment, exactly one head (docs/locks.md, ADR 26)."""

import logging
import random
import time
from itertools import product

import pytest
from django.apps import apps
from django.db import connection

from clients.models import ClientRecord
from enrollments.models import Enrollment
from tests.at_once.actions import (
    ACTIONS,
    DELETE,
    DELETE_NOTE,
    EDIT,
    FILED,
    GONE,
    HAND_OVER_SEVERAL,
    LOCK,
    MERGE,
    REFUSED,
    TAKEN,
)
from tests.at_once.records import Case
from tests.at_once.waiting import one_after_the_other
from tests.waits import at_once

PAIRS = [
    *product(ACTIONS, repeat=2),
    *((one, DELETE) for one in FILED),
    *((DELETE, one) for one in FILED),
    *((one, HAND_OVER_SEVERAL) for one in (*ACTIONS[10:12], HAND_OVER_SEVERAL, MERGE)),
    *((HAND_OVER_SEVERAL, one) for one in (*ACTIONS[10:12], MERGE)),
    (LOCK, DELETE_NOTE),
    (DELETE_NOTE, LOCK),
    (DELETE_NOTE, DELETE_NOTE),
]
ROUNDS = 30
# Of these the second takes back, or goes beyond, what the first wrote.
OVERRIDES = {("exit", "exit"), ("hand over", "exit")}
HEADS = """
    SELECT household_id FROM enrollments_enrollment
    WHERE date_deleted IS NULL AND household_id = ANY(%s)
    GROUP BY 1 HAVING count(*) FILTER (WHERE relationship_to_hoh = 1) <> 1
"""
ON_ENROLLMENTS = [
    model
    for model in apps.get_models()
    if issubclass(model, ClientRecord)
    and any(one.related_model is Enrollment for one in model._meta.concrete_fields)
]


# Rows that are filed under another client than their enrollment, or left on a deleted one.
ASTRAY = " UNION ALL ".join(
    f"SELECT '{model._meta.label}', one.id FROM \"{model._meta.db_table}\" AS one"
    " JOIN enrollments_enrollment AS parent ON parent.id = one.enrollment_id"
    " WHERE parent.client_id = ANY(%(people)s) AND (one.client_id <> parent.client_id"
    " OR one.date_deleted IS NULL AND parent.date_deleted IS NOT NULL)"
    for model in ON_ENROLLMENTS
)


def assert_in_order(case):
    """What must hold of the records of a case, whoever came first."""
    people = case.people
    households = list(
        Enrollment.with_deleted.filter(client__in=people).values_list("household", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [households])
        assert not cursor.fetchall()
        cursor.execute(ASTRAY, {"people": people})
        assert not cursor.fetchall()


def assert_kept(case, pair, outcomes):
    """What was said to be saved is on file, unless the other one took it back since."""
    for side, (one, said) in enumerate(zip(pair, outcomes, strict=True)):
        is_overridden = side == 0 and tuple(map(str, pair)) in OVERRIDES and outcomes[1] == TAKEN
        if said == TAKEN and not is_overridden:
            assert one.is_done(case, side), one.name
    # Not found is an answer about what the other one deleted, and about nothing else.
    if GONE in outcomes:
        assert {"delete", "delete note", "merge", "undo merge"} & {one.name for one in pair}


def retries(caplog):
    """What was logged of circles of waiting and of faults; security events are logged as well."""
    return [
        record
        for record in caplog.records
        if record.name == "records.retries" or record.levelno >= logging.WARNING
    ]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: " then ".join(map(str, pair)))
def test_one_behind_the_other(case, pair, caplog):
    caplog.set_level("INFO", logger="records.retries")
    sent = [one.prepare(case, side) for side, one in enumerate(pair)]
    outcomes = one_after_the_other(case.people, *sent)
    assert_in_order(case)
    assert_kept(case, pair, outcomes)
    assert not retries(caplog)  # in one order nobody waits in a circle


def test_merge_that_gives_way_holds_nobody_up(case):
    """It waits 0.9 seconds at most; who comes later than that is behind nobody."""
    sent = [MERGE.prepare(case, 0), EDIT.prepare(case, 1)]

    def late() -> str:
        time.sleep(1.2)
        return sent[1]()

    assert one_after_the_other(case.people, sent[0], late) == [REFUSED, TAKEN]
    assert EDIT.is_done(case, 1)


@pytest.mark.parametrize("one", [*ACTIONS, *FILED, DELETE_NOTE], ids=str)
def test_alone_each_is_taken(case, one):
    """So that the pairs test something."""
    assert one.prepare(case, 0)() == TAKEN
    assert one.is_done(case, 0)
    assert_in_order(case)


def test_at_random(population, caplog):
    caplog.set_level("INFO", logger="records.retries")
    rng = random.Random(12)
    for _ in range(ROUNDS):
        case, pair = Case(population), rng.sample(ACTIONS, 3)
        sent = [one.prepare(case, side) for side, one in enumerate(pair)]
        at_once(*sent)
        assert_in_order(case)
    assert not retries(caplog)
