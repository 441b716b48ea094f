"""The six assessment steps: a section a member, of whom the questions are asked (4.8)."""

from functools import cached_property
from typing import Any

from django.http import QueryDict

from enrollments.intake.draft.household import read_household
from enrollments.intake.draft.order import Step, steps_of
from enrollments.intake.draft.section_page import Objection, SheetPage
from enrollments.intake.draft.sections import SHEETS
from enrollments.intake.steps.day_form import DayForm
from enrollments.intake.steps.page import StepPage
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE

COC = "enrollment_coc"
Kind = IntakeDraft.Kind


class AssessmentPage(StepPage):
    template = "enrollments/intake/assessment.html"

    def prepare(self) -> None:
        self.household = read_household(self.draft, self.people)
        if self.household is None:
            return
        self.sheet = SheetPage(SHEETS[self.step], self.household, self._with_suggestions())
        self.day = DayForm(self._day_typed(), draft=self.draft, members=self.household.members)
        if self.asks_day:
            self.day.is_valid()

    @property
    def detour(self) -> str | None:
        return Step.PROGRAM if self.household is None else None

    @property
    def asks_day(self) -> bool:
        """Whether this is the page that asks for the date of a later assessment."""
        is_first = self.step == steps_of(self.draft.kind)[0]
        return is_first and self.draft.kind_of in {Kind.UPDATE, Kind.ANNUAL}

    def _day_typed(self) -> QueryDict | None:
        has_day = self.typed is not None and "information_date" in self.typed
        return self.typed if has_day else None

    def _with_suggestions(self) -> QueryDict:
        """The typed answers; at first, with the CoC that was last entered for this project."""
        if self.typed is not None:
            return self.typed
        typed = QueryDict(mutable=True)
        if self.step == Step.UNIVERSAL and self.household.head:
            coc = Enrollment.objects.latest_coc(self.household.project)
            typed[f"{self.household.head.prefix}-{COC}"] = coc
        return typed

    @property
    def errors(self) -> list[Objection]:
        found = [Objection(text, "id_information_date") for text in self._day_texts()]
        return [*found, *self.sheet.errors]

    def _day_texts(self) -> list[str]:
        return self.day.texts if self.asks_day and self.day.is_bound else []

    @property
    def warnings(self) -> list[Objection]:
        asks = self.asks_day and self.day.is_bound
        return [*(self.day.objections if asks else []), *self.sheet.warnings]

    def left_unseen(self, posted: QueryDict) -> bool:
        return self.sheet.left_unseen(posted)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            row.name: f"{row.question.label} of {section.member.client.display_name}"
            for section in self.sheet.sections
            for one in section.rows
            for row in (one, one.amount)
            if row
        }

    def label_of(self, name: str) -> str:
        return "Information Date" if name == "information_date" else self._labels.get(name, "")

    def accept(self) -> None:
        if self.asks_day and self.day.is_bound:
            self.answers.day = self.day.cleaned_data["information_date"]

    @property
    def context(self) -> dict[str, Any]:
        day, filled = self.answers.day, self.answers.filled_in_from
        return {
            "page": self.sheet,
            "household": self.household,
            "day": self.day if self.asks_day else None,
            "day_text": day.strftime(DATE) if day and not self.asks_day else "",
            "filled_in_from": filled if self.typed is not None else None,
        }
