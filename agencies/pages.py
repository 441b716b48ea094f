"""One template serves the page and, for htmx, the pop-up or a part of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


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
