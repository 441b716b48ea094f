"""A table of a first migration is one list of its parts."""

import pytest
from django.db import models

from records.migrations._tables import Record, Table, known


@pytest.mark.parametrize("kind", [Table, Record])
def test_column_that_was_not_taken_apart_is_refused(kind):
    def state():
        field = models.CharField(choices=[("open", "Open")], max_length=4)
        return known("state", field, "state_is_known", "Choose a state.")

    table = kind("Visit", [*state()])
    assert "state" in dict(table.fields)
    assert "state_is_known" in [one.name for one in table.options["constraints"]]
    with pytest.raises(TypeError, match="no part of the table Visit"):
        kind("Visit", [state()])
