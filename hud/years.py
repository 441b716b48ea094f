"""Which federal standard applies when: fiscal years, and the standards that are included.

Each standard is a folder `data/fy<year>/`. The next one (FY2028) is added by adding its folder.
"""

from datetime import date
from functools import cache
from pathlib import Path

CURRENT = 2026
DATA = Path(__file__).parent / "data"


class UnknownYearError(LookupError):
    """No standard of that fiscal year is included."""

    def __init__(self, year: int) -> None:
        known = ", ".join(f"FY{known}" for known in standards())
        super().__init__(f"There is no HUD standard FY{year}; known: {known}.")


@cache
def standards() -> tuple[int, ...]:
    """The fiscal years whose standard is included, oldest first."""
    return tuple(sorted(int(folder.name[2:]) for folder in DATA.glob("fy[0-9]*")))


def folder_of(year: int) -> Path:
    """The folder of one standard's data; raises UnknownYearError."""
    if year not in standards():
        raise UnknownYearError(year)
    return DATA / f"fy{year}"


def fiscal_year_of(day: date) -> int:
    """The federal fiscal year of a date: FY2026 runs from 2025-10-01 to 2026-09-30."""
    return day.year + (day.month >= 10)


def standard_for(day: date) -> int:
    """The standard in force on a date: HUD publishes every other year, so FY2027 has FY2026's."""
    year = fiscal_year_of(day)
    in_force = [known for known in standards() if known <= year]
    if not in_force:
        raise UnknownYearError(year)
    return in_force[-1]
