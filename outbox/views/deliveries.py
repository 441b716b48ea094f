"""Whether mails arrive: administrators see all, officers those that they are responsible for."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from agencies.requests import UserRequest
from outbox.actions import send_again as queue_again
from outbox.heartbeat import heartbeat
from outbox.listing import in_doubt_page, sent_page, unsent_page
from outbox.models import Delivery, MailRun

RUNS = 25
PAGES = {"undelivered": in_doubt_page, "queue": unsent_page, "sent": sent_page}


def for_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not there for users who are responsible for nobody's mail."""

    @wraps(view)
    def guarded(request: UserRequest, *args, **kwargs) -> HttpResponse:
        if not (request.user.is_superuser or request.user.dqo_organizations):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_officers
@require_GET
def mails(request: UserRequest, tab: str) -> HttpResponse:
    """One of the lists of mails: PAGES says which."""
    rows = Delivery.objects.visible_to(request.user).listed()
    page = PAGES[tab](rows, request.GET.get("after", ""))
    return render(request, f"outbox/{tab}.html", _frame(tab) | {"page": page})


@for_officers
@require_GET
def runs(request: UserRequest) -> HttpResponse:
    rows = MailRun.objects.of_cron().order_by("-pk")[:RUNS]
    return render(request, "outbox/runs.html", _frame("runs") | {"runs": rows})


@for_officers
@require_POST
def send_again(request: UserRequest, delivery_id: int) -> HttpResponse:
    get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery_id)
    if queue_again(delivery=delivery_id, by=request.user):
        messages.success(request, "It is sent again.")
    else:
        messages.info(request, "It is already in the queue, or has been sent.")
    return redirect("mail:undelivered")


def _frame(tab: str) -> dict[str, object]:
    now = timezone.now()
    return {"tab": tab, "heart": heartbeat(now), "now": now}
