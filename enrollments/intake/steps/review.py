"""Review: the whole draft validated again from what was typed, for its page and for Finish."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import QueryDict

from clients.models import Client
from enrollments.forms.exit_fields import ExitFields
from enrollments.intake.draft.added_steps import AddedStep, added_step
from enrollments.intake.draft.calculated import calculated, household_income
from enrollments.intake.draft.concurrent_changes import ConcurrentChanges
from enrollments.intake.draft.corrections import Texts, removals, to_write
from enrollments.intake.draft.household import (
    DraftHousehold,
    Member,
    change_household,
    enrolled_in,
    read_household,
    to_enroll,
)
from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.section_form import SectionForm
from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.steps import steps_of
from enrollments.intake.draft.stored_answers import destination_in_words
from enrollments.intake.draft.unanswered import unanswered
from enrollments.intake.draft.validation_issues import ValidationIssue, errors_of
from enrollments.intake.steps.exit import exit_fields
from enrollments.intake.steps.page import DayForm, StepPage, warnings_of
from enrollments.intake.steps.program import ProgramForm
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import as_query, as_typed

UNFINISHED = "Choose the project and who enters it."
UNSAVED = "What was changed here is not saved yet. Open the step and press Save & Next."
ASKED_MORE = (
    "The members are asked more than before, such as after a corrected date of birth. Open the "
    "step and press Save."
)


class DraftValidation:
    """Every step of a draft, with every rule asked of the people whom its owner may see."""

    def __init__(self, draft: IntakeDraft, people: list[Client]):
        self.draft, self.people = draft, people
        self.answers = draft.answers
        self.concurrent = ConcurrentChanges(draft)
        self.steps = steps_of(draft)

    @cached_property
    def program(self) -> ProgramForm | None:
        """HUD Program Enrollment; None where the draft is not about the enrollment itself."""
        typed = self.answers.typed(Step.PROGRAM)
        if not self.draft.kind_of.enrolls or typed is None:
            return None
        form = ProgramForm(
            typed,
            draft=self.draft,
            clients=to_enroll(self.draft, self.people),
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
    def sections(self) -> dict[Step, SectionForm]:
        if self.household is None:
            return {}
        return {
            step: SectionForm(
                SECTIONS[step], self.household, self._typed(step), self.answers.stored_typed(step)
            )
            for step in self.steps
            if step in SECTIONS
        }

    @cached_property
    def added(self) -> list[AddedStep]:
        """The steps of upper floors, about those whom Finish enrolls."""
        kinds = filter(None, map(added_step, self.steps)) if self.members else ()
        return [kind(self.draft, self.members) for kind in kinds]

    def _typed(self, step: Step) -> QueryDict:
        return self.answers.typed(step) or QueryDict()

    @property
    def members(self) -> list[Member]:
        return self.household.members if self.household else []

    @cached_property
    def day(self) -> DayForm | None:
        """The date of an assessment; None where the enrollment or the exit has it."""
        if self.draft.kind_of.enrolls or self.departure is not None:
            return None
        kept = as_query({"information_date": [as_typed(self.answers.day)]})
        form = DayForm(kept, draft=self.draft, members=self.members)
        form.is_valid()
        return form

    @property
    def _left_out(self) -> list[Step]:
        """The steps that asked nothing of anybody when the household was saved."""
        return [Step(one) for one in self.answers.left_out]

    def _placed(self, found: Iterable[tuple[Step, list[ValidationIssue]]]) -> list[ValidationIssue]:
        return [
            replace(one, step=step, page=self.draft.url_of(step))
            for step, issues in found
            for one in issues
        ]

    @cached_property
    def _about_several(self) -> dict[Step, ProgramForm | ExitFields]:
        forms = {Step.PROGRAM: self.program, Step.EXIT: self.departure}
        return {step: form for step, form in forms.items() if form is not None}

    @cached_property
    def errors(self) -> list[ValidationIssue]:
        found: list[tuple[Step, list[ValidationIssue]]] = []
        if self.draft.kind_of.enrolls and self.answers.typed(Step.BASIC) is not None:
            found.append((Step.BASIC, [ValidationIssue(UNSAVED)]))
        if self.draft.kind_of.enrolls and self.program is None:
            found.append((Step.PROGRAM, [ValidationIssue(UNFINISHED)]))
        if any(SECTIONS[one].asked_of(member) for one in self._left_out for member in self.members):
            who = Step.PROGRAM if self.draft.kind_of.enrolls else Step.EXIT
            found.append((who, [ValidationIssue(ASKED_MORE)]))
        found += [(step, errors_of(form)) for step, form in self._about_several.items()]
        if self.day is not None:
            found.append((self.steps[0], self.day.issues))
        found += [(step, form.errors) for step, form in self.sections.items()]
        found += [(one.step, one.errors) for one in self.added]
        return self._placed(found)

    @cached_property
    def warnings(self) -> list[ValidationIssue]:
        """What is unlikely, or would be removed, and is not confirmed yet."""
        found = [(step, warnings_of(form, step)) for step, form in self._about_several.items()]
        if self.day is not None:
            found.append((self.steps[0], self.day.warnings))
        found += [(step, form.warnings) for step, form in self.sections.items()]
        found += [
            (step, list(removals(one, self._stored(step, one))))
            for step, form in self.sections.items()
            for one in form.forms
        ]
        return [one for one in self._placed(found) if one.key not in self.answers.confirmed]

    @property
    def unanswered(self) -> list[ValidationIssue]:
        """The questions that apply and have no answer, with where they are."""
        return self._placed((step, unanswered(form)) for step, form in self.sections.items())

    @property
    def writes(self) -> dict[Step, dict[int, dict[str, Any]]]:
        """The answers that Finish writes, by step and client."""
        return {
            step: {
                one.member.client.pk: to_write(one, self._stored(step, one)) for one in form.forms
            }
            for step, form in self.sections.items()
        }

    def _stored(self, step: Step, form: MemberForm) -> Texts:
        """One member's stored answers to a step."""
        start = f"{form.prefix}-"
        return {
            field.removeprefix(start): texts[-1]
            for field, texts in self.concurrent.stored.get(step, {}).items()
            if field.startswith(start) and texts
        }


class ReviewPage(StepPage):
    template = "enrollments/intake/review.html"

    def prepare(self) -> None:
        self.validation = DraftValidation(self.draft, self.people)
        self.errors, self.warnings = self.validation.errors, self.validation.warnings

    @property
    def context(self) -> dict[str, Any]:
        enrolls = self.draft.kind_of.enrolls
        joins = self.draft.kind_of is IntakeDraft.Kind.MEMBER
        rows = calculated(
            self.validation.members, self.validation.writes, enrolls=enrolls, joins=joins
        )
        unanswered = self.validation.unanswered
        return {
            "household": self.validation.household,
            "calculated": [one for one in rows if one.disabling or one.asks_income],
            "household_income": household_income(rows),
            "unanswered": _by_step(unanswered),
            "unanswered_count": len(unanswered),
            "managers": self._managers(),
            "summaries": {
                step: [(one.member.client.display_name, one.answered) for one in form.forms]
                for step, form in self.validation.sections.items()
                if form.forms
            }
            | {one.step: one.summary for one in self.validation.added if one.summary},
            "enrolls": enrolls,
            "joins": joins,
            "day": self.answers.day,
            "concurrent": self.validation.concurrent,
            "departure": self._departure(),
        }

    def _departure(self) -> dict[str, Any]:
        """The exit date and, by client, the destination; empty where nobody leaves."""
        form = self.validation.departure
        if form is None or form.errors:
            return {}
        return {
            "exit_date": form.cleaned_data["exit_date"],
            "ends_assignments": form.cleaned_data["end_assignments"],
            "destinations": {
                one.client_id: destination_in_words(form.departures[one.pk]) for one in form.ticked
            },
            "answers": {
                one.client.display_name: answered
                for one in form.ticked
                if (answered := form.answered(one))
            },
        }

    def _managers(self) -> dict[int, str]:
        """Who becomes the case manager, by client."""
        if self.validation.program is None:
            return {}
        names = dict(self.validation.program.case_managers)
        me = str(self.draft.created_by)
        return {
            one.client.pk: names[one.case_manager] if one.case_manager else me
            for one in self.validation.members
            if one.enrollment is None and (not one.case_manager or one.case_manager in names)
        }


def _by_step(issues: Iterable[ValidationIssue]) -> list[tuple[Step, dict[str, list[Any]], int]]:
    """Questions under their step, and there under whom they are about, with their number."""
    found: dict[Step, dict[str, list[Any]]] = {}
    for one in issues:
        if one.step:
            found.setdefault(one.step, {}).setdefault(one.who, []).append(one)
    return [(step, people, sum(map(len, people.values()))) for step, people in found.items()]
