"""Which filed assessment of a stay is to be corrected."""

from typing import Any

from django import forms

from enrollments.intake.on_file import Scope, assessed_of
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import DataCollectionStage

KINDS = {
    str(DataCollectionStage.UPDATE.value): IntakeDraft.Kind.UPDATE,
    str(DataCollectionStage.ANNUAL.value): IntakeDraft.Kind.ANNUAL,
}


class CorrectForm(forms.Form):
    """Valid where something was filed of the enrollment at this stage on this day."""

    stage = forms.TypedChoiceField(choices=[(code, code) for code in KINDS], coerce=KINDS.get)
    information_date = forms.DateField(input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, enrollment: Enrollment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.enrollment = enrollment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not assessed_of([self.enrollment], self._scope):
            raise forms.ValidationError("Nothing was filed on that day.")
        return data

    @property
    def _scope(self) -> Scope:
        day = self.cleaned_data["information_date"]
        return {"data_collection_stage": self.cleaned_data["stage"].stage, "information_date": day}
