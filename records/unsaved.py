"""A form that was sent after its session had ended, where the page says that nothing was saved.

Other forms need it not: what was typed into them is kept and offered again (ADR 29).
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

PAGE = "unsaved"
View = TypeVar("View", bound=Callable[..., HttpResponse])


def says_unsaved(view: View) -> View:
    """Mark a view that asks `was_unsaved`; the middleware of the log-in looks for the mark."""
    view.says_unsaved = True  # type: ignore[attr-defined]
    return view


def remember_unsaved(request: HttpRequest) -> None:
    """Have the page of this address say it after the log-in that follows."""
    request.session[PAGE] = request.path


def was_unsaved(request: HttpRequest) -> bool:
    """Whether the form of this page was sent too late; it is said once."""
    return request.session.pop(PAGE, "") == request.path
