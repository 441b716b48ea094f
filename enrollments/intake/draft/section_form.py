"""A question section as a form: for each member the questions that are asked, and what is wrong."""

from itertools import chain

from django.http import QueryDict

from enrollments.intake.draft.corrections import to_confirm
from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.questions import QuestionSection
from enrollments.intake.draft.validation_issues import ValidationIssue, errors_of


class SectionForm:
    """The questions of a section for everybody of whom they are asked.

    Args:
        stored: the answers that are corrected, as `typed`; None where there are none.
    """

    def __init__(
        self,
        section: QuestionSection,
        household: DraftHousehold,
        typed: QueryDict | None,
        stored: QueryDict | None = None,
    ):
        self.section, self.stored = section, stored
        self.forms: list[MemberForm] = []
        self.left_out: list[Member] = []
        for member in household.members:
            form = MemberForm(typed, section=section, member=member)
            form.is_valid()
            if form.questions:
                self.forms.append(form)
            else:
                self.left_out.append(member)

    @property
    def because(self) -> str:
        """Why those who are left out are not asked."""
        return self.section.because([one for form in self.forms for one in form.questions])

    @property
    def errors(self) -> list[ValidationIssue]:
        found = (errors_of(form, form.member.client.display_name) for form in self.forms)
        return list(chain.from_iterable(found))

    @property
    def warnings(self) -> list[ValidationIssue]:
        return [
            ValidationIssue(
                f"{form[issue.field].label}: {issue.message}",
                form[issue.field].auto_id,
                form.member.client.display_name,
                f"{self.section.step}:{form.prefix}:{issue.field}:{issue.message}",
            )
            for form in self.forms
            for issue in to_confirm(form, self.stored)
        ]

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that the page did not show: without script it comes back."""
        return any(
            row.when
            and row.question.name in form.applicable
            and row.question.name not in posted.getlist(f"{form.prefix}-shown")
            for form in self.forms
            for row in form.rows
        )
