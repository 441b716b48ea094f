"""A signature by hand: strokes in a box of 2500 by 1000 units, whatever the size of the screen.

A stroke is a flat list of whole numbers, x and y in turn. `static/hmis/js/signature.js` writes them
and draws the same path.
"""

import json
from itertools import pairwise
from math import hypot

WIDTH, HEIGHT = 2500, 1000
MOST_STROKES = 100
MOST_POINTS = 4_000
MOST_BYTES = 48_000
LEAST_INK = 250  # units: a tap, or a finger that slipped, is no signature

Stroke = list[int]


class UnreadableStrokesError(ValueError):
    """What was sent is no signature of this page."""


def strokes_of(sent: str) -> list[Stroke]:
    """Read what the page sent; an empty list where nothing was drawn.

    Raises:
        UnreadableStrokesError: for anything but points in the box, and for too many of them.
    """
    if not sent:
        return []
    if len(sent) > MOST_BYTES or not sent.isascii():
        raise UnreadableStrokesError
    try:
        strokes = json.loads(sent)
    except (ValueError, RecursionError):
        raise UnreadableStrokesError from None
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        raise UnreadableStrokesError
    if not all(_is_stroke(one) for one in strokes):
        raise UnreadableStrokesError
    if sum(len(one) for one in strokes) > 2 * MOST_POINTS:
        raise UnreadableStrokesError
    return strokes


def has_ink(strokes: list[Stroke]) -> bool:
    """Whether there is more than a dot."""
    return sum(_length(one) for one in strokes) >= LEAST_INK


def path_of(strokes: list[Stroke]) -> str:
    """The strokes as one path of SVG, smooth through the middle of each line."""
    return "".join(_path(_points(one)) for one in strokes)


def _is_stroke(stroke: object) -> bool:
    if not isinstance(stroke, list) or len(stroke) < 2 or len(stroke) % 2:
        return False
    numbers = all(type(one) is int for one in stroke)  # True is no number here
    return numbers and all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in _points(stroke))


def _points(stroke: Stroke) -> list[tuple[int, int]]:
    return list(zip(stroke[::2], stroke[1::2], strict=True))


def _length(stroke: Stroke) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(_points(stroke)))


def _path(points: list[tuple[int, int]]) -> str:
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"M{first[0]} {first[1]}h0"
    curves = "".join(
        f"Q{x} {y} {(x + right) / 2:g} {(y + below) / 2:g}"
        for (x, y), (right, below) in pairwise(points[1:])
    )
    return f"M{first[0]} {first[1]}{curves}L{last[0]} {last[1]}"
