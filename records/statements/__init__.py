"""SELECT statements, compiled once in a process, with other parameters on each call (ADR 42)."""

from records.statements.compiling import Compiled, compiled
from records.statements.parameters import NotCompilableError
