"""Writes that touch several records."""

from enrollments.actions.deletion import delete_enrollments, deleted_with, restore_enrollments
from enrollments.actions.exits import Departure, exit_household, undo_exit
