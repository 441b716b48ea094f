"""What officers and administrators do to users' accounts; the history has all of it."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.models import (
    EndReason,
    FactorReset,
    Invitation,
    Membership,
    Organization,
    SecurityEvent,
    User,
)
from agencies.models.invitation import State
from agencies.models.user import INVITED, SECOND_FACTOR_RESET
from agencies.security_events import record_event
from agencies.sessions.actions import end_others
from agencies.work import queue_mail, revoke_keys
from records.history import note

Kind = SecurityEvent.Kind


@transaction.atomic
def invite(  # noqa: PLR0913 - what the form asks for
    *, email: str, first_name: str, last_name: str, organization: Organization, role: str, by: User
) -> Invitation:
    """Invite somebody into an organization; access begins when the invitation is accepted.

    What the officer learns is the same whether or not the address has an account. One that exists
    stays as it is; else there is a new one, of no organization yet. An invitation that waits is
    sent again, with the new role.
    """
    user, is_new = User.objects.get_or_create(
        email=email.lower(), defaults={"first_name": first_name, "last_name": last_name}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    invitation, _ = Invitation.objects.update_or_create(
        organization=organization,
        user=user,
        state=Invitation.State.PENDING,
        defaults={
            "email": user.email,
            "role": role,
            "invited_by": by,
            "sent_at": timezone.now(),
            "expires_at": _expiry(),
        },
    )
    note(user, INVITED)
    # Without the user: the organization does not learn whose address it is.
    record_event(Kind.INVITED, organization=organization, account=user.email)
    queue_mail(kind="invitation", recipient=user, about=organization.pk)
    return invitation


@transaction.atomic
def send_invitation_again(*, invitation: int, by: User) -> bool:
    """With a new time to answer it; False where it has been answered or taken back meanwhile."""
    row = _waiting(invitation)
    if row is None:
        return False
    row.sent_at, row.expires_at, row.invited_by = timezone.now(), _expiry(), by
    row.save(update_fields=["sent_at", "expires_at", "invited_by"])
    record_event(Kind.INVITED, organization=row.organization, account=row.email)
    queue_mail(kind="invitation", recipient=row.user, about=row.organization_id)
    return True


@transaction.atomic
def withdraw_invitation(*, invitation: int) -> bool:
    """Withdraw it; False where it has been answered or taken back meanwhile."""
    row = _waiting(invitation)
    if row is None:
        return False
    _answer(row, Invitation.State.WITHDRAWN)
    record_event(Kind.INVITATION_WITHDRAWN, organization=row.organization, account=row.email)
    return True


@transaction.atomic
def accept_invitation(*, invitation: int, by: User) -> Membership | None:
    """Begin the access; None where the user has no such invitation (any more)."""
    row = _waiting(invitation, of=by)
    if row is None:
        return None
    organization = row.organization
    membership, is_given = Membership.objects.get_or_create(
        user=by, organization=organization, defaults={"role": row.role}
    )
    _answer(row, Invitation.State.ACCEPTED)
    record_event(Kind.INVITATION_ACCEPTED, user=by, organization=organization)
    if is_given:
        detail = {"to": row.role}
        record_event(
            Kind.ACCESS_ADDED, user=by, subject=by, organization=organization, detail=detail
        )
    return membership


@transaction.atomic
def decline_invitation(*, invitation: int, by: User) -> bool:
    row = _waiting(invitation, of=by)
    if row is None:
        return False
    _answer(row, Invitation.State.DECLINED)
    # Of no organization: the one that invited is not shown who declined.
    record_event(Kind.INVITATION_DECLINED, user=by)
    return True


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _waiting(invitation: int, *, of: User | None = None) -> Invitation | None:
    """The invitation, locked so that it is answered once."""
    rows = Invitation.objects.select_related("organization", "user")
    rows = rows.filter(state=Invitation.State.PENDING) if of is None else rows.open_for(of)
    return rows.select_for_update(of=("self",)).filter(pk=invitation).first()


def _answer(row: Invitation, state: State) -> None:
    row.state, row.answered_at = state, timezone.now()
    row.save(update_fields=["state", "answered_at"])


@transaction.atomic
def invite_again(*, user: User, organization: Organization) -> None:
    """Send a new link to somebody who has not chosen a password yet."""
    queue_mail(kind="invitation", recipient=user, about=organization.pk)
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
def reset_second_factor(*, user: User, identified: str, by: User) -> None:
    """Take the authenticator app and the recovery codes away, and end every session at once.

    A new one is set up with the link of the mail that goes out, not with the password alone.
    `identified` is one of FactorReset.Identified.
    """
    FactorReset.objects.open_for(user).end()
    FactorReset.objects.create(user=user, by=by, identified=identified)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    note(user, SECOND_FACTOR_RESET)
    record_event(Kind.FACTOR_RESET, user=by, subject=user, detail={"identified": identified})
    queue_mail(kind="factor_reset", recipient=user)


@transaction.atomic
def end_sessions(*, user: User) -> None:
    """Log the user out everywhere at once; the next page of each session says why."""
    user.end_sessions()
    revoke_keys(user=user)
    end_others(user=user, session=None, reason=EndReason.BY_OFFICER)
