"""Writes of Coordinated Access, and who is told of them."""

from cas.actions.assignments import assignments_written
from cas.actions.events import save_event
from cas.actions.reading import dismiss_all, undo_dismiss_all
from cas.actions.time import notify_what_time_brings

__all__ = [
    "assignments_written",
    "dismiss_all",
    "notify_what_time_brings",
    "save_event",
    "undo_dismiss_all",
]
