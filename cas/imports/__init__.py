"""Events that another Coordinated Access System hands over: rows of HUD's Event.csv."""

from cas.imports.run import Counts, ImportUser, import_events
from cas.imports.table import Problem, UnreadableError, read

__all__ = ["Counts", "ImportUser", "Problem", "UnreadableError", "import_events", "read"]
