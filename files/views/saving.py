import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies import limits
from agencies.models import LimitedUse
from files.actions import StoredUpload
from files.forms.fields import UploadField
from files.store import StoreError
from records.submissions import earlier_result, submit_once

MEGABYTE = 1024 * 1024


def upload_once(
    request: HttpRequest,
    form: BaseForm,
    stored: AbstractContextManager[StoredUpload],
    write: Callable[[StoredUpload], HttpResponse],
) -> HttpResponse | None:
    """Store the form's upload, and then write its rows, once, in a transaction.

    A form that is sent twice at once stores its file twice, and takes one back.

    Args:
        stored: brings the upload into the store.
        write: writes the rows and gives the answer.

    Returns:
        None where the store fails: nothing is saved, and the form has a sentence on its file.
    """
    if answer := earlier_result(request):
        return answer
    sizes = [one.size or 0 for one in request.FILES.values()]
    limits.spend(request.user, LimitedUse.UPLOADS, math.ceil(sum(sizes) / MEGABYTE))
    try:
        with stored as upload:
            return submit_once(lambda request: write(upload))(request)
    except StoreError as error:
        field = next(name for name, one in form.fields.items() if isinstance(one, UploadField))
        form.add_error(field, error.sentence)
        return None


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
