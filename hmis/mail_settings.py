"""Where mail goes: the server that EMAIL_URL names, or the files of a demonstration."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from environs import Env

from hmis.environment import ConfigurationError

SCHEMES = ("smtp", "smtps", "submission", "console", "file", "memory", "dummy")
PORTS = {"smtps": 465, "submission": 587, "smtp": 25}


def chosen(env: Env, *, demo: bool, data_dir: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings. Raises ConfigurationError where EMAIL_URL cannot send mail."""
    folder = {"DEMONSTRATION_MAIL_DIR": data_dir / "mail"}
    url = env.str("EMAIL_URL", "")
    if not url and demo:
        return folder | {"EMAIL_BACKEND": "outbox.demonstration.FileBackend"}
    scheme, _, server = url.partition("://")
    if url and (scheme not in SCHEMES or (scheme in {"smtps", "submission"} and not server)):
        # The address itself may hold a password, and stays out of the log.
        raise ConfigurationError(
            f"EMAIL_URL has to begin with one of {', '.join(f'{one}://' for one in SCHEMES)}: "
            "submission://user:password@mail.example.org:587"
        )
    parsed = dj_email_url.parse(url.replace("smtps://", "smtp://", 1) or "smtp://127.0.0.1:25")
    if scheme in PORTS:
        parsed["EMAIL_PORT"] = urlsplit(url).port or PORTS[scheme]
    if scheme == "smtps":  # TLS from the first byte; submission begins with STARTTLS, or not at all
        parsed |= {"EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}
    return folder | parsed


def times(env: Env) -> dict[str, Any]:
    """How long is waited.

    EMAIL_TIMEOUT: seconds for the mail server, to connect and for each answer.
    MAIL_AT_ONCE_SECONDS: the same where somebody waits for the mail.
    MAIL_ANSWER_SECONDS: for the answer to a whole mail, which some servers scan before it.
    MAIL_LATE_MINUTES: without a run of the command, until monitoring is notified.
    MAIL_AT_ONCE: the web server sends what somebody waits for; else cron does, minutes later.
    """
    return {
        "EMAIL_TIMEOUT": env.float("MAIL_SECONDS", 10),
        "MAIL_AT_ONCE_SECONDS": env.float("MAIL_AT_ONCE_SECONDS", 5),
        "MAIL_ANSWER_SECONDS": env.float("MAIL_ANSWER_SECONDS", 60),
        "MAIL_LATE_MINUTES": env.int("MAIL_LATE_MINUTES", 30),
        "MAIL_AT_ONCE": env.bool("MAIL_AT_ONCE", True),
    }
