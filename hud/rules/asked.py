"""Of whom HUD asks what: everybody, adults, the head of household, or head and adults.

By the "collected about" of each element in the HMIS data dictionary. Where the age is not known
the question is asked.
"""

from enum import Enum


class Audience(Enum):
    """HUD's "collected about"."""

    EVERYBODY = "all clients"
    ADULTS = "adults"
    HEAD = "head of household"
    HEAD_AND_ADULTS = "head of household and adults"


AUDIENCES = {
    "3.07": Audience.ADULTS,
    "3.16": Audience.HEAD,
    "3.20": Audience.HEAD,
    "3.917": Audience.HEAD_AND_ADULTS,
    "4.02": Audience.HEAD_AND_ADULTS,
    "4.03": Audience.HEAD_AND_ADULTS,
    "4.11": Audience.HEAD_AND_ADULTS,
    "4.12": Audience.HEAD_AND_ADULTS,
    "4.13": Audience.HEAD_AND_ADULTS,
    "4.19": Audience.HEAD,
    "4.20": Audience.HEAD,
}


def audience(rule: str) -> Audience:
    """Of whom an element is asked, by HUD's number."""
    return AUDIENCES.get(rule, Audience.EVERYBODY)


def is_asked(rule: str, *, is_head: bool, is_adult: bool | None) -> bool:
    """Whether an element is asked of a member of a household."""
    adult = is_adult is not False
    return {
        Audience.EVERYBODY: True,
        Audience.ADULTS: adult,
        Audience.HEAD: is_head,
        Audience.HEAD_AND_ADULTS: is_head or adult,
    }[audience(rule)]
