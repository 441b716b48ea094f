"""Indexes that every PostgreSQL from 14 on can make."""

import pytest
from django.db import connection

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
