"""What a browser would send back from a page, so that a test types only what matters to it."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.test import Client as Browser

from agencies.models import User
from clients.forms.fields import AliasesField

TOKENS = re.compile(
    r'(name="(csrfmiddlewaretoken|form_token)"[^>]*value|id="[^"]*token[^"]*" value|nonce'
    r'|datetime|data-session-left)="[^"]*"|printed [^<]*'
)


def opened(response: HttpResponse, name: str = "form") -> forms.BaseForm:
    """Return the form of a page."""
    assert response.status_code == 200, response.status_code
    return response.context[name]


def filled(form: forms.BaseForm, **typed: Any) -> dict[str, Any]:
    """Return what the form would send: its values as shown, with those that are typed.

    Args:
        typed: None leaves a field out, as a browser does with an unticked box.
    """
    data: dict[str, Any] = {}
    for field in form:
        data |= _sent(field)
    for name, value in typed.items():
        if name == "aliases":
            data["aliases_first"] = [first for first, _ in value]
            data["aliases_last"] = [last for _, last in value]
        elif value is None:
            data.pop(name, None)
        else:
            data[name] = value
    return data


def _sent(field: forms.BoundField) -> dict[str, Any]:
    value = field.value()
    if isinstance(field.field, AliasesField):
        pairs = list(value or [])
        return {
            f"{field.html_name}_first": [first for first, _ in pairs],
            f"{field.html_name}_last": [last for _, last in pairs],
        }
    if value is None or value is False:
        return {}
    if isinstance(value, date):
        return {field.html_name: f"{value:%m/%d/%Y}"}
    return {field.html_name: "on" if value is True else value}


def send(browser: Browser, url: str, *, follow: bool = False, **typed: Any) -> HttpResponse:
    """Open the page at `url`, type, and send its form."""
    return browser.post(url, filled(opened(browser.get(url)), **typed), follow=follow)


def form_of(kind: type[forms.BaseForm], user: User, **typed: Any) -> forms.BaseForm:
    """Type into a form of `kind` that `user` has opened, without a page around it."""
    options = {name: typed.pop(name) for name in ("instance", "initial") if name in typed}
    request = SimpleNamespace(user=user, organization=user.organizations[0])
    shown = kind(request=request, **options)
    data = QueryDict(mutable=True)
    for name, value in filled(shown, **typed).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return kind(data, request=request, **options)


def errors(page: HttpResponse | forms.BaseForm) -> dict[str, list[str]]:
    """Return the sentences that a refused form shows, by field."""
    form = page if isinstance(page, forms.BaseForm) else opened(page)
    return {field: list(found) for field, found in form.errors.items()}


def messages(response: HttpResponse) -> list[str]:
    """Return the messages that the page shows."""
    return [str(message) for message in response.context["messages"]]


def without_tokens(html: str) -> str:
    """Return the page without what is another at each request: tokens, moments, seconds left."""
    return TOKENS.sub("", html)
