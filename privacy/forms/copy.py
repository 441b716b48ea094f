from django import forms

from privacy.copy.pdfs import NOTES_IN_A_PART


class CopyForm(forms.Form):
    """What a copy holds beside what every copy does.

    Args:
        notes: the IDs of the case notes that the officer may leave out.
        may_reveal_ssn: whether the officer has the right to full SSNs (R3.6).
    """

    has_full_ssn = forms.BooleanField(
        label="Include the whole Social Security Number",
        required=False,
        help_text="Otherwise its last four digits. Including it is logged as a reveal.",
    )
    kind = forms.ChoiceField(choices=[("zip", "ZIP"), ("pdf", "PDF")])

    def __init__(self, *args, notes: list[int], may_reveal_ssn: bool, **options):
        super().__init__(*args, **options)
        self.notes = notes
        if not may_reveal_ssn:
            del self.fields["has_full_ssn"]

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if kind == "pdf" and len(self.notes) > NOTES_IN_A_PART:
            raise forms.ValidationError(
                "There are too many case notes for one PDF: download the ZIP."
            )
        return kind

    @property
    def withheld(self) -> frozenset[int]:
        """The notes that are ticked, as far as they are the officer's to leave out."""
        typed = self.data.getlist("withhold")  # type: ignore[attr-defined]
        known = {str(pk): pk for pk in self.notes}
        return frozenset(known[one] for one in typed if one in known)
