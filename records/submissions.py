"""A form that is sent twice is saved once (a double click, a reload, an impatient retry)."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from records.models import Submission


def submit_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run what `view` writes in a transaction; answer a repeated token with the first one's result.

    The second of two simultaneous submissions waits at the token's primary key until the first
    has committed. A view that does not redirect saved nothing, and its token stays good.
    """

    @wraps(view)
    def once(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        token = uuid_or_none(request.POST.get("form_token", ""))
        with transaction.atomic():
            if token is None:
                return view(request, *args, **kwargs)
            lock_token(token)
            submission, is_first = Submission.objects.get_or_create(
                token=token, defaults={"user": request.user, "path": request.path[:200]}
            )
            if not is_first:
                return _result_again(request, submission)
            response = view(request, *args, **kwargs)
            if "Location" in response:
                submission.location = response["Location"]
                submission.save(update_fields=["location"])
            else:
                submission.delete()
        return response

    return once


def earlier_result(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that was saved before; None for one that was not."""
    submission = Submission.objects.filter(
        token=uuid_or_none(request.POST.get("form_token", ""))
    ).first()
    return _result_again(request, submission) if submission else None


def lock_token(token: uuid.UUID) -> None:
    """Let whoever else saves this one form, or keeps a draft of it, wait until this is committed.

    The first lock of a transaction (docs/locks.md). The row of the token alone would not do:
    while it is not committed, nobody else sees it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('records.submission', %s))",
            [token.int & 0x7FFFFFFFFFFFFFFF],
        )


def uuid_or_none(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _result_again(request: HttpRequest, submission: Submission) -> HttpResponse:
    if submission.user_id != request.user.pk:
        return redirect(request.path)
    messages.info(request, "This has already been saved.")
    return redirect(submission.location)
