"""What of a client is shared with the user, and why the rest is not shown (13.2)."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.models import Sharing, User
from agencies.requests import UserRequest
from agencies.sharing import community_policy
from clients.loading import get_client
from clients.models import Client
from clients.sharing import Part, Reason, Why, sharing_of, why, why_of_others

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


class Shared(NamedTuple):
    """One part of a client's record: whether the user sees it, and why."""

    label: str
    why: Why

    @property
    def advice(self) -> str:
        return ADVICE.get(self.why.reason, "")


@require_GET
def sharing(request: UserRequest, client_id: int) -> HttpResponse:
    """What Is Shared: each part of the record, whether the user sees it, and why."""
    client = get_client(request, client_id)
    user = request.user
    page = {
        "client": client,
        "rows": [
            Shared(
                "Name, date of birth, sex, last digits of the SSN, and photo",
                why(user, client, Part.IDENTITY),
            ),
            Shared("Contact, race, veteran status and aliases", _of_details(user, client)),
            Shared(
                "Enrollments, case notes and services of other organizations",
                why_of_others(user, client, Part.RECORDS),
            ),
            Shared("Files of other organizations", why_of_others(user, client, Part.FILES)),
        ],
        "policy": community_policy(),
        "in_force": Sharing(client.organization.sharing_in_force),
        "of_all": sharing_of(client),
    }
    return render(request, "clients/sharing.html", page)


def _of_details(user: User, client: Client) -> Why:
    """Who serves the client sees them with the identity."""
    found = why(user, client, Part.RECORDS)
    return found if found.is_shown or not client.has_details else Why(Reason.SERVED)
