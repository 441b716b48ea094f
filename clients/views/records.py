"""Alerts and interested others: their lists, and the pages that add, edit, delete and restore."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agencies.models import User
from clients.forms.records import (
    AlertForm,
    EditAlertForm,
    EditInterestedOtherForm,
    InterestedOtherForm,
)
from clients.loading import get_client
from clients.models import Alert, ClientRecord, InterestedOther
from clients.record_pages import RecordPages
from records.statements import compiled


class AlertPages(RecordPages):
    model = Alert
    kind = "alert"
    key = "alert_id"
    list_page = "clients:alerts"
    form, edit_form = AlertForm, EditAlertForm
    template = "clients/edit_alert.html"


alert_pages = AlertPages()


@require_GET
def alerts(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "alerts": _listed(request.user, client.pk, model=Alert),
        "deleted": alert_pages.recently_deleted(client, request.user),
    }
    return render(request, "clients/alerts.html", page)


class InterestedOtherPages(RecordPages):
    model = InterestedOther
    kind = "interested other"
    key = "other_id"
    list_page = "clients:interested_others"
    form, edit_form = InterestedOtherForm, EditInterestedOtherForm
    template = "clients/edit_interested_other.html"

    def context(self, request, parent):
        return {"sticky": True}


other_pages = InterestedOtherPages()


@require_GET
def interested_others(request: HttpRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    page = {
        "client": client,
        "others": _listed(request.user, client.pk, model=InterestedOther),
        "deleted": other_pages.recently_deleted(client, request.user),
    }
    return render(request, "clients/interested_others.html", page)


@compiled
def _listed(user: User, client_id: int, *, model: type[ClientRecord]) -> QuerySet[ClientRecord]:
    rows = model.objects.visible_to(user).of_client(client_id)
    return rows.select_related("organization")


@require_GET
def interested_other(request: HttpRequest, client_id: int, other_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    other = get_object_or_404(client.interestedothers.visible_to(request.user), pk=other_id)
    return render(request, "clients/interested_other.html", {"client": client, "other": other})
