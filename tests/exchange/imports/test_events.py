"""The history of imported rows, which an import writes at once and not by a trigger for each."""

from contextlib import nullcontext

import pgtrigger
import pytest
from django.db import connection

from exchange.files import FILES
from exchange.imports.run import import_files
from tests.exchange.sets import SAMPLE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MODELS = sorted({file.model for file in FILES.values()}, key=lambda model: model._meta.label)
# How often each event is there, apart from its number; those of rows that were there before not.
EQUAL_EVENTS = """
    SELECT times, count(*) FROM (
        SELECT count(*) AS times FROM {events} e WHERE pgh_label = 'insert'
        AND (pgh_context->>'imported')::boolean GROUP BY to_jsonb(e) - 'pgh_id'
    ) counted GROUP BY times
"""


def equal_events(model) -> dict[int, int]:
    """For each number of times how many different events of new rows are there so often."""
    events = model.pgh_event_models["insert"]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(EQUAL_EVENTS.format(events=events))
        return dict(cursor.fetchall())


def test_events_are_those_of_the_triggers(monkeypatch):
    monkeypatch.setattr(pgtrigger, "ignore", lambda *names: nullcontext())  # so both write
    outcome = import_files(source=SAMPLE, by=UserFactory())
    of_both = {model._meta.label: equal_events(model) for model in MODELS}
    new = {FILES[name].model._meta.label for name, one in outcome.counts.items() if one.new}
    assert {label for label, counted in of_both.items() if counted} == new
    assert all(set(counted) <= {2} for counted in of_both.values()), of_both


def test_every_new_row_has_one_event(imported):
    by = imported.by
    outcome = imported()
    for name, file in FILES.items():
        if name != "Exit" and outcome.counts[name].new:
            rows = file.model._base_manager.filter(events__pgh_label="insert")
            rows = rows.filter(events__pgh_context__user=by.pk, events__pgh_context__imported=True)
            assert rows.count() == rows.distinct().count() == outcome.counts[name].new, name
            assert equal_events(file.model) == {1: outcome.counts[name].new}
