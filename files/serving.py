"""How bytes that strangers made leave the server: never as a page of ours, never into a cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header

from files import store
from files.inspection import RefusedFileError, draw_page
from files.models import StoredFile
from files.store import StoreError
from files.uploads import clean_name

LOCKED_UP = "default-src 'none'; sandbox; frame-ancestors 'none'"


def answers_store_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 503 with a sentence where the file store does not give what `view` asks for."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StoreError as error:
            page = {"error": error, "client": getattr(request, "client", None)}
            return render(request, "files/no_store.html", page, status=503)

    return answered


def attachment(stored: StoredFile, name: str) -> HttpResponseBase:
    """The file itself, to be saved and not shown; streamed in small pieces.

    Raises:
        StoreError: if the store does not give it.
    """
    if not stored.is_ready:
        raise Http404
    name = stored.form.named(clean_name(name))
    if settings.SIGNED_DOWNLOADS:
        return _signed(stored, name)
    content = store.fetch(stored.key)
    response = FileResponse(content, content_type=stored.form.mime, filename=name)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Length"] = stored.size
    return _private(response)


def _signed(stored: StoredFile, name: str) -> HttpResponseBase:
    """The store's own address of the file, good for a minute."""
    disposition = content_disposition_header(True, name)
    parameters = {
        "ResponseContentDisposition": disposition,
        "ResponseContentType": stored.form.mime,
        "ResponseCacheControl": "private, no-store",
    }
    return _private(HttpResponseRedirect(default_storage.url(stored.key, parameters=parameters)))


def thumbnail(stored: StoredFile) -> HttpResponseBase:
    if not stored.has_thumbnail:
        raise Http404
    content = store.fetch(stored.thumbnail_key, seconds=store.SECONDS_FOR_A_THUMBNAIL)
    return _private(FileResponse(content, content_type="image/jpeg"))


def drawn_page(stored: StoredFile, number: int) -> HttpResponse:
    """One page, counted from 1, drawn anew: nothing of the file itself reaches the browser."""
    if not stored.is_ready or not 1 <= number <= stored.pages:
        raise Http404
    with store.fetch_local(stored.key) as content:
        try:
            picture = draw_page(content, stored.form, number - 1)
        except RefusedFileError:
            raise Http404 from None
    return _private(HttpResponse(picture, content_type="image/jpeg"))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = LOCKED_UP
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
