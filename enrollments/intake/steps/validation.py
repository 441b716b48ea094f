"""A whole draft read again from what was typed, every rule asked: for Review and for Finish."""

from functools import cached_property
from typing import Any

from django.http import QueryDict

from clients.models import Client
from enrollments.forms.exit import ExitFields
from enrollments.intake.draft.concurrent_changes import Meanwhile
from enrollments.intake.draft.household import DraftHousehold, Member, enrolled_in, read_household
from enrollments.intake.draft.household_answers import change_household
from enrollments.intake.draft.order import Step, steps_of
from enrollments.intake.draft.section_page import Objection, Section, SheetPage
from enrollments.intake.draft.sections import SHEETS
from enrollments.intake.draft.unasked import Texts, removals, texts_of, to_write
from enrollments.intake.steps.day_form import DayForm
from enrollments.intake.steps.departure import exit_errors, exit_fields, exit_warnings
from enrollments.intake.steps.program_form import ProgramForm
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import Answers

Problem = tuple[Step, Objection]
UNSAVED = "What was changed here is not saved yet. Open the step and press Save & Next."
UNFINISHED = "Choose the project and who enters it."


class Reading:
    """
    Args:
        people: the clients of the draft whom its owner may see.
    """

    def __init__(self, draft: IntakeDraft, people: list[Client]):
        self.draft, self.people = draft, people
        self.answers = Answers(draft)
        self.meanwhile = Meanwhile(draft)
        self.steps = steps_of(draft.kind)

    @cached_property
    def program(self) -> ProgramForm | None:
        """HUD Program Enrollment; None where the draft is not about the enrollment itself."""
        typed = self.answers.typed(Step.PROGRAM)
        if not self.draft.kind_of.enrolls or typed is None:
            return None
        form = ProgramForm(
            typed,
            draft=self.draft,
            clients=self.people,
            enrolled=enrolled_in(self.draft),
            related={},
        )
        form.is_valid()
        return form

    @cached_property
    def departure(self) -> ExitFields | None:
        """The exit step; None where the draft ends no enrollment."""
        if self.draft.kind_of is not IntakeDraft.Kind.DEPARTURE:
            return None
        form = exit_fields(self.draft, self.people, self._typed(Step.EXIT))
        form.is_valid()
        return form

    @cached_property
    def household(self) -> DraftHousehold | None:
        if self.program is not None and not self.program.errors:
            change_household(self.answers, self.program.household)
        return read_household(self.draft, self.people)

    @cached_property
    def sheets(self) -> list[tuple[Step, SheetPage]]:
        if self.household is None:
            return []
        return [
            (step, SheetPage(SHEETS[step], self.household, self._typed(step)))
            for step in self.steps
            if step in SHEETS
        ]

    def _typed(self, step: Step) -> QueryDict:
        return self.answers.typed(step) or QueryDict()

    @property
    def members(self) -> list[Member]:
        return self.household.members if self.household else []

    @cached_property
    def errors(self) -> list[Problem]:
        found: list[Problem] = []
        if self.draft.kind_of.enrolls:
            if self.answers.typed(Step.BASIC) is not None:
                found.append((Step.BASIC, Objection(UNSAVED)))
            found += [(Step.PROGRAM, one) for one in program_errors(self.program)]
        elif self.departure is not None:
            found += [(Step.EXIT, one) for one in exit_errors(self.departure)]
        else:
            form = DayForm.on_file(self.draft, self.members)
            found += [(self.steps[0], Objection(text)) for text in form.texts]
        return found + [(step, one) for step, page in self.sheets for one in page.errors]

    @property
    def writes(self) -> dict[str, dict[int, dict[str, Any]]]:
        """The answers that Finish writes, by step and client."""
        return {
            step: {
                section.member.client.pk: to_write(section.form, self._on_file(step, section))
                for section in page.sections
            }
            for step, page in self.sheets
        }

    def _removals(self) -> list[Problem]:
        return [
            (step, one)
            for step, page in self.sheets
            for section in page.sections
            for one in removals(section, self._on_file(step, section))
        ]

    def _on_file(self, step: Step, section: Section) -> Texts:
        return texts_of(self.meanwhile.on_file, step, section.member.prefix)

    @cached_property
    def warnings(self) -> list[Problem]:
        """What is unlikely, or would be removed, and is not confirmed yet."""
        found = [(Step.PROGRAM, one) for one in program_warnings(self.program)]
        if self.departure is not None:
            found += [(Step.EXIT, one) for one in exit_warnings(self.departure)]
        elif not self.draft.kind_of.enrolls:
            form = DayForm.on_file(self.draft, self.members)
            found += [(self.steps[0], one) for one in form.objections]
        found += [(step, one) for step, page in self.sheets for one in page.warnings]
        found += self._removals()
        return [(step, one) for step, one in found if one.key not in self.answers.confirmed]


def program_errors(form: ProgramForm | None) -> list[Objection]:
    if form is None:
        return [Objection(UNFINISHED)]
    found = []
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        who = next((one.display_name for one in form.clients if name in form.names_of(one)), "")
        for message in messages:
            text = f"{bound.label}: {message}" if bound else str(message)
            found.append(Objection(text, bound.auto_id if bound else "", who))
    return found


def program_warnings(form: ProgramForm | None) -> list[Objection]:
    if form is None:
        return []
    names = {client.pk: client.display_name for client in form.clients}
    return [
        Objection(
            finding.message,
            "",
            names.get(pk, ""),
            f"program:{pk}:{finding.field}:{finding.message}",
        )
        for pk, finding in form.warnings
    ]
