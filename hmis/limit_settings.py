"""The limits of log-ins and of use from the environment, and what alerts the officers."""

from typing import Any

from environs import Env, validate

from agencies.use_limits import UseLimit
from hmis.environment import ConfigurationError

DEFAULTS = {
    "searches": "minute 20 40, hour 90 180, day 400 800",
    "clients": "minute 20 40, hour 90 180, day 400 800",
    "reveals": "minute 6 12, hour 20 40, day 80 160",
    "downloads": "minute 20 60, hour 120 300, day 400 1000",
    "exports": "hour 20000 100000, day 50000 300000",
    "lookups": "minute 20 40, hour 120 240, day 500 1000",
    "reports": "hour 20 40, day 60 120",
    "uploads": "hour 500 2000, day 2000 5000",
    "new_clients": "minute 6 12, hour 30 60, day 120 240",
    "transfers": "hour 10 20, day 30 60",
    "emergencies": "hour 3 6, day 6 12",
}
FAILURES = {
    "LOG_IN_FAILURES": 10,
    "LOG_IN_FAILURES_OF_ACCOUNT": 100,
    "LOG_IN_FAILURES_FROM_ADDRESS": 300,
    "SECOND_FACTOR_FAILURES": 5,
    "SECOND_FACTOR_FAILURES_OF_ACCOUNT": 30,
    "PASSWORD_RESETS": 5,
    "PASSWORD_RESETS_OF_ACCOUNT": 10,
    "PASSWORD_RESETS_FROM_ADDRESS": 60,
    "CALENDAR_READINGS": 60,
    "CALENDAR_WRONG_ADDRESSES": 30,
    # How many times as much officers and administrators may do (docs/security/limits.md)
    "USE_LIMITS_OFFICERS": 2,
    "USE_LIMITS_ADMINISTRATORS": 3,
}


def chosen(env: Env) -> dict[str, Any]:
    """The settings of limits: counts of at least 1, alerts, USE_LIMITS. Raises as use_limits."""
    at_least_one = validate.Range(1)
    counts = {name: env.int(name, many, validate=at_least_one) for name, many in FAILURES.items()}
    failed_log_ins, refusals = env.int("ALERT_FAILED_LOG_INS", 10), env.int("ALERT_REFUSALS", 20)
    return counts | {
        # How many of these events of one user in an hour alert the officers; 0: none does. Others,
        # such as a log-in with a new browser, do so each time (agencies/security_events.py).
        "SECURITY_ALERTS_AN_HOUR": {
            "log_in_failed": failed_log_ins,
            "second_factor_failed": failed_log_ins,
            "refused": refusals,
            "not_found": refusals,
            "file_refused": refusals,
            "ssn_revealed": env.int("ALERT_SSN_REVEALS", 20),
            "exported": env.int("ALERT_EXPORTS", 20),
        },
        "USE_LIMITS": use_limits(env),
    }


def use_limits(env: Env) -> dict[str, UseLimit]:
    """How much one user may do, by kind; nothing is limited where USE_LIMITS is off.

    Raises ConfigurationError where a limit cannot be understood.
    """
    if not env.bool("USE_LIMITS", True):
        return {}
    limits = {}
    for kind, default in DEFAULTS.items():
        name = f"USE_LIMIT_{kind.upper()}"
        try:
            limits[kind] = UseLimit.parse(env.str(name, "") or default)
        except ValueError as error:
            raise ConfigurationError(f"{name}: {error}") from None
    return limits
