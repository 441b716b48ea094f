"""How often something may be tried, so that guessing fails and nobody locks others out.

docs/security/limits.md says what is counted, and why that way (docs/adr/0032).
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from agencies.devices import device_of
from agencies.models.attempt_count import AttemptCount
from agencies.requests import address

HOUR = timedelta(hours=1)
IPV6_NETWORK = 64  # bits that one subscriber has; the rest is chosen freely


@dataclass(frozen=True)
class Rule:
    """How often one thing may be tried; each name is a number among the settings.

    Args:
        here: by account and browser, or account and address where the browser is not known.
        period: of `here`.
        from_address: by address, an hour, from browsers that are not known to the account.
        of_account: by account, an hour, from all such browsers together.
        advice: what somebody can do meanwhile.
    """

    name: str
    here: str
    period: timedelta
    from_address: str
    of_account: str
    advice: str


LOG_IN = Rule(
    name="log_in",
    here="LOG_IN_FAILURES",
    period=timedelta(minutes=15),
    from_address="LOG_IN_FAILURES_FROM_ADDRESS",
    of_account="LOG_IN_FAILURES_OF_ACCOUNT",
    advice="reset",
)
SECOND_FACTOR = Rule(
    name="second_factor",
    here="SECOND_FACTOR_FAILURES",
    period=timedelta(minutes=15),
    from_address="LOG_IN_FAILURES_FROM_ADDRESS",
    of_account="SECOND_FACTOR_FAILURES_OF_ACCOUNT",
    advice="officer",
)
PASSWORD_RESET = Rule(
    name="password_reset",
    here="PASSWORD_RESETS",
    period=HOUR,
    from_address="PASSWORD_RESETS_FROM_ADDRESS",
    of_account="PASSWORD_RESETS_OF_ACCOUNT",
    advice="mail",
)


class LimitReachedError(Exception):
    """Something was tried too often; the answer is a page with status 429.

    Args:
        name: of the rule.
        until: when it may be tried again.
        excess: how many attempts too many this is, in the period.
        advice: what somebody can do meanwhile.
        account: the e-mail address that was typed, if any was.
    """

    def __init__(
        self, name: str, until: datetime, *, excess: int, advice: str = "", account: str = ""
    ):
        super().__init__(name)
        self.name, self.until, self.excess = name, until, excess
        self.advice, self.account = advice, account


@dataclass(frozen=True)
class Attempt:
    """What was counted for one attempt: the key of its own place first, then the wider ones."""

    keys: list[str]

    def succeeded(self) -> None:
        """Count nothing: whoever gets in has not guessed."""
        here, *wider = self.keys
        AttemptCount.objects.filter(pk=here).delete()
        for key in wider:
            AttemptCount.objects.take_back_one(key)


def attempt(rule: Rule, *, request: HttpRequest, account: str) -> Attempt:
    """Count an attempt before it is made, so that many at once are not more than the limit.

    Args:
        account: the e-mail address that was typed, whether or not there is such a user.

    Raises LimitReachedError.
    """
    account = account.strip().lower()
    device = device_of(request, account)
    network = _network(request)
    counted = [("here", account, device or network, rule.here, rule.period)]
    if not device:
        counted += [
            ("address", "", network, rule.from_address, HOUR),
            ("account", account, "", rule.of_account, HOUR),
        ]
    keys: list[str] = []
    for scope, whose, place, limit, period in counted:
        keys.append(_key(rule.name, scope, whose, place))
        attempts, until = AttemptCount.objects.count_one(keys[-1], period)
        excess = attempts - getattr(settings, limit)
        if excess > 0:
            for key in keys[:-1]:
                AttemptCount.objects.take_back_one(key)
            raise LimitReachedError(
                rule.name, until, excess=excess, advice=rule.advice, account=account
            )
    return Attempt(keys)


def spend(name: str, *, whose: str, limit: int, period: timedelta) -> None:
    """Count one use of something that a user may do so often in a period.

    Raises LimitReachedError.
    """
    attempts, until = AttemptCount.objects.count_one(_key(name, "use", whose, ""), period)
    if attempts > limit:
        raise LimitReachedError(name, until, excess=attempts - limit)


def _network(request: HttpRequest) -> str:
    """The address, as far as it belongs to one subscriber."""
    found = address(request)
    if found is None:
        return ""
    ip = ipaddress.ip_address(found)
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))
    return found


def _key(name: str, *parts: str) -> str:
    value = "\n".join((name, *parts))
    return salted_hmac("agencies.limits", value, algorithm="sha256").hexdigest()
