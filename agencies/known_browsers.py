"""Tells a browser that a user has not logged in with before, by the cookie of agencies.devices."""

from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import KnownBrowser, User


def is_new_browser(number: str, user: User) -> bool:
    """Note the browser of a log-in; True where the user has others, but not this one.

    The first browser of a user is no news: there is nothing to compare it with.

    Args:
        number: the random one that the browser's cookie holds.
    """
    known = KnownBrowser.objects.filter(user=user)
    if known.filter(digest=digest(user, number)).update(last_used_at=timezone.now()):
        return False
    has_others = known.exists()
    row = KnownBrowser(user=user, digest=digest(user, number))
    KnownBrowser.objects.bulk_create([row], ignore_conflicts=True)
    return has_others


def digest(user: User, number: str) -> str:
    """Of both: the rows of two users do not tell that they share a browser."""
    salt = "agencies.KnownBrowser"
    return salted_hmac(salt, f"{user.pk}:{number}", algorithm="sha256").hexdigest()
