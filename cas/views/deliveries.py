"""For CAS administrators: what nobody answers, what could not be mailed, and whether cron runs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.requests import UserRequest
from cas.listing import lines, mails, waiting_page
from cas.models import DeliveryItem, Notification
from clients.access_log.recorder import record_list
from files.views.document_checks import for_cas_only
from outbox.actions import send_again as queue_again
from outbox.listing import in_doubt_page, unsent_page
from outbox.models import Delivery, MailRun, heartbeat

RUNS = 25
# What the lists of mails say of those of Coordinated Access.
OF_CAS = {
    "layout": "cas/deliveries/layout.html",
    "cells": "cas/deliveries/cells.html",
    "mail_label": "Notifications",
    "to_label": "For",
    "reminder": "; the notification is in the portal, and a reminder follows",
    "send_again_url": "deliveries:send_again",
}


@for_cas_only
@require_GET
def unanswered(request: UserRequest) -> HttpResponse:
    rows = Notification.objects.unanswered().of_coordinated_access()
    page = waiting_page(rows, request.user, request.GET.get("after", ""))
    record_list(request, [one["line"].client for one in page.rows])
    return _show(request, "cas/deliveries/unanswered.html", "unanswered", page=page)


@for_cas_only
@require_GET
def undelivered(request: UserRequest) -> HttpResponse:
    page = in_doubt_page(mails(), request.GET.get("after", ""))
    return _show(request, "outbox/undelivered.html", "undelivered", page=page)


@for_cas_only
@require_GET
def queue(request: UserRequest) -> HttpResponse:
    page = unsent_page(mails(), request.GET.get("after", ""))
    return _show(request, "outbox/queue.html", "queue", page=page)


@for_cas_only
@require_GET
def runs(request: UserRequest) -> HttpResponse:
    runs = MailRun.objects.of_cron().order_by("-pk")[:RUNS]
    return _show(request, "outbox/runs.html", "runs", runs=runs)


@for_cas_only
@require_GET
def notification(request: UserRequest, public_id: UUID) -> HttpResponse:
    """One notification and all its mails; an escalation leads here."""
    rows = Notification.objects.of_coordinated_access().select_related("recipient")
    row = get_object_or_404(rows, public_id=public_id)
    (line,) = lines([row], request.user)
    record_list(request, [line.client])
    items = DeliveryItem.objects.of_notification(row)
    page = {"one": row, "line": line, "items": items, "now": timezone.now()}
    return render(request, "cas/deliveries/notification.html", page)


@for_cas_only
@require_POST
def send_again(request: UserRequest, delivery_id: int) -> HttpResponse:
    get_object_or_404(Delivery, kind=Delivery.Kind.CAS, pk=delivery_id)
    if queue_again(delivery=delivery_id, by=request.user):
        messages.success(
            request, "It will be sent again with the next run unless it has been answered by then."
        )
    else:
        messages.info(request, "It is already in the queue, or has been sent.")
    return redirect("deliveries:undelivered")


def _show(request: UserRequest, template: str, tab: str, **page) -> HttpResponse:
    now = timezone.now()
    page |= {"tab": tab, "heart": heartbeat(now), "now": now}
    return render(request, template, OF_CAS | page)
