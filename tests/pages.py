"""What a browser would send back from a page, so that a test types only what matters to it."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.test import Client as Browser

from clients.forms.fields import AliasesField


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


def errors(response: HttpResponse, name: str = "form") -> dict[str, list[str]]:
    """Return the sentences that a refused form shows, by field."""
    return {field: list(found) for field, found in opened(response, name).errors.items()}


def told(response: HttpResponse) -> list[str]:
    """Return the messages that the page shows."""
    return [str(message) for message in response.context["messages"]]
