"""The federal standards that are included, by fiscal year.

Each standard is a folder `data/fy<year>/`. The next one (FY2028) is added by adding its folder.
"""

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
