"""A form that is sent twice is saved once (a double click, a reload, an impatient retry)."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from records.models import Submission

LOCK = "pg_advisory_xact_lock(hashtextextended('records.submission', %s))"
# One statement: the lock is waited for before the row is tried, and a row that was committed in the
# meantime is seen, as it is by every unique index.
BEGIN = f"""
    INSERT INTO records_submission (token, user_id, path, location, at)
    SELECT %s, %s, %s, '', %s FROM {LOCK}
    ON CONFLICT (token) DO NOTHING"""  # noqa: S608


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
            if not _is_first(request, token):
                return _result_again(request, Submission.objects.get(token=token))
            response = view(request, *args, **kwargs)
            submission = Submission.objects.filter(token=token)
            if "Location" in response:
                submission.update(location=response["Location"])
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
        cursor.execute(f"SELECT {LOCK}", [_number_of(token)])


def _is_first(request: HttpRequest, token: uuid.UUID) -> bool:
    """Lock the token and keep it as sent, unless it was sent before."""
    row = [token, request.user.pk, request.path[:200], timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [*row, _number_of(token)])
        return cursor.rowcount == 1


def _number_of(token: uuid.UUID) -> int:
    return token.int & 0x7FFFFFFFFFFFFFFF


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
