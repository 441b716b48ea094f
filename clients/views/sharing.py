"""What of a client is shared with the user, and why the rest is not shown (13.2)."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.models import Sharing
from agencies.requests import UserRequest
from agencies.sharing import community_policy
from clients.loading import get_client
from clients.sharing import Part, sharing_of, why, why_of_details, why_of_others
from clients.sharing_reasons import Why


class Shared(NamedTuple):
    """One part of a client's record: whether the user sees it, and why."""

    label: str
    why: Why


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
            Shared("Contact, race, veteran status and aliases", why_of_details(user, client)),
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
