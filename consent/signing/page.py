"""The page that a client sees, wherever it is signed: the text in its languages, and the box."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.requests import UserRequest
from consent import strokes
from consent.languages import Language
from consent.signing.asked import Asked
from consent.signing.forms import SignatureForm

UNSAVED = "error_unsaved"  # the word for a signature that was sent after the session had ended

# What the box takes, as `static/hmis/js/signature.js` is told.
BOX = {
    "width": strokes.WIDTH,
    "height": strokes.HEIGHT,
    "most_strokes": strokes.MOST_STROKES,
    "most_points": strokes.MOST_POINTS,
}


def signing_page(
    request: UserRequest, form: SignatureForm, *, back_url: str, refused: str = ""
) -> HttpResponse:
    """The text that the form is about.

    Args:
        back_url: where it leads who does not sign.
        refused: the word of `words.toml` that says why the text is shown once more.
    """
    asked, words = form.asked, form.words
    page = {
        "asked": asked,
        "shown": asked.shown,
        "form": form,
        "words": words,
        "refused": refused and words[refused],
        "languages": _languages(request, asked),
        "witness": words.say("witness", witness=request.user, organization=asked.organization),
        "back_url": back_url,
        "box": BOX,
    }
    return render(request, "consent/signing/text.html", page)


def _languages(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    """The languages that the text is there in, each with its address."""
    found = []
    for one in asked.version.in_order:
        query = request.GET.copy()
        query["language"] = one.language
        language = Language(one.language)
        is_chosen = language == asked.shown.language
        found.append({"language": language, "url": f"?{query.urlencode()}", "chosen": is_chosen})
    return found if len(found) > 1 else []
