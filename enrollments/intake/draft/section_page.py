"""One assessment step as a page: a section a member, its questions, what they lack."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.draft.questions import Look, Question, Sheet
from enrollments.intake.draft.section_form import MemberForm
from enrollments.intake.draft.sections import TOPICS
from hud.conditions import Alternative
from hud.elements import Audience, element

ALWAYS: list[Alternative] = [{}]
REMOVAL = "remove:"  # what the keys of those begin with
BECAUSE = {
    Audience.HEAD_AND_ADULTS: "asked of the head of household and of adults",
    Audience.HEAD: "asked of the head of household",
    Audience.ADULTS: "asked of adults",
}


@dataclass(frozen=True)
class Objection:
    """An error or a warning as the page lists it.

    anchor: the id of the field that it is about; empty for the page as a whole.
    page: the address of the page with the field, where that is another one.
    key: tells one warning from another, so that it is confirmed once.
    """

    text: str
    anchor: str = ""
    who: str = ""
    key: str = ""
    page: str = ""

    @property
    def address(self) -> str:
        """Where the field is; empty where there is none."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    @property
    def is_removal(self) -> bool:
        """Whether an answer on file would be removed."""
        return self.key.startswith(REMOVAL)


@dataclass
class Row:
    """A question of one member as the template shows it."""

    question: Question
    bound: Any
    when: str
    hidden: bool
    amount: "Row | None" = None

    @property
    def look(self) -> str:
        return self.question.look.value

    @property
    def id(self) -> str:
        return self.bound.auto_id

    @property
    def name(self) -> str:
        return self.bound.html_name

    @cached_property
    def value(self) -> str:
        value = self.bound.value()
        return "" if value is None else str(value)

    @property
    def is_ticked(self) -> bool:
        return bool(self.bound.value())

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The options under their headings, those without an answer last."""
        return [(heading, self._options(choices)) for heading, choices in self.question.groups]

    def _options(self, choices: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
        return [
            {"code": code, "label": label, "chosen": str(code) == self.value}
            for code, label in choices
        ]


@dataclass
class Section:
    """The questions of one member."""

    member: Member
    form: MemberForm
    rows: list[Row] = field(default_factory=list)

    @property
    def has_amounts(self) -> bool:
        """Whether amounts are asked, so that there is a total to show."""
        return any(row.amount and not row.hidden for row in self.rows)


class SheetPage:
    """The questions of a sheet for everybody of whom they are asked."""

    def __init__(self, sheet: Sheet, household: DraftHousehold, typed: QueryDict | None):
        self.sheet, self.household, self.typed = sheet, household, typed
        self.sections: list[Section] = []
        self.left_out: list[Member] = []
        for member in household.members:
            if sheet.asked_of(member):
                self.sections.append(self._section(member))
            else:
                self.left_out.append(member)

    @property
    def is_topic(self) -> bool:
        return self.sheet.slug in TOPICS

    @property
    def because(self) -> str:
        """Why the others are not asked."""
        audiences = {element(question.rule).audience for question in self.sheet.questions}
        return next((text for whom, text in BECAUSE.items() if whom in audiences), "")

    def _section(self, member: Member) -> Section:
        form = MemberForm(self.typed, sheet=self.sheet, member=member)
        form.is_valid()
        shown = form.applicable | form.contradicting
        section = Section(member, form)
        rows = {}
        for question in form.questions:
            is_shown = question.name in member.to_correct
            when = ALWAYS if is_shown else self.sheet.when(question.name, member.project_type)
            if not when:
                continue
            row = Row(question, form[question.name], as_data(when), question.name not in shown)
            rows[question.name] = row
            if question.look is Look.AMOUNT:
                self._beside_source(rows, row)
            else:
                section.rows.append(row)
        return section

    def _beside_source(self, rows: dict[str, Row], row: Row) -> None:
        topic = TOPICS[self.sheet.slug]
        source = next(one.field for one in topic.sources if one.amount == row.question.name)
        rows[source].amount = row

    @property
    def errors(self) -> list[Objection]:
        found = []
        for section in self.sections:
            who = section.member.client.display_name
            for name, messages in section.form.errors.items():
                if name in section.form.fields:
                    bound = section.form[name]
                    texts = [f"{bound.label}: {message}" for message in messages]
                    found += [Objection(text, bound.auto_id, who) for text in texts]
                else:
                    found += [Objection(str(message), "", who) for message in messages]
        return found

    @property
    def warnings(self) -> list[Objection]:
        found = []
        for section in self.sections:
            who, prefix = section.member.client.display_name, section.form.prefix
            for finding in section.form.warnings:
                bound = section.form[finding.field]
                key = f"{self.sheet.slug}:{prefix}:{finding.field}:{finding.message}"
                text = f"{bound.label}: {finding.message}"
                found.append(Objection(text, bound.auto_id, who, key))
        return found

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that the page did not show: without script it comes back."""
        for section in self.sections:
            shown = set(posted.getlist(f"{section.form.prefix}-shown"))
            for row in section.rows:
                name = row.question.name
                if row.when and name in section.form.applicable and name not in shown:
                    return True
        return False


def as_data(when: list) -> str:
    """The alternatives as the browser reads them; empty for a question that always applies."""
    if when == ALWAYS:
        return ""
    texts = [
        {name: ["" if code is None else str(code) for code in codes] for name, codes in one.items()}
        for one in when
    ]
    return json.dumps(texts, separators=(",", ":"))
