from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from agencies.pages import own_address
from hmis.menus import ALL_ENTRIES

MOST_PINS = 30


@require_POST
def pin(request: HttpRequest, key: str) -> HttpResponse:
    """Pin an entry to the top of the menu, or take its pin out (1.5)."""
    if key not in ALL_ENTRIES or not ALL_ENTRIES[key].is_for(request.user):
        raise Http404
    user = request.user
    others = [one for one in user.pinned if one != key]
    user.pinned = others if key in user.pinned else [*others, key][-MOST_PINS:]
    user.save(update_fields=["pinned"])
    page = own_address(request, request.POST.get("next", ""))
    if not request.htmx:
        return redirect(page)
    try:
        request.resolver_match = resolve(urlsplit(page).path)
    except Resolver404:
        raise Http404 from None
    return render(request, "shell/favorites_menu.html")
