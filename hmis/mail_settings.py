"""Where mail goes: the server that EMAIL_URL names, or the files of a demonstration."""

from pathlib import Path
from typing import Any

from environs import Env

from hmis.environment import ConfigurationError

SCHEMES = ("smtp", "submission", "console", "file", "memory", "dummy")


def chosen(env: Env, *, demo: bool, data_dir: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings.

    Raises:
        ConfigurationError: EMAIL_URL is none that mail can be sent by.
    """
    folder = {"DEMONSTRATION_MAIL_DIR": data_dir / "mail"}
    url = env.str("EMAIL_URL", "")
    if not url and demo:
        return folder | {"EMAIL_BACKEND": "outbox.demonstration.FileBackend"}
    scheme, _, server = url.partition("://")
    if url and (scheme not in SCHEMES or (scheme == "submission" and not server)):
        # The address itself may hold a password, and stays out of the log.
        raise ConfigurationError(
            f"EMAIL_URL has to begin with one of {', '.join(f'{one}://' for one in SCHEMES)}: "
            "smtp://user:password@mail.example.org:587/?tls=True"
        )
    parsed = env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:25")
    return folder | parsed
