"""A step as a page, and that of the six assessment steps: for each member what is asked (4.8)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.text import get_text_list

from agencies.requests import UserRequest
from clients.models import Client
from enrollments.intake.draft import shortcuts
from enrollments.intake.draft.household import DraftHousehold, Member, read_household
from enrollments.intake.draft.section_form import SectionForm
from enrollments.intake.draft.sections import SECTIONS, SERVICE, Step
from enrollments.intake.draft.steps import steps_for, steps_of
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.assessment import LATER
from enrollments.models.assessment_tables import days_of_assessments
from enrollments.models.draft_answers import DATE
from hud.rules import annual, information_date
from hud.rules.issues import Issue
from records.form_fields import DateField

Kind = IntakeDraft.Kind
BEGIN_EMPTY = {Kind.INTAKE, Kind.MEMBER}


def warnings_of(form: Any, step: Step) -> list[ValidationIssue]:
    """The warnings of a form about several people, for the user to confirm."""
    form.is_valid()
    return [
        ValidationIssue(
            one.message,
            "",
            form.names.get(pk, ""),
            f"{step}:{pk or form.everybody}:{one.field}:{one.message}",
        )
        for pk, one in form.warnings
    ]


class StepPage:
    """A step as it is shown and saved.

    Args:
        people: the clients of the draft, the first one first.
        typed: the answers as they were typed; None where the step was never saved.
    """

    template = ""
    form: Any = None
    detour: Step | None = None  # the step that must be in order before this one can be shown

    def __init__(
        self,
        request: UserRequest,
        draft: IntakeDraft,
        step: Step,
        people: list[Client],
        typed: QueryDict | None,
    ):
        self.request, self.draft, self.step, self.people = request, draft, step, people
        self.answers, self.typed = draft.answers, typed
        self.errors: list[ValidationIssue] = []
        self.warnings: list[ValidationIssue] = []
        self.prepare()

    def prepare(self) -> None:
        """Build the forms, and find the errors and warnings of what was typed."""

    @property
    def unconfirmed(self) -> list[ValidationIssue]:
        return [one for one in self.warnings if one.key not in self.answers.confirmed]

    def left_unseen(self, posted: QueryDict) -> bool:
        """Whether a question applies that was not on the page."""
        return False

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        """What was posted, after a button that changes other fields."""
        return posted

    def use_shortcut(self, posted: QueryDict) -> str:
        """Answer what a button answers; return the part of the page where it was, "" for none."""
        return ""

    def with_rest(self, posted: QueryDict) -> Self:
        """The page after No to all the rest of everybody, if that button was pressed."""
        return self

    def label_of(self, name: str) -> str:
        """A field's label with whom it is about, for the notice about another page."""
        field = self.form.fields.get(name)
        return str(field.label or "") if field else ""

    def search(self) -> HttpResponse | None:
        """Where a search for somebody else, or another page beside it leads, if it was pressed."""
        return None

    def accept(self) -> None:
        """Take over what is in order."""

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form}

    @property
    def bar(self) -> list[dict[str, Any]]:
        """The bar of steps: links to what was done, and to the first one that was not."""
        draft, done, is_reached, bar = self.draft, self.answers.done, True, []
        for one in steps_of(draft):
            is_linked = (is_reached or one in done) and (one != Step.REVIEW or draft.is_begun)
            if one not in done and draft.kind_of in BEGIN_EMPTY:
                is_reached = False
            bar.append(
                {
                    "label": one.label,
                    "url": draft.url_of(one) if is_linked else "",
                    "done": one in done and one != self.step,
                    "current": one == self.step,
                }
            )
        return bar


class DayForm(forms.Form):
    """The date of an assessment after the project start (5.03)."""

    information_date = DateField(
        label="Information Date",
        error_messages={"required": "Enter the date of the assessment."},
    )

    def __init__(self, data: QueryDict | None, *, draft: IntakeDraft, members: Sequence[Member]):
        super().__init__(data, use_required_attribute=False)
        self.draft, self.members = draft, members
        self.initial["information_date"] = draft.answers.day
        self.warnings: list[ValidationIssue] = []  # for the user to confirm

    def clean_information_date(self) -> date:
        day = self.cleaned_data["information_date"]
        for issue in self._issues(day):
            if issue.blocks:
                raise forms.ValidationError(issue.message)
            key = f"day:{self.data.get(issue.field)}"
            self.warnings.append(ValidationIssue(issue.message, "id_information_date", "", key))
        return day

    def _issues(self, day: date) -> list[Issue]:
        if day == self.draft.answers.corrects:
            return []  # what a corrected exit or start left outside may keep its date
        made = self._made()
        done = {date_made for _, date_made in made}
        whose = [one for one in self.members if one.enrollment and (one.enrollment.pk, day) in made]
        names = get_text_list([one.client.display_name for one in whose], "and")
        message = annual.SAME_DAY.format(self.draft.kind_of.label.lower(), names)
        if repeated := annual.same_day_issues(day, done=done, message=message):
            return repeated
        starts = [one.entry_date for one in self.members]
        last = min((one.exit_date for one in self.members if one.exit_date), default=None)
        today = timezone.localdate()
        if self.draft.kind_of is Kind.ANNUAL and starts:
            head = next((one for one in self.members if one.is_head), self.members[0])
            start = head.entry_date
            return annual.issues(day, head_entry_date=start, exit_date=last, today=today, done=done)
        first = max(starts, default=None)
        return information_date.issues(
            day, rule=annual.RULE, entry_date=first, exit_date=last, today=today
        )

    def _made(self) -> set[tuple[int, date]]:
        """Enrollment and date of their other updates or annual assessments, whoever made them."""
        rows = [one.enrollment for one in self.members if one.enrollment]
        stage = self.draft.kind_of.stage
        made = days_of_assessments(rows, stage) if stage in LATER else set()
        return {one for one in made if one[1] != self.draft.answers.corrects}

    @property
    def issues(self) -> list[ValidationIssue]:
        texts = [str(text) for texts in self.errors.values() for text in texts]
        return [ValidationIssue(text, "id_information_date") for text in texts]


class AssessmentPage(StepPage):
    template = "enrollments/intake/assessment.html"

    def prepare(self) -> None:
        self.household = read_household(self.draft, self.people)
        if self.household is None:
            self.detour = Step.PROGRAM
            return
        typed = self.typed if self.typed is not None else self._suggestions(self.household)
        stored = self.answers.stored_typed(self.step)
        self.form = SectionForm(SECTIONS[self.step], self.household, typed, stored)
        self.errors, self.warnings = self.form.errors, self.form.warnings
        is_first = self.step == steps_for(self.draft.kind)[0]
        self.asks_day = is_first and self.draft.kind_of in {Kind.UPDATE, Kind.ANNUAL}
        has_day = self.typed is not None and "information_date" in self.typed
        members = self.household.members
        self.day = DayForm(self.typed if has_day else None, draft=self.draft, members=members)
        if self.asks_day and has_day:
            self.errors = self.day.issues + self.errors
            self.warnings = self.day.warnings + self.warnings

    def _suggestions(self, household: DraftHousehold) -> QueryDict:
        """At first, the CoC that was last entered for this project, and what is known of V1."""
        typed = QueryDict(mutable=True)
        if self.step == Step.UNIVERSAL:
            for member in household.members:
                if not member.client.has_details:
                    continue
                known = {name: getattr(member.client, name) for name in SERVICE}
                typed.update(
                    {
                        f"{member.prefix}-{name}": str(x)
                        for name, x in known.items()
                        if x is not None
                    }
                )
        if self.step == Step.UNIVERSAL and household.head:
            coc = Enrollment.objects.latest_coc(household.project)
            typed[f"{household.head.prefix}-enrollment_coc"] = coc
        return typed

    def left_unseen(self, posted: QueryDict) -> bool:
        return self.form.left_unseen(posted)

    def use_shortcut(self, posted: QueryDict) -> str:
        return shortcuts.use(self.form, self.answers, posted) if self.form else ""

    def with_rest(self, posted: QueryDict) -> Self:
        if not self.form or "rest_and_next" not in posted:
            return self
        shortcuts.answer_no(self.form.forms, self.answers, shortcuts.EVERYBODY, self.step)
        typed = self.answers.typed(self.step)
        return type(self)(self.request, self.draft, self.step, self.people, typed)

    def label_of(self, name: str) -> str:
        if name == "information_date":
            return "Information Date"
        for form in self.form.forms:
            for question in form.questions:
                if name == form.add_prefix(question.name):
                    return f"{question.label} of {form.member.client.display_name}"
        return ""

    def accept(self) -> None:
        if self.asks_day and self.day.is_bound:
            self.answers.day = self.day.cleaned_data["information_date"]

    @property
    def context(self) -> dict[str, Any]:
        day, filled = self.answers.day, self.answers.filled_in_from
        return {
            "page": self.form,
            "household": self.household,
            "day": self.day if self.asks_day else None,
            "day_text": day.strftime(DATE) if day and not self.asks_day else "",
            "filled_in_from": filled if self.typed is not None else None,
            "with_rest": [one.prefix for one in self.form.forms if shortcuts.rest_of(one)],
            "head_and_others": shortcuts.head_and_others(self.form),
            "of_the_head": " ".join(shortcuts.OF_THE_HEAD),
        }
