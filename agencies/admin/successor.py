"""Who takes over a user's open work when the access ends."""

from typing import Any

from django import forms
from django.contrib import messages

from agencies.models import User
from agencies.user_lookup import UserField, chosen
from agencies.work import hand_over_work

OFFERED = 50


class SuccessorForm(forms.Form):
    """Hands everything over to one colleague, or leaves it for later.

    Args:
        user: whose work it is.
        organizations: those the work is for; the colleague has access to one of them.
    """

    successor = UserField(
        label="Hand over all of it to",
        help_text="From today on. Leave it empty to hand over one by one, or later.",
        required=False,
    )

    def __init__(self, *args: Any, request, user: User, organizations: list[int], **kwargs: Any):
        super().__init__(*args, initial=chosen(request), **kwargs)
        self.request, self.person, self.organizations = request, user, organizations
        field = self.fields["successor"]
        field.queryset = User.objects.with_access_to_any(organizations).exclude(pk=user.pk)
        field.error_messages["invalid_choice"] = (
            "Choose an active user of the organization that the work is for."
        )
        field.offer(*field.queryset[:OFFERED], next_url=request.path)

    def hand_over(self) -> None:
        """Hand over, if somebody was chosen, and say how much it was; run after `is_valid`."""
        successor = self.cleaned_data["successor"]
        if successor is None:
            return
        count = hand_over_work(
            user=self.person,
            organizations=self.organizations,
            to=successor,
            by=self.request.user,
        )
        what = "1 case assignment was" if count == 1 else f"{count} case assignments were"
        messages.success(self.request, f"{what} handed over to {successor}.")
