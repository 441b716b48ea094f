"""How bytes that strangers made leave the server: never as a page of ours, never into a cache."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header

from clients.access_log.recorder import recorder
from files import store
from files.inspection import RefusedFileError, draw_page, text_of_page
from files.kinds import Kind
from files.models import StoredFile
from files.store import StoreError
from files.uploads import clean_name
from hud.text import as_id

MOST_TEXT = 100_000  # bytes of a text file that are shown
LOCKED_UP = "default-src 'none'; sandbox; frame-ancestors 'none'"


def answers_store_errors(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Answer 503 with a sentence where the file store does not give what `view` asks for."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except StoreError as error:
            recorder(request).write()  # the page names the client, though it is no answer
            page = {"error": error, "client": getattr(request, "client", None)}
            return render(request, "files/no_store.html", page, status=503)

    return answered


def attachment(stored: StoredFile, name: str) -> HttpResponseBase:
    """The file itself, to be saved and not shown; streamed in small pieces."""
    if not stored.is_ready:
        raise Http404
    name = stored.form.named(clean_name(name))
    disposition = content_disposition_header(True, name)
    if settings.SIGNED_DOWNLOADS:  # the store's own address of the file, good for a minute
        parameters = {
            "ResponseContentDisposition": disposition,
            "ResponseContentType": stored.form.mime,
            "ResponseCacheControl": "private, no-store",
        }
        url = default_storage.url(stored.key, parameters=parameters)
        return _private(HttpResponseRedirect(url))
    content = store.fetch(stored.key)
    response = FileResponse(content, content_type=stored.form.mime, filename=name)
    response["Content-Disposition"] = disposition
    response["Content-Length"] = stored.size
    return _private(response)


def thumbnail(stored: StoredFile) -> HttpResponseBase:
    if not stored.has_thumbnail:
        raise Http404
    content = store.fetch(stored.thumbnail_key, seconds=store.SECONDS_FOR_A_THUMBNAIL)
    return _private(FileResponse(content, content_type="image/jpeg"))


def drawn_page(stored: StoredFile, number: int) -> HttpResponse:
    """One page, counted from 1, drawn by us: nothing of the file itself reaches the browser."""
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


@dataclass(frozen=True)
class Shown:
    """Page `number` of `stored`, as a picture or (`as_text`) as what is written on it."""

    stored: StoredFile
    number: int = 1
    as_text: bool = False
    text: str = ""

    @property
    def is_drawn(self) -> bool:
        return self.stored.form.has_pages and not self.as_text

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.stored.pages else None


def show(stored: StoredFile | None, asked: Any) -> Shown | None:
    """What to show; None where there is nothing to show.

    Args:
        asked: the query of the address: `page`, and `as=text`.
    """
    if stored is None or not stored.is_ready:
        return None
    number = min(as_id(asked.get("page", "")) or 1, max(stored.pages, 1))
    if stored.form is Kind.TEXT:
        return Shown(stored, as_text=True, text=_beginning(stored))
    if stored.form is Kind.PDF and asked.get("as") == "text":
        return Shown(stored, number, as_text=True, text=_written_on(stored, number))
    return Shown(stored, number) if stored.form.has_pages else None


def _beginning(stored: StoredFile) -> str:
    with store.fetch(stored.key) as content:
        beginning = content.read(MOST_TEXT)
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning.decode("utf-16", "replace")
    try:
        return beginning.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut_letter = error.start > len(beginning) - 4
        return beginning.decode("utf-8" if is_cut_letter else "cp1252", "replace")


def _written_on(stored: StoredFile, number: int) -> str:
    with store.fetch_local(stored.key) as content:
        try:
            return text_of_page(content, number - 1)
        except RefusedFileError:
            return ""
