"""Review: everything that was answered, what is in the way, and Finish."""

from dataclasses import dataclass, replace
from typing import Any

from enrollments.intake.draft.order import Step
from enrollments.intake.draft.section_page import Objection, Section
from enrollments.intake.draft.stored_answers import destination_in_words
from enrollments.intake.steps.page import StepPage
from enrollments.intake.steps.validation import Reading
from enrollments.models import IntakeDraft


@dataclass
class Summary:
    """The answers of one step: for each member, labels with what was answered."""

    step: Step
    members: list[tuple[str, list[tuple[str, str]]]]


class ReviewPage(StepPage):
    template = "enrollments/intake/review.html"

    def prepare(self) -> None:
        self.reading = Reading(self.draft, self.people)

    @property
    def errors(self) -> list[Objection]:
        return [self._linked(*problem) for problem in self.reading.errors]

    @property
    def warnings(self) -> list[Objection]:
        return [self._linked(*problem) for problem in self.reading.warnings]

    def _linked(self, step: Step, objection: Objection) -> Objection:
        """With the page where the answer is corrected."""
        return replace(objection, page=self.draft.url_of(step))

    @property
    def context(self) -> dict[str, Any]:
        return {
            "household": self.reading.household,
            "problems": self.reading.errors,
            "managers": self._managers(),
            "summaries": [self._summary(step, page.sections) for step, page in self.reading.sheets],
            "enrolls": self.draft.kind_of.enrolls,
            "day": self.answers.day,
            "is_reopened": self.draft.kind_of is IntakeDraft.Kind.REOPEN,
            "changed": self.reading.meanwhile,
            "departure": self._departure(),
        }

    def _departure(self) -> dict[str, Any]:
        """The exit date and, by client, the destination; empty where nobody leaves."""
        form = self.reading.departure
        if form is None or form.errors:
            return {}
        return {
            "exit_date": form.cleaned_data["exit_date"],
            "ends_assignments": form.cleaned_data["end_assignments"],
            "destinations": {
                one.client_id: destination_in_words(form.departures[one.pk]) for one in form.ticked
            },
        }

    def _managers(self) -> dict[int, str]:
        """Who becomes the case manager, by client."""
        if self.reading.program is None:
            return {}
        names = dict(self.reading.program.case_managers)
        me = str(self.draft.created_by)
        return {
            one.client.pk: names[one.case_manager] if one.case_manager else me
            for one in self.reading.members
            if one.enrollment is None and (not one.case_manager or one.case_manager in names)
        }

    def _summary(self, step: Step, sections: list[Section]) -> Summary:
        members = []
        for section in sections:
            answered = [
                (str(question.label), text)
                for question in section.form.questions
                if (text := question.in_words(section.form.answers.get(question.name)))
            ]
            members.append((section.member.client.display_name, answered))
        return Summary(step, members)
