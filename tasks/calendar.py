"""A calendar of tasks as RFC 5545 writes it: days and links, and nothing about anybody."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC

from tasks.models import Task

WIDEST = 75  # octets in a line
REFRESH = "PT1H"


def calendar(tasks: Iterable[Task], *, address_of: Callable[[Task], str]) -> str:
    """The text of the .ics file.

    Args:
        tasks: with the random number, the day and when each was last changed.
        address_of: the page of a task, in full.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//HMIS//Tasks//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Tasks",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for task in tasks for line in _event(task, address_of(task))),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(task: Task, address: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{task.public_id}"
    yield f"DTSTAMP:{task.date_updated.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{task.due_on:%Y%m%d}"
    yield "SUMMARY:Task"
    yield f"DESCRIPTION:Log in to see it: {address}"
    yield f"URL:{address}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most WIDEST octets, each but the first after a space.

    Every line here is ASCII.
    """
    yield line[:WIDEST]
    rest = line[WIDEST:]
    while rest:
        yield f" {rest[: WIDEST - 1]}"
        rest = rest[WIDEST - 1 :]
