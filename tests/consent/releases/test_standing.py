"""A client's answers in one badge: what counts first, and how long."""

from datetime import date, timedelta

import pytest

from consent.standing import Counting, standing
from tests.consent.conftest import TODAY

NUMBERS = iter(range(1, 1000))


def answer(kind="verbal", *, covers="", begins=0, ends=None, undecided=False) -> Counting:
    """An answer that begins and ends so many days from today."""
    return Counting(
        pk=next(NUMBERS),
        kind=kind,
        covers=covers,
        begins_on=TODAY + timedelta(days=begins),
        last_day=None if ends is None else TODAY + timedelta(days=ends),
        undecided=undecided,
    )


REFUSED = answer("refused")
LATER = answer(begins=5)
LASTS = answer()
ENDS = answer(ends=100)
SOON = answer(ends=30)
OF_ONE = answer(covers="Bridge House", ends=200)
OF_ANOTHER = answer(covers="Cedar Center")
UNDECIDED = answer(undecided=True)


@pytest.mark.parametrize(
    ("answers", "label", "tone"),
    [
        ([], "No release", "warning"),
        ([REFUSED], "Release refused", "danger"),
        ([LATER], "Release from 03/07/2026", "info"),
        ([LASTS], "Release in force", "good"),
        ([ENDS], "Release until 06/10/2026", "good"),
        ([SOON], "Release until 04/01/2026", "warning"),
        ([UNDECIDED], "Release undecided", "warning"),
        ([OF_ONE], "Release for 1 organization until 09/18/2026", "good"),
        ([OF_ONE, OF_ANOTHER], "Release for 2 organizations in force", "good"),
        ([OF_ONE, LASTS], "Release in force", "good"),
        ([REFUSED, OF_ONE], "Release for 1 organization until 09/18/2026", "good"),
        ([REFUSED, LATER], "Release refused", "danger"),
        ([UNDECIDED, REFUSED], "Release undecided", "warning"),
    ],
)
def test_badge_says_what_counts_first(answers, label, tone):
    found = standing(answers, TODAY)
    assert (found.label, found.tone) == (label, tone)


def test_answer_is_read_as_the_database_wrote_it():
    row = {
        "pk": 1,
        "kind": "verbal",
        "covers": "",
        "begins_on": "2026-03-02",
        "last_day": None,
        "undecided": False,
    }
    found = Counting.of_row(row)
    assert (found.begins_on, found.last_day) == (date(2026, 3, 2), None)
