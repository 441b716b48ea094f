"""What a rule has to say about a value.

A message is an instruction to a case worker. It holds no personal data, so that it may be logged
and counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import ParamSpec

Checked = ParamSpec("Checked")


class Level(StrEnum):
    """ERROR blocks: the value is impossible. WARNING is confirmed by the user: it is unlikely."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Issue:
    """One validation message: HUD rule, column in snake_case, and what to do about it."""

    level: Level
    rule: str
    field: str
    message: str

    @property
    def blocks(self) -> bool:
        return self.level is Level.ERROR


def error(rule: str, field: str, message: str) -> Issue:
    """An issue that blocks."""
    return Issue(Level.ERROR, rule, field, message)


def warning(rule: str, field: str, message: str) -> Issue:
    """An issue that the user confirms."""
    return Issue(Level.WARNING, rule, field, message)


def collected(
    check: Callable[Checked, Iterator[Issue]],
) -> Callable[Checked, list[Issue]]:
    """Let a check be written with `yield` and answer with a list: a generator is never false."""

    @wraps(check)
    def run(*args: Checked.args, **kwargs: Checked.kwargs) -> list[Issue]:
        return list(check(*args, **kwargs))

    return run
