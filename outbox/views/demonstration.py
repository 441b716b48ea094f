"""What the demonstration has mailed. Whoever follows an invitation has no log-in yet."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from outbox import demonstration


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
def mails(request: HttpRequest) -> HttpResponse:
    page = {"mails": demonstration.kept_mails(), "shown": demonstration.SHOWN}
    return render(request, "outbox/demonstration_mails.html", page)


@in_demonstration_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    found = demonstration.kept_mail(name)
    if found is None:
        raise Http404
    return render(request, "outbox/demonstration_mail.html", {"mail": found})
