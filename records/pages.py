"""One template serves the page and, for htmx, the pop-up or a part of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


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
