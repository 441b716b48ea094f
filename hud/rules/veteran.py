"""3.07 Veteran Status: asked of adults."""

from collections.abc import Iterator

from hud.choices import VeteranStatus
from hud.rules.issues import Issue, collected, warning

RULE = "3.07"


@collected
def issues(veteran_status: int | None, *, is_adult: bool | None) -> Iterator[Issue]:
    """A veteran who is not 18 yet is unlikely."""
    if veteran_status == VeteranStatus.YES and is_adult is False:
        message = "Check veteran status or date of birth: the client is under 18."
        yield warning(RULE, "veteran_status", message)
