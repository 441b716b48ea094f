"""A Coordinated Entry Assessment with its questions and results (4.19)."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import Project
from cas.forms.event import MOST_LOCATIONS, enrollment_choice
from cas.forms.rows import RowsField
from cas.models import Assessment, AssessmentQuestion, AssessmentResult
from casenotes.enrollment_choices import enrollment_label, only_open
from casenotes.forms.fields import PastDateField, RowsConflictForm
from enrollments.models import Enrollment
from hud.choices.coordinated_entry import AssessmentLevel, AssessmentType, PrioritizationStatus
from records.form_fields import LineField
from records.forms import RecordForm

QUESTION_COLUMNS = ("assessment_question", "assessment_answer", "assessment_question_group")
RESULT_COLUMNS = ("assessment_result_type", "assessment_result")
MOST_QUESTIONS, MOST_RESULTS = 200, 50


def choice(label: str, choices: type, required: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": required},
    )


def box(model: type, name: str, label: str, required: str = "") -> LineField:
    column = model._meta.get_field(name)
    return LineField(
        label=label,
        max_length=column.max_length,
        required=bool(required),
        error_messages={
            "required": required,
            "max_length": f"{label} has at most %(limit_value)d characters, "
            "and this one has %(show_value)d.",
        },
    )


class AssessmentForm(RecordForm):
    """An assessment of a head of household.

    Args:
        enrollments: those as head that the user may record something of, the newest first.
    """

    assessment_date = PastDateField(label="Date of Assessment")
    assessment_location = LineField(
        label="Assessment Location",
        max_length=250,
        help_text="The project or the place where the assessment was held.",
        error_messages={"required": "Enter where the assessment was held."},
    )
    assessment_type = choice("Assessment Type", AssessmentType, "Choose how it was held.")
    assessment_level = choice("Assessment Level", AssessmentLevel, "Choose what was assessed.")
    prioritization_status = choice(
        "Prioritization Status",
        PrioritizationStatus,
        "Choose whether the client was placed on the prioritization list.",
    )
    enrollment = enrollment_choice()

    class Meta:
        model = Assessment
        fields = [
            *("assessment_date", "assessment_level", "assessment_type", "assessment_location"),
            *("prioritization_status", "enrollment"),
        ]

    def __init__(self, *args: Any, enrollments: list[Enrollment], **kwargs: Any):
        self.enrollments = enrollments
        super().__init__(*args, **kwargs)
        assessment = self.instance
        if not assessment._state.adding:
            enrollments = [*dict.fromkeys([*enrollments, assessment.enrollment])]
        self.fields["enrollment"].offer(enrollments, enrollment_label)
        self.fields["assessment_location"].widget.attrs["list"] = "cas-locations"
        self.fields["questions"] = RowsField(
            label="Questions",
            noun="Question",
            most=MOST_QUESTIONS,
            boxes={
                "question": box(
                    AssessmentQuestion, "assessment_question", "Question", "Enter the question."
                ),
                "answer": box(AssessmentQuestion, "assessment_answer", "Answer"),
                "group": box(AssessmentQuestion, "assessment_question_group", "Group"),
            },
        )
        self.fields["results"] = RowsField(
            label="Results",
            noun="Result",
            most=MOST_RESULTS,
            boxes={
                "type": box(
                    AssessmentResult,
                    "assessment_result_type",
                    "Type of Result",
                    "Enter the type of result.",
                ),
                "result": box(AssessmentResult, "assessment_result", "Result"),
            },
        )
        if assessment._state.adding:
            self.initial |= {
                "assessment_date": timezone.localdate(),
                "enrollment": only_open(enrollments),
            }
        else:
            self.initial |= {
                "enrollment": assessment.enrollment,
                "questions": _typed(assessment.questions.all(), QUESTION_COLUMNS),
                "results": _typed(assessment.results.all(), RESULT_COLUMNS),
            }

    @property
    def locations(self) -> list[str]:
        """Names of projects to choose from while typing."""
        return sorted({str(one) for one in Project.objects.all()[:MOST_LOCATIONS]})

    def clean(self) -> dict[str, Any]:
        """4.19: within the enrollment. What a corrected exit or start left outside may stay."""
        data = super().clean()
        row, day, enrollment = self.instance, data.get("assessment_date"), data.get("enrollment")
        if not day or not enrollment:
            return data
        if row.pk and (row.assessment_date, row.enrollment_id) == (day, enrollment.pk):
            return data
        first, last = enrollment.entry_date, enrollment.exit_date
        if day < first:
            text = f"Enter a day on or after the project start, {first:%m/%d/%Y}."
            self.add_error("assessment_date", text)
        elif last and day > last:
            text = f"Enter a day on or before the project exit, {last:%m/%d/%Y}."
            self.add_error("assessment_date", text)
        return data

    def rows(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """The typed questions or results: the key of the record, empty for a new one; its texts."""
        columns = QUESTION_COLUMNS if name == "questions" else RESULT_COLUMNS
        return [
            (key, dict(zip(columns, texts, strict=True))) for key, *texts in self.cleaned_data[name]
        ]


class EditAssessmentForm(RowsConflictForm, AssessmentForm):
    def shown(self, name: str, value: Any) -> str:
        """Rows are read without the keys of their records."""
        if name not in ("questions", "results"):
            return super().shown(name, value)
        return "; ".join(": ".join(filter(None, row[1:3])) for row in value or []) or "(empty)"

    def reload(self) -> "EditAssessmentForm":
        fresh = Assessment.objects.get(pk=self.instance.pk)
        return EditAssessmentForm(
            instance=fresh, enrollments=self.enrollments, request=self.request
        )


def _typed(parts: Any, columns: tuple[str, ...]) -> list[list[str]]:
    return [[str(part.pk), *(getattr(part, name) for name in columns)] for part in parts]
