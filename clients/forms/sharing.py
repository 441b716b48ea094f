"""The form that changes how much is shared, for the CoC or for one organization."""

from typing import Any

from django import forms

from agencies.models import Sharing
from agencies.sharing import AS_THE_COC

SAME = "coc"  # of an organization that has no choice of its own


class SharingForm(forms.Form):
    """What is chosen is previewed before it is saved.

    seen: what the page showed as the choice so far. previewed: the choice whose effects it showed.
    """

    sharing = forms.ChoiceField(
        label="Sharing without a release of information",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how much is shared.",
            "invalid_choice": "Choose one of the listed settings.",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=10)
    previewed = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, auto_id="sharing_%s", **kwargs)
        self.fields["sharing"].choices = choices  # type: ignore[attr-defined]

    @property
    def is_previewed(self) -> bool:
        """Whether the effects of what is chosen now were shown."""
        return self.cleaned_data["previewed"] == self.cleaned_data["sharing"]


def of_the_coc() -> list[tuple[str, str]]:
    """Every policy, in words."""
    return [(one.value, f"{one.label}: {one.meaning}") for one in Sharing]


def of_organization(policy: Sharing, now: str) -> list[tuple[str, str]]:
    """As the CoC, or stricter.

    now: the choice so far, which stays in the list where the CoC is as strict by now.
    """
    offered = [one for one in Sharing if one in Sharing.stricter_than(policy) or one == now]
    same = (SAME, f"{AS_THE_COC}: {policy.label}")
    return [same, *((one.value, f"{one.label}: {one.meaning}") for one in offered)]
