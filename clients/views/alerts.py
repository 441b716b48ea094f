from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.forms.records import AlertForm, EditAlertForm
from clients.loading import get_client
from clients.models import Alert
from clients.record_pages import RecordPages


class AlertPages(RecordPages):
    model = Alert
    kind = "alert"
    key = "alert_id"
    list_page = "clients:alerts"
    form, edit_form = AlertForm, EditAlertForm
    template = "clients/edit_alert.html"


pages = AlertPages()


@require_GET
def alerts(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "alerts": client.alerts.visible_to(request.user).select_related("organization"),
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "clients/alerts.html", page)
