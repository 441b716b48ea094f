"""Why a part of a client is shown to a user, or is not, and what to do then: in words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clients.models import Release


class Reason(StrEnum):
    """Why a user sees a part of a client, or does not: the sentences that pages show."""

    ADMINISTRATOR = "Administrators see every record."
    OWN = "Your organization filed it."
    OPEN = "The agency shares it with every organization."
    RELEASE = "A release of information covers your organization."
    SERVED = "Your organization serves this client."
    EMERGENCY = "You read it by emergency access."
    RESTRICTED = "The agency that filed this client shares it with nobody."
    NONE = "No release of information covers your organization."
    REFUSED = "The client refused to share it with your organization."
    REVOKED = "The release of information was revoked."
    ENDED = "The release of information has ended."
    FUTURE = "The release of information has not begun."
    SOME = "What agencies share without a release is shown; the rest needs one that covers you."
    UNDECIDED = "After a merge an officer has to decide which release of information holds."

    @property
    def is_shown(self) -> bool:
        return self in SHOWN


SHOWN = {
    *(Reason.ADMINISTRATOR, Reason.OWN, Reason.OPEN),
    *(Reason.RELEASE, Reason.SERVED, Reason.EMERGENCY, Reason.SOME),
}


# What a worker can do where something is not shown; nothing where it is.
ADVICE = {
    Reason.RESTRICTED: "Call the agency that filed the client.",
    Reason.NONE: "Ask the client for a release of information.",
    Reason.REFUSED: "Respect the refusal. The client may answer otherwise at any time.",
    Reason.REVOKED: "Ask the client whether to share again, with a new release of information.",
    Reason.ENDED: "Ask the client for a new release of information.",
    Reason.FUTURE: "Wait until it begins, or ask for one that begins today.",
    Reason.UNDECIDED: "Ask the Data Quality Officer of the agency that filed the client.",
    Reason.SOME: "Ask the client for a release of information where you need the rest.",
}


@dataclass(frozen=True)
class Why:
    """reason: says it all. release: the answer that decides, if one does."""

    reason: Reason
    release: "Release | None" = None

    @property
    def is_shown(self) -> bool:
        return self.reason.is_shown

    @property
    def advice(self) -> str:
        return ADVICE.get(self.reason, "")
