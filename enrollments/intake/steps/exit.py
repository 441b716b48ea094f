"""Exit, the first step of ending enrollments with their exit assessment (4.9)."""

from typing import Any

from django.http import QueryDict

from enrollments.forms.exit import used_for_all
from enrollments.intake.draft.section_page import Objection
from enrollments.intake.steps.departure import accept_exit, exit_errors, exit_fields, exit_warnings
from enrollments.intake.steps.page import StepPage


class ExitPage(StepPage):
    template = "enrollments/intake/exit.html"

    def prepare(self) -> None:
        self.form = exit_fields(self.draft, self.people, self.typed)
        self.form.is_valid()

    @property
    def errors(self) -> list[Objection]:
        return exit_errors(self.form) if self.form.is_bound else []

    @property
    def warnings(self) -> list[Objection]:
        return exit_warnings(self.form) if self.form.is_bound else []

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        return used_for_all(posted)

    def label_of(self, name: str) -> str:
        field = self.form.fields.get(name)
        return str(field.label) if field else ""

    def accept(self) -> None:
        accept_exit(self.answers, self.form)

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form}
