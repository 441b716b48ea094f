"""3.07 Veteran Status: asked of adults."""

from collections.abc import Iterator

from hud.choices import VeteranStatus
from hud.rules.findings import Finding, collected, warning

RULE = "3.07"


@collected
def findings(veteran_status: int | None, *, is_adult: bool | None) -> Iterator[Finding]:
    """A veteran who is not 18 yet is unlikely."""
    if veteran_status == VeteranStatus.YES and is_adult is False:
        message = "Check veteran status or date of birth: the client is under 18."
        yield warning(RULE, "veteran_status", message)
