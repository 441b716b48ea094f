"""What is read goes into a table by COPY, cell by cell."""

import json

import pytest
from django.db import connection

from exchange.reading.files import COPY_FORMAT
from exchange.reading.sources import open_source
from hud.columns import csv_file
from tests.exchange.sets import SAMPLE, small_set

pytestmark = pytest.mark.django_db
AWKWARD = 'Back\\slash\ttab,\r\nnew "line" \\N'


@pytest.fixture
def copied():
    """Copy a file into a table of texts; return its rows."""

    def copy(file):
        names = ", ".join(f'"{name}" text' for name in file.standard.header)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE staging (row int, {names}, others jsonb)")
            with cursor.copy(f"COPY staging FROM STDIN WITH ({COPY_FORMAT})") as table:
                for chunk in file.copy_chunks():
                    table.write(chunk)
            cursor.execute("SELECT * FROM staging ORDER BY row")
            rows = cursor.fetchall()
            cursor.execute("DROP TABLE staging")
        return rows

    return copy


def test_blank_is_null_and_the_rest_as_it_was(copied, tmp_path):
    files = small_set()
    files.added["Client"] = ["Shoe size", "Nickname"]
    files.rows["Client"][0].update({"LastName": AWKWARD, "Nickname": AWKWARD})
    with open_source(files.write_zip(tmp_path / "set.zip")) as source:
        rows = copied(source.files["Client"])
    header = csv_file("Client").header
    assert [row[0] for row in rows] == [2, 3, 4]
    first = dict(zip(header, rows[0][1:-1], strict=True))
    assert first["LastName"] == AWKWARD
    assert first["MiddleName"] is None
    assert json.loads(rows[0][-1]) == {"Nickname": AWKWARD}
    assert rows[1][-1] is None


def test_every_cell_of_the_sample_arrives(copied):
    with open_source(SAMPLE) as source:
        for file in source.files.values():
            assert [row[1:-1] for row in copied(file)] == [
                tuple(value or None for value in row.values) for row in file.rows()
            ]
