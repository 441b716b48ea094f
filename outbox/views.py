"""Whether mails arrive: administrators see all, officers those that they are responsible for.

And what the demonstration has mailed: whoever follows an invitation has no log-in yet.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agencies.requests import UserRequest
from outbox import demonstration
from outbox.actions import send_again as queue_again
from outbox.listing import in_doubt_page, sent_page, unsent_page
from outbox.models import Delivery, MailRun, heartbeat

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


def in_demonstration_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not there where real people use the portal."""

    @login_not_required
    @never_cache
    @require_GET
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not demonstration.is_used():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@in_demonstration_only
def demonstration_mails(request: HttpRequest) -> HttpResponse:
    page = {"mails": demonstration.kept_mails(), "shown": demonstration.SHOWN}
    return render(request, "outbox/demonstration_mails.html", page)


@in_demonstration_only
def demonstration_mail(request: HttpRequest, name: str) -> HttpResponse:
    found = demonstration.kept_mail(name)
    if found is None:
        raise Http404
    return render(request, "outbox/demonstration_mail.html", {"mail": found})
