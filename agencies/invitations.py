"""The mails that bring a user in: a link to choose a password, or word of a new access.

They name nobody, neither the user nor the officer.
"""

import logging
from smtplib import SMTPException

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.models import Organization, User

logger = logging.getLogger(__name__)


def send_invitation(request: HttpRequest, user: User, organization: Organization) -> bool:
    """Mail the user, once the access is committed; False where the mail could not be sent."""
    page = {
        "link": request.build_absolute_uri(_address(user)),
        "is_new": user.is_invited,
        "organization": organization,
        "site_name": settings.SITE_NAME,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    try:
        send_mail(
            f"Your access to {settings.SITE_NAME}",
            render_to_string("agencies/invitation.txt", page),
            None,
            [user.email],
        )
    except (OSError, SMTPException):
        logger.warning("The invitation of user %s could not be mailed", user.pk, exc_info=True)
        return False
    return True


def _address(user: User) -> str:
    if not user.is_invited:
        return reverse("account_login")
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
