"""The limits of use from the environment (docs/security/limits.md)."""

from environs import Env

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
    "emergencies": "hour 3 6, day 6 12",
}


def chosen(env: Env) -> dict[str, UseLimit]:
    """Return the limits by kind; empty where USE_LIMITS turns them off.

    Raises:
        ConfigurationError: a limit cannot be understood.
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
