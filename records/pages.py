"""One template serves the page and, for htmx, the pop-up or a part of it.

The entries behind the one button of a row (1.7) lead to them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

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


def own_address(request: HttpRequest, wanted: str) -> str:
    """Return `wanted` where it is an address of this site, else the home page's."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    # A redirect takes anything else for the name of a view.
    return wanted if is_ours and wanted.startswith("/") else "/"


def row_action(label: str, icon: str, page: str, *place: Any, **options: bool) -> RowAction:
    """What can be done with a row of a list.

    Args:
        page: the name of its URL, and `place` what stands in it.
        options: `dialog` for one that asks in a pop-up, `danger` for one in red, `post` for one
            that is sent at once, and `back` where it leads back to the list.
    """
    return {"label": label, "icon": icon, "url": reverse(page, args=place), **options}
