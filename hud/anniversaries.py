"""Full years between dates: the one place that decides about the 29th of February.

Somebody born on 29 February turns a year older on 1 March in a common year.
"""

from calendar import monthrange
from datetime import date


def anniversary(day: date, year: int) -> date:
    """The day's anniversary in a year."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def months_before(day: date, months: int) -> date:
    """The day some months before; in a shorter month its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_years(since: date, on: date) -> int:
    """Years completed between two dates; negative where `on` is the earlier one."""
    return on.year - since.year - (on < anniversary(since, on.year))
