"""A form that is sent twice is saved once (a double click, a reload, an impatient retry).

Who goes back to a form after Save finds a new token in it, and what was typed before: the browser
fills it in. It tells such a page from one that a user asked for by `Sec-Fetch-User`
(https://www.w3.org/TR/fetch-metadata/), and the user is asked before a second record is made.
A browser that does not send that header is asked nothing.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string

from records.models import Submission

LOCK = "pg_advisory_xact_lock(hashtextextended('records.submission', %s))"
SENT_BEFORE, CONFIRMED = "sent_before", "save_again"  # fields of a form that is gone back to
SECONDS_TO_GO_BACK = 3600
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
            request.sent_before = _gone_back_to(request)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        token = uuid_or_none(request.POST.get("form_token", ""))
        with transaction.atomic():
            if token is None:
                return view(request, *args, **kwargs)
            if not _is_first(request, token):
                return _result_again(request, Submission.objects.get(token=token))
            earlier = _not_confirmed(request)
            response = _ask(request, earlier) if earlier else view(request, *args, **kwargs)
            submission = Submission.objects.filter(token=token)
            if "Location" in response:
                submission.update(location=response["Location"])
                _remember(request, response, token)
                for path in settings.FORM_LISTENERS:
                    import_string(path)(request=request)
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


def _remember(request: HttpRequest, response: HttpResponse, token: uuid.UUID) -> None:
    """Let the browser say which form it saved last, if it is one that says who goes back."""
    if request.headers.get("Sec-Fetch-User") == "?1":
        response.set_cookie(
            settings.SENT_COOKIE_NAME,
            str(token),
            max_age=SECONDS_TO_GO_BACK,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _gone_back_to(request: HttpRequest) -> Submission | None:
    """How the form of this page was saved before, if the user goes back to it."""
    is_asked_for = "Sec-Fetch-User" in request.headers
    if is_asked_for or request.headers.get("Sec-Fetch-Mode") != "navigate":
        return None
    return _saved_here(request, request.COOKIES.get(settings.SENT_COOKIE_NAME, ""))


def _not_confirmed(request: HttpRequest) -> Submission | None:
    """How this form was saved before, if the user has not said that it is to be saved again."""
    if CONFIRMED in request.POST:
        return None
    return _saved_here(request, request.POST.get(SENT_BEFORE, ""))


def _saved_here(request: HttpRequest, text: str) -> Submission | None:
    if (token := uuid_or_none(text)) is None:
        return None
    saved = Submission.objects.exclude(location="").filter(token=token, path=request.path[:200])
    return saved.filter(user=request.user.pk).first()


def _ask(request: HttpRequest, earlier: Submission) -> HttpResponse:
    """Ask whether to save a form again; all that was typed is in the page."""
    own = {"csrfmiddlewaretoken", SENT_BEFORE}
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    typed = [(name, value) for name, value in sent if name not in own]
    page = {"earlier": earlier, "typed": typed} | import_string(settings.WHOM_A_PAGE_IS_ABOUT)(
        request
    )
    return render(request, "records/save_again.html", page)


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
