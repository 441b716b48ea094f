"""A telephone is the same key where clients are weighed and where they are paired in SQL."""

import pytest
from django.db import connection

from clients.duplicates.person import phone_key
from clients.duplicates.rows import PHONE, PHONE_DIGITS

KEY = f"""
SELECT {PHONE} FROM (
    SELECT {PHONE_DIGITS} AS phone FROM (VALUES (%s::text)) AS given (phone)
) AS numbered
"""
ODD = {
    "": "",
    "617-555-0100": "6175550100",
    "(617) 555-0100": "6175550100",
    "+1 617 555 0100": "6175550100",
    "617.555.0100 ext. 4": "6175550100",
    "617/555.0100x12": "6175550100",
    "617 555 0100, ask for Ed, 2nd floor": "6175550100",
    "617/555/0100": "6175550100",
    "555-0100": "5550100",
    "555-010": "",
    "911": "",
    "call 617-555-0100": "",
    "none": "",
    "() .+-": "",
    "617-555-0100\next. 4": "6175550100",
    "617-555-0100 доб. 4": "6175550100",
    "617-555-0100 #4": "1755501004",
    "617_555_0100": "6175550100",
    "٦١٧٥٥٥٠١٠٠": "",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("written", "key"), ODD.items())
def test_key_is_the_same_in_python_and_in_sql(written, key):
    assert phone_key(written) == key
    with connection.cursor() as cursor:
        cursor.execute(KEY, [written])
        assert (cursor.fetchone()[0] or "") == key
