"""Writes of Coordinated Access, and who is told of them."""

from cas.actions.assignments import assignments_written
from cas.actions.events import save_event
from cas.actions.reading import (
    dismiss,
    dismiss_all,
    open_one,
    restore,
    snooze,
    undo_dismiss,
)
from cas.actions.time import notify_what_time_brings

__all__ = [
    "assignments_written",
    "dismiss",
    "dismiss_all",
    "notify_what_time_brings",
    "open_one",
    "restore",
    "save_event",
    "snooze",
    "undo_dismiss",
]
