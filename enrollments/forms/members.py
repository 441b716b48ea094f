"""Some members of a household are picked, to be exited or deleted."""

from collections.abc import Sequence
from typing import Any

from django import forms

from enrollments.models import Enrollment
from records.conflicts import concurrent_change
from records.forms import OrganizationForm


class MembersForm(OrganizationForm, forms.Form):
    """Picks some members of a household by their enrollments."""

    shows_organization = False

    members = forms.TypedMultipleChoiceField(
        label="Members",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one member.",
            "invalid_choice": concurrent_change("changed this household", "Tick again."),
        },
    )

    def __init__(self, *args: Any, candidates: Sequence[Enrollment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.fields["members"].choices = [(one.pk, _described(one)) for one in candidates]

    @property
    def ticked(self) -> list[Enrollment]:
        return [one for one in self.candidates if one.pk in self.cleaned_data.get("members", [])]


def _described(member: Enrollment) -> str:
    return f"{member.client.sorted_name} · {member.get_relationship_to_hoh_display()}"
