"""Which filed assessment of a stay is to be corrected."""

from typing import Any

from django import forms

from enrollments.models import Disability, Enrollment, HealthAndDV, IncomeBenefits, IntakeDraft
from hud.choices import DataCollectionStage

KINDS = {
    str(DataCollectionStage.UPDATE.value): IntakeDraft.Kind.UPDATE,
    str(DataCollectionStage.ANNUAL.value): IntakeDraft.Kind.ANNUAL,
}
TABLES = (IncomeBenefits, Disability, HealthAndDV)


class CorrectForm(forms.Form):
    """Valid where something was filed of the enrollment at this stage on this day."""

    stage = forms.TypedChoiceField(choices=[(code, code) for code in KINDS], coerce=KINDS.get)
    information_date = forms.DateField(input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, enrollment: Enrollment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.enrollment = enrollment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(self._is_filed(table) for table in TABLES):
            raise forms.ValidationError("Nothing was filed on that day.")
        return data

    def _is_filed(self, table: Any) -> bool:
        data = self.cleaned_data
        filed = {"data_collection_stage": data["stage"].stage}
        filed["information_date"] = data["information_date"]
        return table.objects.filter(enrollment=self.enrollment, **filed).exists()
