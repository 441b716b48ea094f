"""Memory does not grow with the rows."""

import tracemalloc

import pytest
from django.db import connection

from exchange.export import run as steps
from exchange.files import FILES
from tests.factories import ProjectFactory

FUNDERS = """
    INSERT INTO agencies_funder (project_id, funder_id, funder, other_funder, grant_id, start_date,
        date_created, date_updated)
    SELECT %s, md5(n::text), 1, '', 'Grant ' || n, '2020-01-01', now(), now()
    FROM generate_series(%s::int, %s::int) n
"""


def peak_of(target):
    tracemalloc.start()
    try:
        for _ in steps.run(target=target):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
def test_peak_is_the_same_for_ten_times_as_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "LINES_AT_ONCE", 200)
    monkeypatch.setattr(steps, "FILES", {name: FILES[name] for name in ("User", "Funder")})
    project = ProjectFactory()
    with connection.cursor() as cursor:
        cursor.execute(FUNDERS, [project.pk, 1, 1_000])
        few = peak_of(tmp_path / "few.zip")
        cursor.execute(FUNDERS, [project.pk, 1_001, 10_000])
        many = peak_of(tmp_path / "many.zip")
    assert (tmp_path / "many.zip").stat().st_size > 5 * (tmp_path / "few.zip").stat().st_size
    assert many < few + 50_000  # bytes
