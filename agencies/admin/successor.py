"""Who takes over a user's open work when the access ends."""

from django import forms
from django.contrib import messages

from agencies.models import User
from agencies.user_lookup import UserField, chosen
from agencies.work import hand_over_work, open_work

OFFERED = 50


class SuccessorForm(forms.Form):
    """One colleague who takes over all of a user's `work`, or nobody yet.

    Args:
        user: whose work it is.
        organizations: those the work is for; the colleague has access to one of them.
    """

    successor = UserField(
        label="Hand over all of it to",
        help_text="Starting today. Leave it empty to hand over one by one, or later.",
        required=False,
    )

    def __init__(self, request, *, user: User, organizations: list[int]):
        super().__init__(request.POST or None, initial=chosen(request))
        self.person, self.organizations = user, organizations
        self.work = open_work(user, organizations)
        field = self.fields["successor"]
        field.queryset = User.objects.with_access_to_any(organizations).exclude(pk=user.pk)
        field.error_messages["invalid_choice"] = (
            "Choose an active user of the organization that the work belongs to."
        )
        field.offer(*field.queryset[:OFFERED], next_url=request.path)


def hand_over(request, form: SuccessorForm) -> None:
    """Hand over to the one who was chosen, if anybody was, and say how much it was."""
    if successor := form.cleaned_data["successor"]:
        count = hand_over_work(
            user=form.person, organizations=form.organizations, to=successor, by=request.user
        )
        what = "1 case assignment was" if count == 1 else f"{count} case assignments were"
        messages.success(request, f"{what} handed over to {successor}.")
