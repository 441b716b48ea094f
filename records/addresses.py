"""Addresses of pages: a list has dozens, which differ in the IDs alone."""

from functools import cache
from typing import Any

from django.urls import reverse

EXAMPLES = 1_900_000_000  # numbers that stand nowhere else in an address


def address(page: str, *place: Any) -> str:
    """Django's `reverse`, which looks a page up once in a process where IDs are all that it takes.

    Args:
        page: the name of its URL.
        place: what stands in it.
    """
    if all(type(one) is int for one in place):
        return _pattern(page, len(place)) % place
    return reverse(page, args=place)


@cache
def _pattern(page: str, ids: int) -> str:
    examples = [EXAMPLES + at for at in range(ids)]
    pattern = reverse(page, args=examples).replace("%", "%%")
    for one in examples:
        pattern = pattern.replace(str(one), "%d")
    return pattern
