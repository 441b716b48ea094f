"""A user's own tasks, over all clients: Home, My tasks and the calendar."""

from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from agencies.models import User
from records.statements import compiled
from tasks.models import Task
from tasks.querysets import TaskQuerySet

ON_HOME = 8
IN_CALENDAR = 500
DAYS_BACK = 90  # what was due longer ago says no more in a calendar


class Show(StrEnum):
    """Which tasks a list shows."""

    OPEN = "open"
    GIVEN = "given"
    DONE = "done"

    @property
    def label(self) -> str:
        return {"open": "Mine", "given": "Given to colleagues", "done": "Done"}[self.value]

    @classmethod
    def of(cls, text: str) -> "Show":
        """The one that an address asks for; anything else is the first."""
        return cls(text) if text in set(cls) else cls.OPEN


@compiled
def due_next(user: User) -> QuerySet[Task]:
    """What the user has to do next, and one more than Home shows."""
    rows = Task.objects.visible_to(user).of(user).open().listed_for(user).with_client()
    return rows.due_first()[: ON_HOME + 1]


def of_user(user: User, show: Show) -> TaskQuerySet:
    """The user's tasks of a tab of My tasks, in no order yet."""
    rows = Task.objects.visible_to(user)
    rows = {
        Show.OPEN: rows.of(user).open(),
        Show.GIVEN: rows.given_by(user).open(),
        Show.DONE: rows.of(user).done(),
    }[show]
    return rows.listed_for(user).with_client()


def in_calendar(user: User, today: date) -> TaskQuerySet:
    """The open tasks of a calendar; of the client nothing is read."""
    rows = Task.objects.visible_to(user).of(user).open().due_first()
    rows = rows.due_from(today - timedelta(days=DAYS_BACK))
    return rows.only("public_id", "due_on", "date_updated")[:IN_CALENDAR]
