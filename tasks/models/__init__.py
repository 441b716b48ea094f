from tasks.models.calendar_feed import CalendarFeed
from tasks.models.task import Task

__all__ = ["CalendarFeed", "Task"]
