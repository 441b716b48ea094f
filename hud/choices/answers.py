"""What answers have in common: 8, 9 and 99 stand for no answer in HUD's question lists.

Not in every list: 8 is HIV among the kinds of disability and a safe haven among the project types.
There the label decides. Every list is shown in the order of HUD's data dictionary, those without an
answer last and under a heading of their own.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

UNANSWERED = frozenset({8, 9, 99})
NO_ANSWER = "No answer"
NO_ANSWER_LABELS = frozenset(
    {"Client doesn't know", "Client prefers not to answer", "Data not collected"}
)

Code = TypeVar("Code")


def set_apart(
    choices: Iterable[tuple[Code, str]],
) -> tuple[list[tuple[Code, str]], list[tuple[Code, str]]]:
    """The answers of a list, and those of its choices that stand for no answer."""
    pairs = [(code, str(label)) for code, label in choices]
    without = [pair for pair in pairs if pair[1] in NO_ANSWER_LABELS]
    return [pair for pair in pairs if pair not in without], without


def grouped(choices: Iterable[tuple[Code, str]]) -> list[tuple]:
    """Choices for a field, those without an answer last and in a group of their own.

    A list that has nothing else, such as the reasons why no race is given, stays as it is.
    """
    answers, without = set_apart(choices)
    return [*answers, (NO_ANSWER, without)] if answers and without else [*answers, *without]


class Answers(models.IntegerChoices):
    """Base of the lists in which 8, 9 and 99 stand for no answer."""

    @property
    def is_unanswered(self) -> bool:
        return self.value in UNANSWERED
