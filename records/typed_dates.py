"""Dates as people type and paste them: by hand, from a spreadsheet, from an export."""

import re
from datetime import date, datetime

YEARS_AHEAD = 20  # a year of two digits is at most so far in the future
LONGEST = 100
_JOINER = r"\s*[/.\- ]\s*"
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_JOINER}(\d{{1,2}}){_JOINER}(\d{{1,2}})", re.ASCII)
_MONTH_FIRST = re.compile(rf"(\d{{1,2}}){_JOINER}(\d{{1,2}}){_JOINER}(\d{{4}}|\d{{2}})", re.ASCII)
_EIGHT_DIGITS = re.compile(r"\d{2}/?\d{6}", re.ASCII)
# What an export or a spreadsheet puts behind the day.
_MIDNIGHT = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AP]M|Z)?$", re.ASCII | re.I)
_WITH_MONTH_NAME = ("%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")


def typed_date(text: str, *, today: date, years_ahead: int = YEARS_AHEAD) -> date | None:
    """The day that a text stands for: m/d/yyyy, m/d/yy, yyyy-mm-dd, yyyymmdd, Nov 1, 2026.

    None where the text is no date, or no one date.
    `years_ahead`: how far in the future a year of two digits may be; 0 for dates of birth.
    """
    text = _MIDNIGHT.sub("", " ".join(text[:LONGEST].split()))
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(*match.groups())
    if match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
        return _date(_four_digits(year, month, day, today, years_ahead), month, day)
    if _EIGHT_DIGITS.fullmatch(text):
        digits = text.replace("/", "")
        # No month begins a year of this century or the last: only one of the two can be.
        month_first = _date(digits[4:], digits[:2], digits[2:4])
        return month_first or _date(digits[:4], digits[4:6], digits[6:])
    return _with_month_name(text)


def _four_digits(year: str, month: str, day: str, today: date, years_ahead: int) -> str:
    if len(year) == 4:
        return year
    number = today.year // 100 * 100 + int(year)
    latest = (today.year + years_ahead, today.month, today.day)
    while (number, int(month), int(day)) > latest:
        number -= 100
    while (number + 100, int(month), int(day)) <= latest:
        number += 100
    return str(number)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 1000 else None


def _with_month_name(text: str) -> date | None:
    words = re.sub(r"[,\-]", " ", text)
    for form in _WITH_MONTH_NAME:
        try:
            return datetime.strptime(" ".join(words.split()), form).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
    return None
