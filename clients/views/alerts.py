from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.deletion import UNDO_FOR, Deletion
from clients.forms.alert import AlertForm, EditAlertForm
from clients.loading import Kind, get_changeable, get_client
from clients.models import Alert, Client
from records.submissions import submit_once

DELETION = Deletion("alert", back="clients:alerts")


@require_GET
def alerts(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "alerts": client.alerts.visible_to(request.user).select_related("organization"),
        "deleted": Alert.with_deleted.filter(client=client).deleted_by_user(
            request.user, since=timezone.now() - UNDO_FOR
        ),
    }
    return render(request, "clients/alerts.html", page)


@require_http_methods(["GET", "POST"])
@submit_once
def add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    form = AlertForm(request.POST or None, instance=Alert(client=client), request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
@submit_once
def edit(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    is_post = request.method == "POST"
    alert = get_changeable(request, client.alerts, alert_id, lock=is_post)
    form = EditAlertForm(request.POST or None, instance=alert, request=request)
    return _save(request, client, form)


@require_http_methods(["GET", "POST"])
@submit_once
def delete(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    alert = get_changeable(request, Alert.with_deleted.filter(client=client), alert_id)
    return DELETION.delete(request, client, alert)


@require_POST
@submit_once
def restore(request: HttpRequest, client_id: int, alert_id: int) -> HttpResponse:
    client = get_client(request, client_id, kind=Kind.CHANGE)
    alert = get_changeable(request, Alert.with_deleted.filter(client=client), alert_id)
    return DELETION.restore(request, client, alert)


def _save(request: HttpRequest, client: Client, form: AlertForm) -> HttpResponse:
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, form.saved("Alert"))
        return redirect("clients:alerts", client.pk)
    if getattr(form, "changes", None):
        form = form.conflict_form()
    page = {"client": client, "form": form}
    return render(request, "clients/edit_alert.html", page)
