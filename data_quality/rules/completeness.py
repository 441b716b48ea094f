"""What HUD's data quality reports count of an element: left out, and not answered.

8 "client doesn't know" and 9 "client prefers not to answer" are answers that are always savable;
they are counted because many of them tell something about how a project asks.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from data_quality.rules.fixes import Fix
from data_quality.rules.rule import Group, Level, Rule
from data_quality.rules.subjects import Subject

LEFT_OUT, REFUSED = 99, [8, 9]


def is_missing(column: str) -> Q:
    """Never asked, or data not collected."""
    return Q(**{f"{column}__isnull": True}) | Q(**{column: LEFT_OUT})


def is_unanswered(column: str) -> Q:
    return Q(**{f"{column}__in": REFUSED})


def completeness(  # noqa: PLR0913 - all of them by name
    *,
    key: str,
    number: str,
    element: str,
    column: str,
    subject: Subject,
    concerns: Group,
    fix: Fix,
    of: str = "",
    field: str = "",
) -> Iterator[Rule]:
    """The two rules of an element, `of` which moment where it is asked more than once.

    Args:
        field: what is to be entered; by default the column itself.
    """
    what = f"{element} {of}".strip()

    def missing(today: date) -> Q:
        return is_missing(column)

    def unanswered(today: date) -> Q:
        return is_unanswered(column)

    yield Rule(
        key=f"{key}-missing",
        number=number,
        element=element,
        level=Level.MISSING,
        title=f"{what} is missing",
        advice="Ask, and enter the answer.",
        subject=subject,
        concerns=concerns,
        wrong=missing,
        fix=fix,
        field=field or column.rsplit("__", maxsplit=1)[-1],
    )
    yield Rule(
        key=f"{key}-unanswered",
        number=number,
        element=element,
        level=Level.UNANSWERED,
        title=f"{what}: client doesn't know or prefers not to answer",
        advice="Ask again where the client may know by now, or may trust you more.",
        subject=subject,
        concerns=concerns,
        wrong=unanswered,
        fix=fix,
        field=field or column.rsplit("__", maxsplit=1)[-1],
    )
