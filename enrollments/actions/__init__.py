"""Writes that touch several records."""

from enrollments.actions.assignments import end_assignment, hand_over, save_assignment
from enrollments.actions.exits import Departure, exit_household, undo_exit

__all__ = [
    "Departure",
    "end_assignment",
    "exit_household",
    "hand_over",
    "save_assignment",
    "undo_exit",
]
