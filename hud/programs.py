"""HUD's federal partner programs, as the funding sources (2.06.1) of their components.

An element that only some programs collect says so by `Funded`. From the HMIS data dictionary
FY2026, "Funder: program-component" and "Project type applicability", and the program manuals.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from hud.choices import ProjectType

ALL_TYPES = frozenset(ProjectType)
PREVENTION = frozenset({ProjectType.HOMELESSNESS_PREVENTION})
PREVENTION_OR_RRH = PREVENTION | {ProjectType.RAPID_REHOUSING}
NO_OUTREACH = ALL_TYPES - {ProjectType.STREET_OUTREACH}

COC = frozenset({1, 2, 3, 4, 5, 6, 7, 43, 44, 56})
YHDP = frozenset({43})
ESG = frozenset({8, 9, 10, 11, 53})
HOPWA = frozenset(range(13, 20))
VASH = frozenset({20})
PATH = frozenset({21})
RHY = frozenset(range(22, 27))
RHY_BCP = frozenset({22})
SSVF = frozenset({33})
GPD = frozenset({37, 38, 39, 40, 41, 42, 45})
VA_RESIDENTIAL = GPD | {27, 30}  # contract residential services, community contract safe haven


class Funded(NamedTuple):
    """Projects with one of these funding sources, and of one of these types."""

    funders: frozenset[int]
    types: Collection[int] = ALL_TYPES

    def covers(self, project_type: int | None, funders: Collection[int]) -> bool:
        return project_type in self.types and not self.funders.isdisjoint(funders)


class Grant(NamedTuple):
    """A funding source of a project, with the first and the last day of the grant."""

    funder: int
    start: date
    end: date | None = None


def funders_between(grants: Iterable[Grant], first: date, last: date) -> frozenset[int]:
    """The funding sources that hold on any of these days, both included."""
    return frozenset(
        one.funder for one in grants if one.start <= last and (one.end is None or one.end >= first)
    )
