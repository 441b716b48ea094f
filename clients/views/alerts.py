from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.pages import leave
from agencies.submissions import saves_once
from clients.access import Kind, get_changeable, get_client
from clients.forms.alert import AlertForm
from clients.models import Alert, Client

UNDO_FOR = timedelta(hours=1)


@require_GET
def alerts(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "alerts": client.alerts.visible_to(request.user).select_related("organization"),
        "removed": Alert.with_deleted.filter(client=client).removed_by(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    return render(request, "clients/alerts.html", page)


@require_http_methods(["GET", "POST"])
@saves_once
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    form = AlertForm(request.POST or None, instance=Alert(client=client), request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
@saves_once
def edit(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    alert = get_changeable(request, client.alerts, alert_id)
    form = AlertForm(request.POST or None, instance=alert, request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    rows = Alert.with_deleted.filter(client=client)
    alert = get_changeable(request, rows, alert_id)
    if request.method == "POST" and not alert.date_deleted:
        alert.mark_deleted(by=request.user)
        messages.success(request, "Alert removed.")
    if alert.date_deleted:  # by the first of two clicks, perhaps
        return leave(request, "clients:alerts", client.pk)
    page = {
        "client": client,
        "what": alert.display_name,
        "kind": "alert",
        "list_url": reverse("clients:alerts", args=[client.pk]),
    }
    return render(request, "clients/confirm_removal.html", page)


@require_POST
def restore(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    alert = get_changeable(request, Alert.with_deleted.filter(client=client), alert_id)
    if alert.date_deleted:
        alert.restore(by=request.user)
        messages.success(request, "Alert put back.")
    return redirect("clients:alerts", client.pk)


def _save(request: HttpRequest, client: Client, form: AlertForm) -> HttpResponse:
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Alert"))
        return redirect("clients:alerts", client.pk)
    page = {"client": client, "form": form}
    return render(request, "clients/edit_alert.html", page)
