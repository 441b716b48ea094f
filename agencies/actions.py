"""What officers and administrators do to users' accounts; the history has all of it."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from agencies.history import note
from agencies.invitations import queue_invitation
from agencies.models import Membership, Organization, User
from agencies.models.user import INVITED, SECOND_FACTOR_RESET


@transaction.atomic
def invite(
    *, email: str, first_name: str, last_name: str, organization: Organization, role: str
) -> User:
    """Give access to an organization, with an account where there is none of that e-mail yet.

    An account that exists keeps its name, its state and its other access. An administrator has
    access everywhere and is given none.
    """
    user, is_new = User.objects.get_or_create(
        email=email.lower(), defaults={"first_name": first_name, "last_name": last_name}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if not user.is_superuser:
        Membership.objects.get_or_create(
            user=user, organization=organization, defaults={"role": role}
        )
        note(user, INVITED)
    queue_invitation(user=user, organization=organization)
    return user


def invite_again(*, user: User, organization: Organization) -> None:
    """Send a new link to somebody who has not chosen a password yet."""
    queue_invitation(user=user, organization=organization)


@transaction.atomic
def deactivate(*, user: User) -> None:
    """Let the user in no more, and end every session at once."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.end_sessions()


@transaction.atomic
def activate(*, user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def reset_second_factor(*, user: User) -> None:
    """Take the authenticator app and the recovery codes away, and end every session at once.

    The user sets up a new one at the next log-in.
    """
    Authenticator.objects.filter(user=user).delete()
    user.end_sessions()
    note(user, SECOND_FACTOR_RESET)
