"""What a rule has to say about a value.

A message is an instruction to a case worker. It holds no personal data, so that it may be logged
and counted.
"""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """ERROR blocks: the value is impossible. WARNING is confirmed by the user: it is unlikely."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One objection: HUD's rule number, the column in snake_case, and what to do about it."""

    level: Level
    rule: str
    field: str
    message: str

    @property
    def blocks(self) -> bool:
        return self.level is Level.ERROR


def error(rule: str, field: str, message: str) -> Finding:
    """A finding that blocks."""
    return Finding(Level.ERROR, rule, field, message)


def warning(rule: str, field: str, message: str) -> Finding:
    """A finding that the user confirms."""
    return Finding(Level.WARNING, rule, field, message)
