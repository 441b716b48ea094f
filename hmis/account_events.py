"""Security events of accounts: what allauth says of log-ins, passwords and second factors.

Receivers of allauth's own signals, the one place that has any (docs/adr/0033): its flows call
nothing else at these points. What has a method of an adapter is recorded there (hmis/accounts.py).
"""

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator

from agencies.browsers import is_new_browser
from agencies.models import SecurityEvent
from agencies.security_events import record_event
from agencies.work import revoke_keys
from outbox.actions import queue_mail
from outbox.states import MailKind

Kind = SecurityEvent.Kind
TOTP, RECOVERY_CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
METHODS = {TOTP: "authenticator", RECOVERY_CODES: "recovery_code"}


def connect() -> None:
    """Connect the receivers; each once, however often it is called."""
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=receiver.__qualname__)


def methods(request, user) -> list[str]:
    """How the user has proved who it is in this session, such as a password and then a code."""
    found = [
        METHODS.get(record.get("type"), record["method"])
        for record in get_authentication_records(request, user)
        if not record.get("reauthenticated")
    ]
    return list(dict.fromkeys(found))


def logged_in(request, user, **_) -> None:
    detail = {"methods": methods(request, user)}
    record_event(Kind.LOG_IN, request=request, user=user, detail=detail)
    if is_new_browser(request, user):
        record_event(Kind.NEW_BROWSER, request=request, user=user)
        queue_mail(kind=MailKind.NEW_BROWSER, recipient=user)


def reauthenticated(request, user, method: str, **extra) -> None:
    if extra.get("reauthenticated"):
        used = METHODS.get(extra.get("type"), method)
        record_event(Kind.REAUTHENTICATED, request=request, user=user, detail={"methods": [used]})
        request.session.cycle_key()  # who read the old key does not profit by the new proof


def code_was_wrong(request, user, reauthentication: bool = False, **_) -> None:
    detail = {"again": True} if reauthentication else {}
    record_event(Kind.SECOND_FACTOR_FAILED, request=request, user=user, detail=detail)


def code_was_used(request, user, authenticator, **_) -> None:
    if authenticator.type == RECOVERY_CODES:
        left = len(authenticator.wrap().get_unused_codes())
        record_event(Kind.RECOVERY_CODE_USED, request=request, user=user, detail={"left": left})


def factor_was_added(request, user, authenticator, **_) -> None:
    is_codes = authenticator.type == RECOVERY_CODES
    kind = Kind.RECOVERY_CODES_MADE if is_codes else Kind.FACTOR_ACTIVATED
    record_event(kind, request=request, user=user)


def factor_was_removed(request, user, authenticator, **_) -> None:
    if authenticator.type == TOTP:  # the codes go with it
        record_event(Kind.FACTOR_DEACTIVATED, request=request, user=user)


def password_was_changed(request, user, **_) -> None:
    record_event(Kind.PASSWORD_CHANGED, request=request, user=user)


def password_was_reset(request, user, **_) -> None:
    revoke_keys(user=user)
    detail = {"first": True} if getattr(user, "was_invited", False) else {}
    record_event(Kind.PASSWORD_RESET, request=request, user=user, detail=detail)


RECEIVERS = [
    (account.user_logged_in, logged_in),
    (account.authentication_step_completed, reauthenticated),
    (account.password_changed, password_was_changed),
    (account.password_set, password_was_changed),
    (account.password_reset, password_was_reset),
    (second_factor.authentication_failed, code_was_wrong),
    (second_factor.authenticator_used, code_was_used),
    (second_factor.authenticator_added, factor_was_added),
    (second_factor.authenticator_reset, factor_was_added),
    (second_factor.authenticator_removed, factor_was_removed),
]
