"""What programs ask (P3, R2, R20, V1, W5): dates and years that cannot be, what does not fit."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hud.rules.issues import Issue, collected, error

STATUS_DATES = {"date_of_path_status": "P3", "date_of_bcp_status": "R2"}
AFTERCARE = timedelta(days=180)  # after the exit
# W5.A of who kept the home, W5.B of who moved to a new one.
SUBSIDIES = {1: (1, 2, 3, 4), 2: (11, 12)}


@collected
def service_issues(values: Mapping[str, Any], *, today: date) -> Iterator[Issue]:
    """V1: nobody left the military before entering it, and neither year is to come."""
    entered, separated = values.get("year_entered_service"), values.get("year_separated")
    for name, year in (("year_entered_service", entered), ("year_separated", separated)):
        if year and year > today.year:
            yield error("V1", name, "Enter a year that is not in the future.")
    if entered and separated and separated < entered:
        message = "Enter a year that is not before the year of entering military service."
        yield error("V1", "year_separated", message)


@collected
def status_issues(
    values: Mapping[str, Any], *, entry_date: date, exit_date: date | None, today: date
) -> Iterator[Issue]:
    """P3, R2: the status is determined within the enrollment."""
    for name, rule in STATUS_DATES.items():
        day = values.get(name)
        if not day:
            continue
        if day < entry_date:
            yield error(rule, name, "Enter a date that is not before the start date.")
        elif exit_date and day > exit_date:
            yield error(rule, name, "Enter a date that is not after the exit date.")
        elif day > today:
            yield error(rule, name, "Enter a date that is not in the future.")


@collected
def exit_issues(values: Mapping[str, Any], *, exit_date: date, today: date) -> Iterator[Issue]:
    """W5: the subsidy fits the housing; R20: aftercare is within 180 days after the exit."""
    subsidy, housing = values.get("subsidy_information"), values.get("housing_assessment")
    if subsidy and subsidy not in SUBSIDIES.get(housing or 0, ()):
        message = "Choose an answer that fits the housing assessment at exit."
        yield error("W5", "subsidy_information", message)
    day = values.get("aftercare_date")
    if day and not exit_date <= day <= exit_date + AFTERCARE:
        yield error("R20", "aftercare_date", "Enter a date within 180 days after the exit.")
    elif day and day > today:
        yield error("R20", "aftercare_date", "Enter a date that is not in the future.")
