"""One member's answers to the questions of one step."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from enrollments.intake.draft.household import Member
from enrollments.intake.draft.questions import Look, Question, Sheet
from hud.rules import coc, income
from hud.rules.findings import Finding
from hud.rules.sources import INCOME
from records.form_fields import DateField, LineField

LARGEST = Decimal("999999.99")


class AmountField(forms.DecimalField):
    """Dollars a month, typed with or without signs."""

    def __init__(self, **options: Any):
        super().__init__(**({"max_digits": 8, "decimal_places": 2, "max_value": LARGEST} | options))
        self.error_messages["invalid"] = "Enter an amount in dollars, such as 850.00."

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(str(value or "").replace("$", "").replace(",", "").strip())


def field_of(question: Question) -> forms.Field:
    """The form field of a question; none is required, for an unanswered one never blocks."""
    options: dict[str, Any] = {"label": question.label, "required": False}
    if question.look is Look.DATE:
        return DateField(**options)
    if question.look is Look.TICK:
        return forms.BooleanField(**options)
    if question.look is Look.AMOUNT:
        return AmountField(**options)
    if question.look is Look.LINE:
        longest = 6 if question.name == "enrollment_coc" else 50
        return LineField(max_length=longest, **options)
    return forms.TypedChoiceField(
        choices=[("", ""), *question.choices], coerce=int, empty_value=None, **options
    )


class MemberForm(forms.Form):
    """The questions of a sheet that are asked of a member.

    After cleaning, `applicable` names the questions that apply under the answers, and `answers`
    has them alone: what does not apply is never stored. `warnings` are for the user to confirm.
    """

    def __init__(self, data: QueryDict | None, *, sheet: Sheet, member: Member):
        super().__init__(data, prefix=member.prefix, use_required_attribute=False)
        self.sheet, self.member = sheet, member
        self.questions = sheet.asked_of(member)
        for question in self.questions:
            self.fields[question.name] = field_of(question)
        self.applicable: set[str] = set(sheet.under({}, member.project_type)) & set(self.fields)
        self.warnings: list[Finding] = []

    def clean_enrollment_coc(self) -> str:
        code = self.cleaned_data["enrollment_coc"].upper()
        self._note(coc.findings(code))
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        under = set(self.sheet.under(values, self.member.project_type)) | self.member.to_correct
        self.applicable = under & set(self.fields)
        for name in set(self.errors) - self.applicable:
            del self._errors[name]
        judged = values if self.sheet.judges_all else self.answers
        self._note(self.sheet.findings(judged, self.member))
        return values

    def _note(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if not finding.blocks:
                self.warnings.append(finding)
            elif finding.field in self.fields:
                self.add_error(finding.field, finding.message)
            else:
                self.add_error(None, finding.message)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that apply, by name; a blank stays blank."""
        return {
            question.name: self.cleaned_data.get(question.name)
            for question in self.questions
            if question.name in self.applicable
        }

    @property
    def stored(self) -> dict[str, Any]:
        """The answers that apply, as they are stored: a blank is 99 where HUD has it."""
        return {
            question.name: question.blank
            if self.answers[question.name] is None
            else self.answers[question.name]
            for question in self.questions
            if question.name in self.applicable
        }

    @property
    def contradicting(self) -> set[str]:
        """Answers that do not apply, and that the user has to see to take them out."""
        if not self.sheet.judges_all or not self.errors:
            return set()
        values = self.cleaned_data
        return {name for name in self.fields if values.get(name) and name not in self.applicable}

    @property
    def total(self) -> Decimal:
        """4.02: the sum of the amounts."""
        values = getattr(self, "cleaned_data", {})
        return income.total({name: values.get(name) for name in INCOME.amounts})
