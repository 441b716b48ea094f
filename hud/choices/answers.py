"""HUD's lists as enums, and what their answers have in common: 8, 9 and 99 stand for no answer.

Not in every list: 8 is HIV among the kinds of disability and a safe haven among the project types.
There the label decides. Every list is shown in the order of HUD's data dictionary, those without an
answer last and under a heading of their own.
"""

from collections.abc import Iterable
from functools import cache
from types import new_class
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from hud.lists import code_list

if TYPE_CHECKING:  # what the stubs call the metaclass of IntegerChoices
    from django.db.models.enums import _IntegerChoicesType as ChoicesType
else:
    from django.db.models.enums import ChoicesType

UNANSWERED = frozenset({8, 9, 99})
NO_ANSWER = "No answer"
NO_ANSWER_LABELS = {
    "Client doesn't know": "DOES_NOT_KNOW",
    "Client prefers not to answer": "PREFERS_NOT_TO_ANSWER",
    "Data not collected": "NOT_COLLECTED",
}

Code = TypeVar("Code")


class CodesType(ChoicesType):
    """Fills an enum from one of HUD's lists: `class Sex(Answers, number="4.21")`.

    The class names the codes that code reasons about; order, labels and the other codes, which are
    called `CODE_116`, are the list's.
    """

    def __new__(
        metacls, name: str, bases: tuple[type, ...], body: Any, *, number: str = "", **options: Any
    ) -> Any:
        if not number:
            return super().__new__(metacls, name, bases, body, **options)
        names = {body[named]: named for named in body._member_names}
        members: Any = metacls.__prepare__(name, bases)
        for code, label in code_list(number).choices:
            named = names.pop(code, NO_ANSWER_LABELS.get(label, f"CODE_{code}"))
            members[named] = (str(code) if issubclass(bases[0], str) else code), label
        if names:
            raise TypeError(f"HUD's list {number} has no codes {names}.")
        for key in body.keys() - set(body._member_names):
            members[key] = body[key]
        return super().__new__(metacls, name, bases, members, **options)


class Codes(models.IntegerChoices, metaclass=CodesType):
    """Base of the enums of HUD's lists."""


class TextCodes(models.TextChoices, metaclass=CodesType):
    """Base of the enums of HUD's lists whose codes are no numbers."""


@cache
def codes_of(number: str, base: type[models.Choices] = Codes) -> type[models.Choices]:
    """One of HUD's lists as an enum, where code reasons about none of its codes."""
    return new_class(f"List{number.replace('.', '_')}", (base,), {"number": number})


class Answers(Codes):
    """Base of the lists in which 8, 9 and 99 stand for no answer."""

    DOES_NOT_KNOW: Any
    PREFERS_NOT_TO_ANSWER: Any
    NOT_COLLECTED: Any

    @property
    def is_unanswered(self) -> bool:
        return self.value in UNANSWERED


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
