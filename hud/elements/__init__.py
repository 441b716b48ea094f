"""HUD's data elements and their questions: the one data dictionary of this product.

From the HMIS data dictionary FY2026 ("Data collected about", "Point of collection", "Funder"): of
whom each element is asked, at which points, on which day the age counts, and of which programs; and
of each question its list and how it is worded. The intake, the later assessments, exits, contacts,
the pages that show answers and the data quality rules ask here.
Somebody whose age is not known is asked like an adult.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hud.columns import csv_file
from hud.elements import assessments, enrollment, exit, universal, veteran
from hud.elements.element import AgeDay, Audience, Element, Field, Point, last_day

PARTS = (universal, veteran, enrollment, assessments, exit)
ELEMENTS = {one.number: one for part in PARTS for one in part.ELEMENTS}
FIELDS: dict[str, Field] = {}
for part in PARTS:
    for one in part.FIELDS:
        label = one.label or ELEMENTS[one.number].name
        FIELDS[one.name] = replace(one, label=label, short=one.short or label)


def element(number: str) -> Element:
    """The element of that number; raises KeyError."""
    return ELEMENTS[number]


def applies(name: str, values: Mapping[str, Any]) -> bool:
    """Whether the answers ask for a question: it follows none, or one that applies asks for it."""
    follows = FIELDS[name].follows
    return not follows or any(
        values.get(parent) in codes and applies(parent, values) for parent, codes in follows.items()
    )


def ancestors(name: str) -> tuple[str, ...]:
    """The questions whose answers decide whether one applies."""
    follows = FIELDS[name].follows
    return tuple(dict.fromkeys([*follows, *(up for one in follows for up in ancestors(one))]))


def of_programs(file: str) -> list[Field]:
    """The questions of a file of the exchange that only some programs ask, in order."""
    columns = {one.field for one in csv_file(file)}
    asked = (one for name, one in FIELDS.items() if name in columns)
    return [one for one in asked if element(one.number).funded]
