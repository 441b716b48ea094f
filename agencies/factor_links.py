"""The link that lets a user set up a new authenticator app after a reset; it is kept nowhere."""

from django.conf import settings
from django.core import signing

from agencies.models import FactorReset, User

SALT = "agencies.factor_links"
SET_UP_ALLOWED = "factor_reset"  # in the session: the reset whose link was opened


def factor_link(reset: FactorReset) -> str:
    return signing.dumps([reset.pk, reset.user_id], salt=SALT)


def reset_of_link(link: str, user: User) -> FactorReset | None:
    """The user's open reset, if the link is its own and not too old."""
    try:
        pk, user_id = signing.loads(link, salt=SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if user_id != user.pk:
        return None
    return FactorReset.objects.open_for(user).filter(pk=pk).first()
