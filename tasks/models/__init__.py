from tasks.models.calendar_feed import CalendarFeed
from tasks.models.task import Task
