"""Help: the index with its search, the steps of a page, the same as PDF, and HUD's questions.

A search is sent and not kept in an address: somebody may type a client's name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import push_url

from hmis.help.document import as_pdf
from hmis.help.search import find
from hmis.help.topics import Topic, groups, is_open, topics
from hud.explanations import by_element, explanations
from records.markdown import html_of


class SearchForm(forms.Form):
    words = forms.CharField(
        label="Search the help",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


def _logged_in_unless_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead to the log-in page whoever is not logged in, but for the topics about logging in."""

    @wraps(view)
    def guarded(request: HttpRequest, topic: str) -> HttpResponse:
        if request.user.is_authenticated or is_open(request.resolver_match):
            return view(request, topic)
        return redirect_to_login(request.get_full_path())

    return login_not_required(guarded)


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST or None)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    page = {"form": form, "words": words, "found": find(words), "groups": groups()}
    return _answer(request, "index", page)


@_logged_in_unless_open
@require_GET
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    found = _topic(topic)
    beside = [one for one in topics().values() if one.group == found.group and one != found]
    page = {"topic": found, "beside": beside if request.user.is_authenticated else []}
    return _answer(request, "topic", page)


@_logged_in_unless_open
@require_GET
def document(request: HttpRequest, topic: str) -> HttpResponse:
    found = _topic(topic)
    headers = {"Content-Disposition": f'attachment; filename="help-{found.key}.pdf"'}
    return HttpResponse(as_pdf(found), content_type="application/pdf", headers=headers)


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    numbers = {one: number for number, one in enumerate(explanations(), 1)}
    elements = [
        (name, [(numbers[one], one.heading, html_of(one.text)) for one in found])
        for name, found in by_element()
    ]
    return _answer(request, "questions", {"elements": elements})


def _topic(key: str) -> Topic:
    found = topics().get(key)
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, name: str, content: dict[str, Any]) -> HttpResponse:
    """The page, or what the panel beside another page shows of it, which keeps its address."""
    if not getattr(request, "htmx", False):
        return render(request, f"hmis/help/{name}.html", content)
    return push_url(render(request, f"hmis/help/{name}_panel.html", content), False)
