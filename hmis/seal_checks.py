"""Checks of the seal on signed releases: that there is one, how long, and who reads its key."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils import timezone

from consent.sealing.certificates import seal_of
from hmis.checks import INSTALLATION
from hmis.environment import secret_file

SOON = timedelta(days=60)


@checks.register(INSTALLATION, deploy=True)
def seal_is_fit(**kwargs: Any) -> list[checks.CheckMessage]:
    """What is wrong with the seal, though the portal works with it; see seal_settings."""
    if not settings.RELEASE_SEAL_KEY:
        message = (
            "Nobody can sign a release of information on the screen: there is no seal for it. "
            "Name a key and a certificate in RELEASE_SEAL_KEY_FILE and "
            "RELEASE_SEAL_CERTIFICATE_FILE (docs/consent-seal.md)."
        )
        return [checks.Info(message, id="hmis.I030")]
    return [*_certificate(), *_mode()]


def _certificate() -> list[checks.CheckMessage]:
    seal = seal_of(settings.RELEASE_SEAL_KEY, settings.RELEASE_SEAL_CERTIFICATE)
    if not seal.ended_before(timezone.now() + SOON):
        return []
    message = (
        f"The certificate of the seal ends on {seal.certificate.not_valid_after_utc:%m/%d/%Y}; "
        "from then on nobody signs a release on the screen. Make the next one "
        "(docs/security/keys.md, drill D)."
    )
    return [checks.Warning(message, id="hmis.W031")]


def _mode() -> list[checks.CheckMessage]:
    path = secret_file("RELEASE_SEAL_KEY")
    if path is None or not path.stat().st_mode & 0o007:
        return []
    message = f"Every account of this machine may read {path}. chmod o= {path}"
    return [checks.Warning(message, id="hmis.W032")]
