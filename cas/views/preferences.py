from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.requests import UserRequest
from cas.forms.notifications import PreferenceForm
from cas.models import Preference


@require_http_methods(["GET", "POST"])
def preferences(request: UserRequest) -> HttpResponse:
    """How the user hears of notifications by e-mail (10.3)."""
    preference = Preference.objects.of(request.user)
    form = PreferenceForm(request.POST or None, instance=preference)
    if form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return redirect("cas:preferences")
    return render(request, "cas/preferences.html", {"form": form})
