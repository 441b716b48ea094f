"""Emergency Access: a restricted client of another agency, for some hours, on record."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse
from clients.access_log.recorder import record_refusal
from clients.emergency import begin_emergency_access
from clients.forms.reasons import EmergencyForm
from clients.models import Client

NOT_OPENED = (
    "No record was opened: emergency access does not apply to this Client ID. If somebody is in "
    "danger, call 911."
)


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    if not settings.BREAK_GLASS:
        raise Http404
    form = EmergencyForm(request.POST or None)
    if request.method == "GET":
        limits.require_room(request.user, LimitedUse.EMERGENCIES)
    elif form.is_valid():
        limits.require(request.user, LimitedUse.EMERGENCIES)
        if answer := _opened(request, form):
            return answer
        record_refusal(request, [form.cleaned_data["client_id"]])
        form.add_error(None, NOT_OPENED)
    return render(request, "clients/emergency.html", {"form": form})


def _opened(request: HttpRequest, form: EmergencyForm) -> HttpResponse | None:
    typed = form.cleaned_data
    seen = Client.objects.visible_to(request.user).numbered(typed["client_id"]).first()
    if seen:
        messages.info(request, "You can open this record without emergency access.")
        return redirect(seen)
    access = begin_emergency_access(
        client_id=typed["client_id"],
        by=request.user,
        organization=request.organization,
        reason=typed["reason"],
        explanation=typed["explanation"],
    )
    if access is None:
        return None
    until = timezone.localtime(access.ends_at)
    messages.warning(
        request,
        f"Emergency access until {until:%m/%d/%Y %I:%M %p}. You can read this record; the agency "
        "that keeps it has been notified.",
    )
    return redirect(access.client)
