"""Pages, their parts for htmx, and the entries behind the one button of a row (1.7)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from records.addresses import address

RowAction = dict[str, Any]


def partial(request: HttpRequest, template: str, name: str) -> str:
    """Return the template, or only its part `name` where htmx asks for it."""
    return f"{template}#{name}" if getattr(request, "htmx", False) else template


def leave(request: HttpRequest, to, *args) -> HttpResponse:
    """Redirect the page; from within a pop-up, the page under it."""
    response = redirect(to, *args)
    if getattr(request, "htmx", False):
        response["HX-Redirect"] = response["Location"]
        response.status_code = 204
    return response


def say_undoable(request: HttpRequest, said: str, url: str) -> None:
    """Say what was deleted; the message has Undo, which sends a POST to `url` (docs/adr/0048)."""
    messages.success(request, said, extra_tags=url)


def own_address(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` where it is an address of this site, else the home page's."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    # A redirect takes anything else for the name of a view.
    return wanted if is_ours and wanted.startswith("/") else "/"


def row_action(label: str, icon: str, page: str, *place: Any, **options: bool) -> RowAction:
    """What can be done with a row of a list.

    `page` is the name of its URL, `place` what stands in it. Options: `dialog` asks in a pop-up,
    `danger` is red, `post` is sent at once, and `back` leads back to the list.
    """
    return {"label": label, "icon": icon, "url": address(page, *place), **options}
