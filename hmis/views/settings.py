from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.models import Invitation
from hmis.middleware.organization import act_for
from records.pages import own_address


class WorkplaceForm(forms.Form):
    organization = forms.TypedChoiceField(
        label="Organization",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of your organizations."},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [(one.pk, str(one)) for one in user.organizations]


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The organization to act for, which a user of several picks after the log-in (1.1)."""
    in_force = request.organization
    form = WorkplaceForm(
        request.POST or None,
        user=request.user,
        initial={"organization": in_force.pk if in_force else None},
    )
    if form.is_valid():
        organization = request.user.access[form.cleaned_data["organization"]].organization
        act_for(request, organization)
        messages.success(request, f"You are now working for {organization}.")
        return redirect(own_address(request, request.POST.get("next", "")))
    invitations = Invitation.objects.open_for(request.user).select_related("organization")
    return render(request, "hmis/settings.html", {"form": form, "invitations": invitations})
