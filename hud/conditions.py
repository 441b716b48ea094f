"""When a question applies, as data for the browser, derived from the rules themselves.

The browser cannot run `hud.rules`. So each rule is asked about every combination of codes, and its
answers are folded into alternatives: the question applies where any of them fits, and one fits
where each of its fields holds one of the codes listed. Nothing is written twice.
"""

from collections.abc import Callable, Mapping, Sequence

Codes = Sequence[int | None]
Alternative = dict[str, list[int | None]]


def alternatives(applies: Callable[..., bool], controls: Mapping[str, Codes]) -> list[Alternative]:
    """Fold a rule into alternatives.

    Args:
        applies: takes a code for each control by name; None stands for a blank.
        controls: the fields that the rule looks at with all their codes, blank included.
    """
    if not controls:
        return [{}] if applies() else []
    (name, codes), *others = controls.items()
    rest = dict(others)
    branches: list[tuple[list[Alternative], list[int | None]]] = []
    for code in codes:
        below = alternatives(_with(applies, name, code), rest)
        same = next((found for then, found in branches if then == below), None)
        if same is None:
            branches.append((below, [code]))
        else:
            same.append(code)
    if len(branches) == 1:
        return branches[0][0]
    return [{name: found, **then} for below, found in branches for then in below]


def _with(applies: Callable[..., bool], name: str, code: int | None) -> Callable[..., bool]:
    return lambda **others: applies(**{name: code}, **others)


def fits(found: Sequence[Alternative], values: Mapping[str, int | None]) -> bool:
    """Whether the alternatives hold under these values, as the browser decides it."""
    return any(all(values.get(name) in codes for name, codes in one.items()) for one in found)
