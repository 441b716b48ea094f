"""What the cells of a row say, checked by HUD's rules: a row is refused, or a cell is left out."""

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cas.imports.table import FILE, Row
from hud.choices import NoYesMissing
from hud.choices.coordinated_entry import EventType, ReferralResult

DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%m/%d/%y", "%Y%m%d", "%d-%b-%Y")
TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
FORMATS = [day + time for day in DATES for time in TIMES]
NO_DATE = "This is no date. Use yyyy-mm-dd."
NO_CODE = "This is none of HUD's codes."


class RefusedError(Exception):
    """The row cannot be taken; the issue stands in it."""


def refuse(row: Row, column: str, text: str) -> RefusedError:
    row.leave_out(column, text)
    return RefusedError()


def key(row: Row, column: str) -> str:
    """A key of at most 32 characters; raises RefusedError."""
    text = row[column]
    if not text:
        raise refuse(row, column, "This is empty.")
    if len(text) > (FILE[column].max_length or 32) or not text.isprintable():
        raise refuse(row, column, "This is no key of at most 32 characters.")
    return text


def values_of(row: Row, *, today: date) -> dict[str, Any]:
    """The columns of the event; optional ones that the file does not have are left out.

    Raises:
        RefusedError: without a date of the event or a code of HUD's list.
    """
    day = moment_of(row["EventDate"])
    if day is None:
        raise refuse(row, "EventDate", NO_DATE)
    if day.date() > today:
        raise refuse(row, "EventDate", "This day is in the future.")
    code = _code(row["Event"])
    if code not in EventType.values:
        raise refuse(row, "Event", NO_CODE)
    event = EventType(code)
    values: dict[str, Any] = {"event_date": day.date(), "event": event.value}
    values |= _result(row, event, day.date(), today)
    for column, asked in (
        ("ProbSolDivRRResult", event is EventType.PROBLEM_SOLVING),
        ("ReferralCaseManageAfter", event is EventType.FOLLOW_UP),
    ):
        if column in row:
            values[FILE[column].field] = _answer(row, column, NoYesMissing.values, asked=asked)
    if "LocationCrisisOrPHHousing" in row:
        values["location_crisis_or_ph_housing"] = _location(row, event)
    return values


def _result(row: Row, event: EventType, day: date, today: date) -> dict[str, Any]:
    if "ReferralResult" not in row:
        return {}
    codes = ReferralResult.values
    result = _answer(row, "ReferralResult", codes, asked=event.is_referral)
    return {"referral_result": result, "result_date": _result_date(row, result, day, today)}


def _result_date(row: Row, result: int | None, day: date, today: date) -> date | None:
    text = row["ResultDate"]
    if not text:
        return None
    found = moment_of(text)
    if found is None:
        row.leave_out("ResultDate", NO_DATE)
    elif result is None:
        row.leave_out("ResultDate", "There is no result of this day.")
    elif found.date() < day:
        row.leave_out("ResultDate", "This day is before the event.")
    elif found.date() > today:
        row.leave_out("ResultDate", "This day is in the future.")
    else:
        return found.date()
    return None


def _answer(row: Row, column: str, codes: list[int], *, asked: bool) -> int | None:
    text = row[column]
    if not text:
        return None
    code = _code(text)
    if code not in codes:
        row.leave_out(column, NO_CODE)
    elif not asked:
        row.leave_out(column, "HUD does not ask this of the event.")
    else:
        return code
    return None


def _location(row: Row, event: EventType) -> str:
    column = "LocationCrisisOrPHHousing"
    text = re.sub(r"\s+", " ", row[column])
    if not text:
        return ""
    if not event.is_opening:
        row.leave_out(column, "HUD does not ask this of the event.")
    elif len(text) > (FILE[column].max_length or 250) or not text.isprintable():
        row.leave_out(column, "This is too long, or holds hidden characters.")
    else:
        return text
    return ""


def moment_of(text: str) -> datetime | None:
    """A date, or a date and a time, as real files write them; in the site's time zone."""
    for form in FORMATS:
        try:
            found = datetime.strptime(text.replace("T", " ").strip(), form)  # noqa: DTZ007
        except ValueError:
            continue
        return timezone.make_aware(found) if found.year >= 1900 else None
    return None


def _code(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else None
