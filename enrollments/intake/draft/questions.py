"""What a question is: declared once, for the form, the page, the browser and the row it becomes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django import forms

from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import DATE
from hud.choices.answers import NO_ANSWER, set_apart
from hud.conditions import Alternative, Codes, alternatives, as_data
from hud.elements import FIELDS, Audience, Element, element
from hud.lists import Key
from hud.rules import coc
from hud.rules.issues import Issue
from records.form_fields import AmountField, DateField, LineField

if TYPE_CHECKING:
    from enrollments.intake.draft.household import Member

NOT_COLLECTED = 99
OF_PROJECT = "The Continuums of Care that your Data Quality Officer has set up for the project."
Values = Mapping[str, Any]
BECAUSE = {
    Audience.HEAD_AND_ADULTS: "asked of the head of household and of adults",
    Audience.HEAD: "asked of the head of household",
    Audience.ADULTS: "asked of adults",
}


class Widget(StrEnum):
    """How a question is put on the page."""

    CHOICES = "choices"  # all of them in a row
    LIST = "list"  # a drop-down
    DATE = "date"
    LINE = "line"
    TICK = "tick"
    AMOUNT = "amount"
    NUMBER = "number"


@dataclass(frozen=True)
class Question:
    """A column, HUD's number of its element, and how it is asked.

    choices: HUD's codes with labels, flat, whatever the headings of the drop-down.
    headings: the same under HUD's headings, where the list has some.
    also: another element that asks for it too.
    in_rest: whether **No to all the rest** answers it.
    """

    name: str
    label: str
    rule: str
    widget: Widget
    choices: tuple[tuple[Key, str], ...] = ()
    headings: tuple[tuple[str, tuple[tuple[Key, str], ...]], ...] = ()
    hint: str = ""
    also: str = ""
    in_rest: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """The elements that ask it."""
        return (self.rule, self.also) if self.also else (self.rule,)

    @cached_property
    def groups(self) -> list[tuple[str, list[tuple[Key, str]]]]:
        """The choices under their headings, "" for those under none; no answer comes last."""
        if self.headings:
            return [(heading, list(choices)) for heading, choices in self.headings]
        answers, without = set_apart(self.choices)
        return [("", answers), (NO_ANSWER if answers else "", without)]

    @cached_property
    def form_field(self) -> forms.Field:
        """Its field, one for all forms, which must not change it.

        None is required, for an unanswered question never blocks.
        """
        options: dict[str, Any] = {"label": self.label, "required": False}
        if self.choices:
            codes = [("", ""), *self.choices]
            kind = type(self.choices[0][0])
            if self.name == coc.FIELD:
                options["error_messages"] = {"invalid_choice": coc.CHOOSE}
            return forms.TypedChoiceField(choices=codes, coerce=kind, empty_value=None, **options)
        if self.widget is Widget.NUMBER:
            least, most = FIELDS[self.name].between or (0, None)
            return forms.IntegerField(min_value=least, max_value=most, **options)
        if self.widget is Widget.LINE:
            options["max_length"] = 6 if self.name == coc.FIELD else 50
        classes: dict[Widget, type[forms.Field]] = {
            Widget.DATE: DateField,
            Widget.TICK: forms.BooleanField,
            Widget.AMOUNT: AmountField,
            Widget.LINE: LineField,
        }
        return classes[self.widget](**options)

    @property
    def heading(self) -> str:
        """The program over it; empty for what every project asks."""
        return element(self.rule).heading

    @cached_property
    def codes(self) -> Codes:
        if self.widget is Widget.TICK:
            return (None, 1)
        return (None, *(code for code, _ in self.choices))

    @cached_property
    def blank(self) -> int | None:
        """What an unanswered question is stored as: 99 where HUD's list has it."""
        return NOT_COLLECTED if any(code == NOT_COLLECTED for code, _ in self.choices) else None

    @cached_property
    def no(self) -> Key | None:
        """The code of a plain No; None where its list has none."""
        return next((code for code, label in self.choices if label == "No"), None)

    def is_asked_of(self, member: "Member") -> bool:
        """Whether HUD asks it of the member now; whoever has a stored answer is asked as well."""
        if member.is_first and self.name == "veteran_status":
            return False  # Basic Client Information has asked it
        if member.is_first and self.rule == "V1" and not member.is_veteran:
            return False
        return any(self._is_asked_by(element(number), member) for number in self.rules)

    def _is_asked_by(self, asked: Element, member: "Member") -> bool:
        if not asked.is_collected_at(member.stage):
            return False
        is_stored = asked.number in member.answered or self.name in member.to_correct
        return is_stored or _is_asked(asked, member)


def in_words(question: Question, value: Any) -> str:
    """An answer, as it is stored or was typed, as one reads it; "" where there is none."""
    if value is None or value is False or value == "":  # 0 is an answer: No
        return ""
    if question.widget == Widget.TICK:
        return "Yes"
    if question.widget == Widget.AMOUNT:
        try:
            return f"${Decimal(str(value).replace(',', '').lstrip('$ ')):,.2f} a month"
        except InvalidOperation:
            return str(value)
    if isinstance(value, date):
        return value.strftime(DATE)
    return next((text for code, text in question.choices if str(code) == str(value)), str(value))


def _is_asked(asked: Element, member: "Member") -> bool:
    """Whether HUD asks an element of a member, found out once for all its questions."""
    if asked.number not in member.asked:
        member.asked[asked.number] = asked.is_asked_of(
            is_head=member.is_head,
            dob=member.client.dob,
            project_type=member.project_type,
            answered_on=member.day,
            entry_date=member.entry_date,
            exit_date=member.exit_date,
            today=member.today,
            grants=member.project.grants if asked.funded else (),
        )
    return member.asked[asked.number]


@dataclass
class Row:
    """A question of one member as the template shows it."""

    question: Question
    bound: Any
    when: str
    hidden: bool
    amount: "Row | None" = None


@dataclass
class Group:
    """Questions under one heading, which goes where none of them is asked."""

    heading: str
    rows: list[Row]

    @property
    def when(self) -> str:
        conditions = {row.when for row in self.rows}
        return conditions.pop() if len(conditions) == 1 else ""

    @property
    def hidden(self) -> bool:
        return all(row.hidden for row in self.rows)


def as_set_up(question: Question, member: "Member") -> Question:
    """3.16: a choice of the project's Continuums of Care, and of what is stored; else as it is."""
    if question.name != coc.FIELD or not member.project.coc_codes:
        return question
    stored = member.enrollment.enrollment_coc.upper() if member.enrollment else ""
    codes = dict.fromkeys([*member.project.coc_codes, *([] if coc.issues(stored) else [stored])])
    choices = tuple((code, coc.label(code)) for code in codes if code)
    return replace(question, widget=Widget.LIST, choices=choices, hint=OF_PROJECT)


@dataclass(frozen=True)
class QuestionSection:
    """The questions of one step.

    Args:
        applicable_questions: takes answers by name and the project's type, gives the names of the
            questions that apply; it asks `hud.rules`.
        depends_on: the questions that `applicable_questions` reads to decide about a question.
        issues: takes the answers that apply, and the member.
        validates_all: `issues` takes the answers that do not apply too: they are contradictions.
    """

    step: IntakeDraft.Step
    questions: tuple[Question, ...]
    applicable_questions: Callable[[Values, int | None], Collection[str]]
    depends_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    issues: Callable[[Values, "Member"], Iterable[Issue]] | None = None
    validates_all: bool = False

    def __hash__(self) -> int:
        return hash(self.step)

    def question(self, name: str) -> Question:
        return next(one for one in self.questions if one.name == name)

    def asked_of(self, member: "Member") -> list[Question]:
        return [as_set_up(one, member) for one in self.questions if one.is_asked_of(member)]

    def because(self, asked: Iterable[Question]) -> str:
        """Why not everybody is asked what others are; or nobody at all."""
        audiences = {element(question.rule).audience for question in asked or self.questions}
        return next((text for whom, text in BECAUSE.items() if whom in audiences), "")

    def when(self, name: str, project_type: int | None) -> list[Alternative]:
        """The answers under which a question applies; `[{}]` is always."""
        codes = {other: self.question(other).codes for other in self.depends_on.get(name, ())}
        return alternatives(
            lambda **values: name in self.applicable_questions(values, project_type), codes
        )

    @lru_cache(maxsize=512)  # noqa: B019 - the sections live as long as the process
    def condition(self, name: str, project_type: int | None) -> str | None:
        """The same as the browser reads it; None for a question that never applies."""
        when = self.when(name, project_type)
        return as_data(when) if when else None
