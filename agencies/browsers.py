"""Which browsers an account has been used from: they stay open to it while a stranger guesses.

A cookie holds a random number for the browser, and a keyed hash for each account that was logged in
with it or whose mail was opened in it; nobody can make one or read an account from it. Whether a
user has *logged in* with the browser is a row of its own (`KnownBrowser`): a log-in with the link
of a stolen mail may be tried from the thief's browser, but is reported as that of a new one.
"""

import re
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies.models import KnownBrowser, User

DAYS = 365
MOST_ACCOUNTS = 12  # of a computer that several people use; the oldest makes room
PART = re.compile(r"[0-9a-f]{32}")

FAMILIES = {  # the first that is named: each also names the ones below
    "Edg": "Microsoft Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser_of(request: HttpRequest, account: str) -> str:
    """The browser's number, if `account` (an e-mail address) was used from it; else empty."""
    number, *proofs = _parts(request)
    is_known = any(
        constant_time_compare(proof, wanted)
        for wanted in _proofs(number, account)
        for proof in proofs
    )
    return number if is_known else ""


def remember_browser(request: HttpRequest, account: str) -> None:
    """Have the answer of this request say that `account` was used from this browser."""
    number, *proofs = _parts(request)
    number = number or secrets.token_hex(16)
    proof = next(_proofs(number, account))
    others = [one for one in proofs if one != proof]
    request.browser_cookie = ".".join([number, proof, *others[: MOST_ACCOUNTS - 1]])  # type: ignore[attr-defined]


def write_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie, where this request has proven an account to be the user's."""
    if value := getattr(request, "browser_cookie", ""):
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            value,
            max_age=DAYS * 86400,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def is_new_browser(request: HttpRequest, user: User) -> bool:
    """Note the browser of a log-in; True where the user has others, but not this one.

    The first browser of a user is not reported: there is nothing to compare it with.
    """
    number = getattr(request, "browser_cookie", "").partition(".")[0]
    row = KnownBrowser(user=user, digest=digest(user, number))
    known = KnownBrowser.objects.filter(user=user)
    if known.filter(digest=row.digest).update(last_used_at=timezone.now()):
        return False
    has_others = known.exists()
    KnownBrowser.objects.bulk_create([row], ignore_conflicts=True)
    return has_others


def digest(user: User, number: str) -> str:
    """Of both: the rows of two users do not tell that they share a browser."""
    salt = "agencies.KnownBrowser"
    return salted_hmac(salt, f"{user.pk}:{number}", algorithm="sha256").hexdigest()


def browser_name(user_agent: str) -> str:
    """Return such as "Firefox on Windows", or "Unknown browser"; nothing of the text itself."""
    family = next((name for sign, name in FAMILIES.items() if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return " on ".join(filter(None, [family or "Unknown browser", system]))


def _parts(request: HttpRequest) -> list[str]:
    parts = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".")
    is_ours = len(parts) <= MOST_ACCOUNTS + 1 and all(map(PART.fullmatch, parts))
    return parts if is_ours else [""]


def _proofs(number: str, account: str) -> Iterator[str]:
    value = f"{number}:{account.strip().lower()}"
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = salted_hmac("agencies.devices", value, secret=key, algorithm="sha256")
        yield digest.hexdigest()[:32]
