"""What one button answers for many questions of a step.

**No to all the rest** says No where nothing is answered, which "data not collected" is too; other
answers stay. With **& Next** in its name it goes on to the next step, if the page is in order.
**Use for the other adults** gives the head's answers to the others who are asked.
"""

from collections.abc import Iterable

from django.http import QueryDict

from enrollments.intake.draft.member_form import MemberForm
from enrollments.intake.draft.section_form import SectionForm
from enrollments.intake.draft.sections import Step
from enrollments.models.draft_answers import Answers
from hud.lists import Key
from hud.rules import coc, living_situation

EVERYBODY = "all"
OF_THE_HEAD = (coc.FIELD, *living_situation.FIELDS)


def rest_of(form: MemberForm) -> dict[str, Key]:
    """The questions that **No to all the rest** is about, with the code of No."""
    return {one.name: one.no for one in form.questions if one.in_rest and one.no is not None}


def unanswered_rest(form: MemberForm) -> dict[str, Key]:
    """Those of them without an answer."""
    kept = {one.name: form.cleaned_data.get(one.name) for one in form.questions}
    without = {one.name for one in form.questions if kept[one.name] in (None, one.blank)}
    return {
        name: code
        for name, code in rest_of(form).items()
        if name in without and name not in form.errors
    }


def head_and_others(page: SectionForm) -> tuple[MemberForm, list[MemberForm]] | None:
    """Whose prior living situation may be used for whom; None where there are no two."""
    if page.section.step != Step.UNIVERSAL:
        return None
    asked = [form for form in page.forms if "living_situation" in form.fields]
    head = next((form for form in asked if form.member.is_head), None)
    others = [form for form in asked if form is not head]
    return (head, others) if head and others else None


def use(page: SectionForm, answers: Answers, posted: QueryDict) -> str:
    """Answer what the pressed button answers; return whose section it was in, "" for no button."""
    if whose := posted.get("rest"):
        return answer_no(page.forms, answers, whose, page.section.step)
    if "same" in posted and (found := head_and_others(page)):
        head, others = found
        typed = {name: head.data.get(head.add_prefix(name), "") for name in OF_THE_HEAD}
        for form in others:
            asked = {name: text for name, text in typed.items() if name in form.fields}
            answers.fill_in(Step.UNIVERSAL, asked, form.member.client.pk)
        return others[0].member.prefix
    return ""


def answer_no(forms: Iterable[MemberForm], answers: Answers, whose: str, step: Step) -> str:
    """Say No to the rest of one member, or of everybody; return whose section was the last."""
    meant = [form for form in forms if whose in (EVERYBODY, form.member.prefix)]
    for form in meant:
        answers.fill_in(step, unanswered_rest(form), form.member.client.pk)
    return meant[-1].member.prefix if meant else ""
