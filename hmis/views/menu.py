from urllib.parse import urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from agencies.models import User
from clients.models import Client
from hmis.menus import ALL_ENTRIES
from records.pages import own_address

MOST_PINS = 30


@require_POST
def pin(request: HttpRequest, key: str) -> HttpResponse:
    """Pin an entry to the top of the menu, or take its pin out, as the button says (1.5)."""
    if key not in ALL_ENTRIES or not ALL_ENTRIES[key].is_for(request):
        raise Http404
    _keep(request.user, key, is_pinned=request.POST.get("pinned") != "0")
    page = own_address(request, request.POST.get("next", ""))
    if not request.htmx:
        return redirect(page)
    return render(_as_if_at(request, page), "hmis/pressed_menu.html", {"pressed_on": page})


@transaction.atomic
def _keep(user: User, key: str, *, is_pinned: bool) -> None:
    """Keep a pin, or its end; what was pressed twice is the same as once."""
    user.pinned = User.objects.select_for_update(no_key=True).get(pk=user.pk).pinned
    if is_pinned != (key in user.pinned):
        others = [one for one in user.pinned if one != key]
        user.pinned = [*others, key][-MOST_PINS:] if is_pinned else others
        user.save(update_fields=["pinned"])


def _as_if_at(request: HttpRequest, page: str) -> HttpRequest:
    """Let the menu be that of the page on which the pin was pressed."""
    try:
        match = request.resolver_match = resolve(urlsplit(page).path)
    except Resolver404:
        raise Http404 from None
    if client_id := match.kwargs.get("client_id"):
        request.client = Client(pk=client_id)  # as little as the address says: nobody is looked up
    return request
