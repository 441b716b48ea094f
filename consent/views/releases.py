"""Profile > Release of Information: the list, one release, and the ways to add one (13.1)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from clients.loading import Kind, get_client
from consent.groups import answered_together
from consent.household import people
from consent.listing import (
    actions_of,
    covers,
    is_recorded_here,
    left_out,
    listed,
    may_be_revoked,
    shows_all,
    tone,
)
from consent.papers import paper_of
from consent.standing import answers_of, standing, standings
from consent.ways import WAYS
from records import clock
from records.keyset import keyset_page


@require_GET
def releases(request: UserRequest, client_id: int) -> HttpResponse:
    """Every answer of the client, the latest first, and where the household stands."""
    client = get_client(request, client_id)
    page = keyset_page(listed(request.user, client.pk), request.GET.get("after", ""), "answered_on")
    for row in page.rows:
        row.client = client
    household = people(client, request.user, today=timezone.localdate())[1:]
    record_list(request, [one.client for one in household])
    found = standings(request.user, [one.client.pk for one in household])
    names = left_out(page.rows)
    shown = {
        "client": client,
        "standing": standing(answers_of(client), clock.today()),
        "page": page.showing(
            (
                row,
                covers(row, names),
                tone(row),
                [] if client.is_emergency else actions_of(row, request.user),
                shows_all(request.user, client, row),
            )
            for row in page.rows
        ),
        "household": [(one, found[one.client.pk]) for one in household],
    }
    return render(request, "consent/releases.html", shown)


@require_GET
def release(request: UserRequest, client_id: int, release_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    row = get_object_or_404(listed(request.user, client.pk), pk=release_id)
    row.client = client
    is_whole = shows_all(request.user, client, row)
    together = list(answered_together(row, request.user)) if is_whole else []
    record_list(request, [one.client_id for one in together])
    page = {
        "client": client,
        "release": row,
        "is_whole": is_whole,
        "covers": covers(row, left_out([row])),
        "tone": tone(row),
        "together": [(one, tone(one)) for one in together],
        "file": paper_of(row, request.user),
        "may_be_revoked": may_be_revoked(row, request.user),
        "is_recorded_here": is_recorded_here(row, request.user),
    }
    return render(request, "consent/release.html", page)


@require_GET
def add(request: UserRequest, client_id: int) -> HttpResponse:
    """The ways in which the client can answer; each is a page of its own."""
    client = get_client(request, client_id, kind=Kind.CHANGE, lock=False)
    ways = [(way, way.url(client)) for way in WAYS]
    return render(request, "consent/add.html", {"client": client, "ways": ways})
