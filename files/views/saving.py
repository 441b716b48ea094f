from collections.abc import Callable
from functools import wraps
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.models import User
from files.store import StoreError


def saved(form: BaseForm, *, by: User) -> bool:
    """Save the form; tell on it where the file store fails, and then nothing is saved."""
    try:
        form.save(by=by)
    except StoreError as error:
        form.add_error("file", error.sentence)
        return False
    return True


def tells_of_the_store(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 503 with a sentence where the file store does not give what `view` asks for."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StoreError as error:
            page = {"error": error, "client": getattr(request, "client", None)}
            return render(request, "files/no_store.html", page, status=503)

    return told
