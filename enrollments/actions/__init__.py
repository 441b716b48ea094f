"""Writes that touch several records."""

from enrollments.actions.assignments import (
    end_assignment,
    hand_over,
    hand_over_all,
    save_assignment,
)
from enrollments.actions.exits import Departure, exit_household, undo_exit
from enrollments.actions.removal import delete_enrollments, restore_enrollments

__all__ = [
    "Departure",
    "delete_enrollments",
    "end_assignment",
    "exit_household",
    "hand_over",
    "hand_over_all",
    "restore_enrollments",
    "save_assignment",
    "undo_exit",
]
