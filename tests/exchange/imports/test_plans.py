"""How an import has PostgreSQL look for what is stored already."""

import pytest
from django.db import connection

from tests.factories import ClientFactory


@pytest.fixture
def planned(imported):
    """A function that imports, and returns whether rows were looked up one by one."""

    def run() -> set[str]:
        found = set()

        def progress(*_) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SHOW enable_nestloop")
                found.add(cursor.fetchone()[0])

        imported(progress=progress)
        return found

    return run


def test_first_import_joins_whole_tables_that_have_no_statistics(planned):
    assert planned() == {"off"}


def test_few_rows_are_looked_up_among_many_clients(planned, imported):
    imported.files.only("Client")
    rows = sum(len(rows) for rows in imported.files.rows.values())
    ClientFactory.create_batch(rows + 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clients_client")
    assert planned() == {"on"}
