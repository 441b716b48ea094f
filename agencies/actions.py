"""What officers and administrators do to users' accounts; the history has all of it."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from agencies.history import note
from agencies.invitations import queue_invitation
from agencies.models import EndReason, Membership, Organization, SecurityEvent, User
from agencies.models.user import INVITED, SECOND_FACTOR_RESET
from agencies.security_events import record_event
from agencies.sessions.actions import end_others

Kind = SecurityEvent.Kind


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
        _, is_given = Membership.objects.get_or_create(
            user=user, organization=organization, defaults={"role": role}
        )
        note(user, INVITED)
        if is_given:
            detail = {"to": role}
            record_event(Kind.ACCESS_ADDED, subject=user, organization=organization, detail=detail)
    record_event(Kind.INVITED, subject=user, organization=organization)
    queue_invitation(user=user, organization=organization)
    return user


@transaction.atomic
def invite_again(*, user: User, organization: Organization) -> None:
    """Send a new link to somebody who has not chosen a password yet."""
    queue_invitation(user=user, organization=organization)
    record_event(Kind.INVITED, subject=user, organization=organization)


@transaction.atomic
def deactivate(*, user: User) -> None:
    """Let the user in no more, and end every session at once."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    record_event(Kind.USER_DEACTIVATED, subject=user)


@transaction.atomic
def activate(*, user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_event(Kind.USER_REACTIVATED, subject=user)


@transaction.atomic
def reset_second_factor(*, user: User) -> None:
    """Take the authenticator app and the recovery codes away, and end every session at once.

    The user sets up a new one at the next log-in.
    """
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    note(user, SECOND_FACTOR_RESET)
    record_event(Kind.FACTOR_RESET, subject=user)


@transaction.atomic
def end_sessions(*, user: User) -> None:
    """Log the user out everywhere at once; the next page of each session says why."""
    user.end_sessions()
    end_others(user=user, session=None, reason=EndReason.BY_OFFICER)
