"""Constraints answered from the row in hand say what the database says."""

from datetime import date
from itertools import product

import pytest
from django.db.models import F, Q
from django.db.models.functions import Upper

from clients.models import Alert
from records.checks import UNKNOWN, holds
from tests.factories import AlertFactory

EARLY, LATE = date(2026, 3, 1), date(2026, 3, 2)
CONDITIONS = [
    Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
    Q(ends_on__gt=F("begins_on")),
    Q(ends_on__lt=F("begins_on")),
    Q(ends_on__lte=EARLY, begins_on=EARLY),
    ~Q(ends_on=EARLY),
    ~Q(ends_on=EARLY, text="Call"),
    ~(Q(ends_on=EARLY) | Q(text="Call")),
    Q(ends_on__isnull=False),
    Q(ends_on__isnull=True) & ~Q(text=""),
    Q(ends_on__in=[EARLY, LATE]),
    Q(text__in=["Call", ""]) | Q(ends_on=LATE, begins_on__isnull=False),
    Q(text__length__gt=3) | Q(ends_on=EARLY),
    ~Q(text__length__lte=0),
    Q(text__regex="^[A-Z][a-z]{3}$"),
    Q(),
]


@pytest.mark.django_db
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_row_is_judged_as_the_database_judges_it(condition):
    for begins_on, ends_on, text in product([EARLY, LATE], [EARLY, LATE], ["", "Call"]):
        values = {"begins_on": begins_on, "ends_on": ends_on, "text": text}
        assert (holds(condition, Alert(**values)) is not False) is condition.check(values)


@pytest.mark.django_db
@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_stored_row_is_found_where_it_holds(condition, harbor):
    """In a table, where a column may be empty: a row is found where the condition is true."""
    for ends_on, text in product([None, EARLY, LATE], ["Call", "Write"]):
        row = AlertFactory(client__organization=harbor, begins_on=EARLY, text=text)
        Alert.objects.filter(pk=row.pk).update(ends_on=ends_on)
        row.refresh_from_db()
        plain = holds(condition, row)
        if not condition.negated:  # of a negation, Django looks for missing values too
            assert Alert.objects.filter(condition, pk=row.pk).exists() is (plain is True)


@pytest.mark.parametrize(
    "condition",
    [
        Q(text__lower="call"),
        Q(text__regex=r"\w"),
        Q(client__visibility="all"),
        Q(text=Upper("text")),
        Q(text="a") ^ Q(text="b"),
        Q(text__gt=3),
        Q(nothing=3),
    ],
    ids=str,
)
def test_what_only_the_database_can_tell_is_left_to_it(condition):
    row = Alert(begins_on=EARLY, text="Call")
    with pytest.raises(UNKNOWN):
        holds(condition, row)


@pytest.mark.django_db
def test_fulfilled_constraints_cost_no_statement(harbor, django_assert_num_queries):
    row = AlertFactory(client__organization=harbor, begins_on=EARLY, ends_on=LATE)
    with django_assert_num_queries(0):
        row.validate_constraints()
    row.ends_on, row.begins_on = EARLY, LATE
    with pytest.raises(Exception, match="before"):
        row.validate_constraints()
