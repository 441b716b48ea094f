"""When a question applies, as data for the browser, derived from the rules themselves.

The browser cannot run `hud.rules`. So each rule is asked about every combination of codes, and its
answers are folded into alternatives: the question applies where any of them fits, and one fits
where each of its fields holds one of the codes listed. Nothing is written twice.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from hud.lists import Key

Codes = Sequence[Key | None]
Alternative = dict[str, list[Key | None]]
ALWAYS: list[Alternative] = [{}]


def alternatives(
    applies: Callable[..., bool], depends_on: Mapping[str, Codes]
) -> list[Alternative]:
    """Fold a rule into alternatives.

    Args:
        applies: takes a code for each field by name; None stands for a blank.
        depends_on: the fields that the rule reads with all their codes, blank included.
    """
    if not depends_on:
        return [{}] if applies() else []
    (name, codes), *others = depends_on.items()
    branches: list[tuple[list[Alternative], list[Key | None]]] = []
    for code in codes:
        below = alternatives(partial(applies, **{name: code}), dict(others))
        same = next((found for then, found in branches if then == below), None)
        if same is None:
            branches.append((below, [code]))
        else:
            same.append(code)
    if len(branches) == 1:
        return branches[0][0]
    return [{name: found, **then} for below, found in branches for then in below]


def as_data(when: list[Alternative]) -> str:
    """The alternatives as the browser reads them; empty for a question that always applies."""
    if when == ALWAYS:
        return ""
    texts = [
        {name: ["" if code is None else str(code) for code in codes] for name, codes in one.items()}
        for one in when
    ]
    return json.dumps(texts, separators=(",", ":"))
