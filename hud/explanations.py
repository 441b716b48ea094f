"""What HUD's questions mean, in our own words: explanations.toml, by element and by question.

From the HMIS Data Standards FY2026, which define the elements and their answers. The texts are
CommonMark. An explanation without an element is about answers that every element has.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hud.elements import ELEMENTS


@dataclass(frozen=True)
class Explanation:
    """One answer to one question of a user.

    Args:
        elements: HUD's numbers of what it is about.
        heading: what somebody would ask.
        text: the answer.
        fields: the questions of forms beside which it stands, by the names of their columns.
        words: what else somebody would search for.
    """

    elements: tuple[str, ...]
    heading: str
    text: str
    fields: tuple[str, ...] = ()
    words: str = ""


@cache
def explanations() -> tuple[Explanation, ...]:
    """All of them, in the order of the file."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Explanation(
            tuple(one["elements"]),
            one["heading"],
            one["text"].strip(),
            tuple(one.get("fields", ())),
            one.get("words", ""),
        )
        for one in read["explanations"]
    )


def beside(field: str) -> tuple[Explanation, ...]:
    """Those that stand beside a question of that name.

    What is asked for is not kept: the names of some questions hold the IDs of records.
    """
    return _by_field().get(field, ())


@cache
def _by_field() -> dict[str, tuple[Explanation, ...]]:
    found: dict[str, tuple[Explanation, ...]] = {}
    for one in explanations():
        for field in one.fields:
            found[field] = (*found.get(field, ()), one)
    return found


def by_element() -> list[tuple[str, list[Explanation]]]:
    """What each group of elements is called, with its explanations; of all elements first."""
    found: dict[str, list[Explanation]] = {}
    for one in explanations():
        found.setdefault(_name(one.elements), []).append(one)
    return list(found.items())


def _name(elements: Iterable[str]) -> str:
    names = [f"{ELEMENTS[number].name} ({number})" for number in elements]
    return ", ".join(names) or "Every question"
