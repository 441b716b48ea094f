"""Events that another Coordinated Access System hands over: rows of HUD's Event.csv."""

from cas.imports.run import Account, Tally, import_events
from cas.imports.table import Problem, UnreadableError, read

__all__ = ["Account", "Problem", "Tally", "UnreadableError", "import_events", "read"]
