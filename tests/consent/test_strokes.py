"""A signature by hand: what is read of what a page sends, and how it is drawn again."""

import json

import pytest

from consent import strokes
from consent.strokes import UnreadableStrokesError, has_ink, path_of, strokes_of
from tests.consent.signing.conftest import DRAWN, NAME


def test_strokes_are_read_as_they_were_drawn():
    assert strokes_of(DRAWN) == NAME
    assert strokes_of("") == []


@pytest.mark.parametrize(
    "sent",
    [
        "null",
        "{}",
        "7",
        "[7]",
        "[[]]",
        "[[1]]",
        "[[1, 2, 3]]",
        "[[1.5, 2]]",
        "[[true, false]]",
        '[["1", "2"]]',
        "[[-1, 0]]",
        "[[2501, 0]]",
        "[[0, 1001]]",
        "[[NaN, 1]]",
        "[[1, 2], null]",
        "[[[1, 2]]]",
        "[[1, 2]",
        "[[1, 2]]\u00a0",
        "[" * 2000,
        "M0 0",
    ],
)
def test_what_is_no_signature_is_not_read(sent):
    with pytest.raises(UnreadableStrokesError):
        strokes_of(sent)


@pytest.mark.parametrize(
    "drawn",
    [
        [[1, 2]] * (strokes.MOST_STROKES + 1),
        [[1, 2] * (strokes.MOST_POINTS + 1)],
        [[1000, 1000] * 5_000],
    ],
)
def test_strokes_and_points_and_bytes_are_limited(drawn):
    with pytest.raises(UnreadableStrokesError):
        strokes_of(json.dumps(drawn))


def test_as_much_as_is_allowed_is_read():
    drawn = [[1000, 1000] * (strokes.MOST_POINTS // strokes.MOST_STROKES)] * strokes.MOST_STROKES
    sent = json.dumps(drawn, separators=(",", ":"))  # as JavaScript writes it
    assert len(sent) <= strokes.MOST_BYTES
    assert strokes_of(sent) == drawn


@pytest.mark.parametrize(
    ("drawn", "is_signature"),
    [
        ([], False),
        ([[5, 5]], False),
        ([[5, 5], [900, 900]], False),
        ([[0, 0, 249, 0]], False),
        ([[0, 0, 250, 0]], True),
        ([[0, 0, 125, 0], [0, 9, 125, 9]], True),
        (NAME, True),
    ],
)
def test_a_tap_is_no_signature(drawn, is_signature):
    assert has_ink(drawn) is is_signature


@pytest.mark.parametrize(
    ("drawn", "path"),
    [
        ([], ""),
        ([[7, 8]], "M7 8h0"),
        ([[0, 0, 10, 20]], "M0 0L10 20"),
        ([[0, 0, 10, 20, 31, 40]], "M0 0Q10 20 20.5 30L31 40"),
        ([[1, 2], [3, 4, 5, 6]], "M1 2h0M3 4L5 6"),
    ],
)
def test_path_is_smooth_and_holds_numbers_alone(drawn, path):
    assert path_of(drawn) == path
