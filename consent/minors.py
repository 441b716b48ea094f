"""Who signs for whom: a parent or guardian for those under 18, until the day before they are."""

from datetime import date, timedelta

from clients.models import Client
from hud.rules import dob as dob_rules


def is_minor(client: Client, on: date) -> bool:
    """Whether the client is known to be under 18 on a day; of whom no age is known, signs."""
    return dob_rules.is_adult(client.dob, on) is False


def last_day_as_minor(client: Client) -> date | None:
    """The day before the 18th birthday; None without a date of birth.

    The client's own release is due from the day after it.
    """
    return client.dob and dob_rules.turns_18(client.dob) - timedelta(days=1)


def end_for_minor(client: Client, ends_on: date | None) -> date | None:
    """The last day of what a guardian signs: what was agreed, and never beyond childhood."""
    ends = [day for day in (ends_on, last_day_as_minor(client)) if day is not None]
    return min(ends, default=None)
