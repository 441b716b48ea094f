"""Addresses of pages, looked up once."""

from uuid import UUID

import pytest
from django.urls import NoReverseMatch, reverse

from records.addresses import address


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("home", []),
        ("clients:dashboard", [7]),
        ("enrollments:enrollment", [7, 12]),
        ("enrollments:enrollment", [12, 12]),
        ("clients:results", [UUID(int=7)]),
        ("help_topic", ["find-client"]),
    ],
)
def test_address_is_the_one_that_django_finds(page, place):
    assert address(page, *place) == reverse(page, args=place)


def test_page_that_takes_no_such_place_is_refused():
    for place in ([None], ["7a"], [7, 8, 9]):
        with pytest.raises(NoReverseMatch):
            address("clients:dashboard", *place)
