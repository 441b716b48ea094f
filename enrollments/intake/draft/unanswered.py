"""Which questions of a step are without an answer: HUD counts them as data not collected."""

from collections.abc import Iterator

from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.questions import Question
from enrollments.intake.draft.section_form import SectionForm
from enrollments.intake.draft.sections import disability_rows
from enrollments.intake.draft.validation_issues import ValidationIssue
from hud.rules import coc, disability

# Without 99 in HUD's list, and yet always to be answered where they are asked.
WITHOUT_A_LIST = {coc.FIELD, "date_to_street_essh"}


def unanswered(page: SectionForm) -> list[ValidationIssue]:
    """The questions of a step that apply and are not answered, with where they are."""
    return [
        ValidationIssue(one.label, form[one.name].auto_id, form.member.client.display_name)
        for form in page.forms
        for one in _of_member(form)
    ]


def _of_member(form: MemberForm) -> Iterator[Question]:
    answers = form.answers
    is_told = disability.derived(disability_rows(answers)) is not None  # 3.08
    for one in form.questions:
        if one.name not in form.applicable or one.name in form.errors:
            continue
        is_asked = one.blank is not None or one.name in WITHOUT_A_LIST
        is_blank = answers.get(one.name) in (None, "", one.blank)
        if is_asked and is_blank and not (is_told and one.name == disability.FIELD):
            yield one
