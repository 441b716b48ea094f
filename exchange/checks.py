"""What HUD's specification asks of one value of a column: type, length, blank, code.

A value that is wrong is told by its rule and a sentence; it is repeated only where it is a code in
a file without clients.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from hud.columns import Column
from hud.lists import code_lists
from hud.spec import Specification

Problem = tuple[str, str]  # rule, sentence
Check = Callable[[str], Problem | None]
ABOUT_PROJECTS = frozenset(
    {"Export", "Organization", "Project", "Funder", "ProjectCoC", "Inventory", "Affiliation"}
    | {"HMISParticipation", "CEParticipation"}
)
BLANK = ("null", "The column may not be blank.")
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
MONEY = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
NOT_NEGATIVE = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
TYPES = {
    "I": ("type", "It is not a whole number."),
    "M": ("type", "It is not an amount such as 120.50."),
    "M+": ("type", "It is not an amount such as 120.50 that is not negative."),
    "D": ("type", "It is not a date as yyyy-mm-dd."),
    "T": ("type", "It is not a date and time as yyyy-mm-dd hh:mm:ss."),
}


def check_of(
    file: str, ours: Column, hud: Column, spec: Specification, *, is_hashed: bool
) -> Check:
    """The check of a column's values; it answers with a problem, or None.

    Args:
        ours: the column as our models know it, with the length of a hashed value.
        hud: the column of HUD's specification.
        is_hashed: whether the files say that identities are hashed.
    """
    longest = ours.hashed_max_length if is_hashed else None
    of_type = type_check(hud, max(hud.max_length or 0, longest or 0))
    codes = spec.codes(hud)

    def check(value: str) -> Problem | None:
        if not value:
            return None if hud.null else BLANK
        if codes is not None and value not in codes:
            return not_a_code(file, value, hud.list_number or "")
        return of_type(value)

    return check


def type_check(column: Column, longest: int) -> Check:
    if column.type == "S":
        problem = ("length", f"It is longer than {longest} characters.")
        return lambda value: problem if longest and len(value) > longest else None
    tests: dict[str, Callable[[str], object]] = {
        "I": WHOLE.fullmatch,
        "M": MONEY.fullmatch,
        "M+": NOT_NEGATIVE.fullmatch,
        "D": is_date,
        "T": is_moment,
    }
    holds = tests[column.type]
    return lambda value: None if holds(value) else TYPES[column.type]


def is_date(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_moment(value: str) -> bool:
    try:
        return len(value) == 19 and value[10] == " " and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def not_a_code(file: str, value: str, number: str) -> Problem:
    if not WHOLE.fullmatch(value):
        return ("list", f"It is not a code of HUD's list {number}.")
    ours = code_lists().get(number)
    if ours and value in {str(code) for code, _ in ours.retired}:
        return ("retired", f"{value} is retired: {ours.label(int(value))}.")
    if file in ABOUT_PROJECTS:
        return ("list", f"{value} is not a code of HUD's list {number}.")
    return ("list", f"It is not a code of HUD's list {number}.")
