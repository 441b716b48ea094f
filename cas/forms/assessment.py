"""A Coordinated Entry Assessment with its questions and results (4.19)."""

from typing import Any

from django import forms

from cas.forms.record import EditEnrollmentRecordForm, EnrollmentRecordForm
from cas.forms.rows import RowsField
from cas.models import Assessment, AssessmentQuestion, AssessmentResult
from casenotes.forms.fields import PastDateField
from enrollments.forms.choice import enrollment_label
from enrollments.models import Enrollment
from hud.choices.coordinated_entry import AssessmentLevel, AssessmentType, PrioritizationStatus
from records.form_fields import LineField

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


class AssessmentForm(EnrollmentRecordForm):
    """An assessment of a head of household; `enrollments` are those as head."""

    day_name, location_name = "assessment_date", "assessment_location"

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

    class Meta:
        model = Assessment
        fields = [
            *("assessment_date", "assessment_level", "assessment_type", "assessment_location"),
            *("prioritization_status", "enrollment"),
        ]

    def __init__(self, *args: Any, enrollments: list[Enrollment], **kwargs: Any):
        super().__init__(*args, enrollments=enrollments, **kwargs)
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
        assessment = self.instance
        if not assessment._state.adding:
            offered = dict.fromkeys([*enrollments, assessment.enrollment])
            self.fields["enrollment"].offer(offered, enrollment_label)
            self.initial |= {
                "questions": _typed(assessment.questions.all(), QUESTION_COLUMNS),
                "results": _typed(assessment.results.all(), RESULT_COLUMNS),
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check_day()
        return data

    def rows(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """The typed questions or results: the key of the record, empty for a new one; its texts."""
        columns = QUESTION_COLUMNS if name == "questions" else RESULT_COLUMNS
        return [
            (key, dict(zip(columns, texts, strict=True))) for key, *texts in self.cleaned_data[name]
        ]


class EditAssessmentForm(EditEnrollmentRecordForm, AssessmentForm):
    def shown(self, name: str, value: Any) -> str:
        """Rows are read without the keys of their records."""
        if name not in ("questions", "results"):
            return super().shown(name, value)
        return "; ".join(": ".join(filter(None, row[1:3])) for row in value or []) or "(empty)"


def _typed(parts: Any, columns: tuple[str, ...]) -> list[list[str]]:
    return [[str(part.pk), *(getattr(part, name) for name in columns)] for part in parts]
