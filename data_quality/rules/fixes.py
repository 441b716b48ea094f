"""Where a record is fixed: the page of the portal that asks for what is wrong.

The addresses begin nothing: a draft of the intake workflow begins when something is saved there.
"""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import prefix_of

Kind = IntakeDraft.Kind
OF_ALL = {
    "information_date",
    "exit_date",
    "members",
    "happened_on",
}  # fields that are not about one member


@dataclass(frozen=True)
class Fix:
    """
    Args:
        label: what the button says.
        page: the name of a page of the client or of the enrollment; empty for a draft.
        kind: which draft of the intake workflow asks for it.
        step: where in it the user arrives; without one at its first step.
    """

    label: str
    page: str = ""
    kind: IntakeDraft.Kind | None = None
    step: Step | None = None

    def address(self, enrollment: Enrollment, field: str, *, corrects: date | None = None) -> str:
        """The address of the field, of the assessment of a date where that is wrong."""
        page = self._page(enrollment, corrects)
        return f"{page}#id_{self.name_of(enrollment, field)}" if field else page

    def _page(self, enrollment: Enrollment, corrects: date | None) -> str:
        if self.kind is not None:
            return IntakeDraft.begin_url(
                client_id=enrollment.client_id,
                enrollment_id=enrollment.pk,
                kind=self.kind,
                slug=self.step or steps_for(self.kind)[0],
                corrects=corrects,
            )
        if self.page in OF_CLIENT:
            return reverse(self.page, args=[enrollment.client_id])
        return reverse(self.page, args=[enrollment.client_id, enrollment.pk])

    def name_of(self, enrollment: Enrollment, field: str) -> str:
        """The name of a field on its page."""
        is_plain = self.page in OF_CLIENT or self.step == Step.BASIC or field in OF_ALL
        return field if is_plain else f"{prefix_of(enrollment.client_id)}-{field}"

    def of_stage(self, stage: int) -> "Fix":
        """The same step of the draft that corrects answers of a stage."""
        return Fix(self.label, kind=Kind.of_stage(stage), step=self.step)


def reopened_at(step: Step) -> Fix:
    return Fix(f"Re-open {step.label}", kind=Kind.REOPEN, step=step)


def exit_answers_at(step: Step) -> Fix:
    return Fix(f"Exit assessment: {step.label}", kind=Kind.EXIT, step=step)


ADD_RELEASE_PAGE = "consent:add_release"
OF_CLIENT = {"clients:edit", "enrollments:add_case_assignment", ADD_RELEASE_PAGE}
EDIT_CLIENT = Fix("Edit Client", "clients:edit")
EXIT = Fix("Exit", "enrollments:exit")
ADD_CASE_ASSIGNMENT = Fix("Add Case Assignment", "enrollments:add_case_assignment")
ADD_RELEASE = Fix("Add Release", ADD_RELEASE_PAGE)
ANNUAL = Fix("Annual assessment", kind=Kind.ANNUAL)
CHANGE_HEAD = Fix("Change Head of Household", "enrollments:change_head")
SPLIT = Fix("Split Household", "enrollments:split_household")
UPDATE = Fix("Update assessment", kind=Kind.UPDATE)
CORRECT_ANNUAL = Fix("Correct the assessment", kind=Kind.ANNUAL)
EXIT_ASSESSMENT = Fix("Exit assessment", kind=Kind.EXIT)
BASIC = reopened_at(Step.BASIC)
PROGRAM = reopened_at(Step.PROGRAM)
UNIVERSAL = reopened_at(Step.UNIVERSAL)
BARRIERS = reopened_at(Step.BARRIERS)
VIOLENCE = reopened_at(Step.VIOLENCE)
