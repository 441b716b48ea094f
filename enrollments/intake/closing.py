"""The page after Finish: who is enrolled, what is due when, and what usually comes next."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from clients.loading import get_client
from enrollments.access import log_household
from enrollments.assignments.due import Due, Facts, What, dues
from enrollments.intake.draft.access import get_draft
from enrollments.listing import with_managers
from enrollments.models import Enrollment, IncomeBenefits
from hud.elements import FIELDS
from hud.occurrence import ENGAGEMENT, MOVE_IN


@dataclass(frozen=True)
class Asked:
    """Something that HUD asks later: what, when in words, and the page where it is answered."""

    label: str
    when: str
    url: str
    link: str


@require_GET
def finished(request: UserRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The closing page of the user's own intake."""
    draft = get_draft(request, draft_id)
    if draft.finished_at is None:
        return redirect(draft)
    client = get_client(request, draft.client_id)
    rows = with_managers(draft.household_rows, request.user)
    if not rows:
        messages.info(request, "What this intake enrolled is not there any more.")
        return redirect(client)
    log_household(request, rows)
    own = next((row for row in rows if row.client_id == client.pk), rows[0])
    page = {
        "client": client,
        "draft": draft,
        "enrollment": own,
        "rows": rows,
        "due": list(due(rows, timezone.localdate())),
    }
    return render(request, "enrollments/intake/finished.html", page)


def due(rows: Sequence[Enrollment], today: date) -> Iterator[Asked]:
    """What HUD asks next of a household: its annual assessment, and what occurs meanwhile."""
    present = [row for row in rows if row.is_open_on(today)]
    head = next((row for row in present if row.is_head), None)
    if head is None:
        return
    found = _dues(present, head, today)
    coming = next(one for row, one in found if row == head and one.what is What.ANNUAL)
    url = reverse("enrollments:annual", args=[head.client_id, head.pk])
    when = f"{coming.on:%m/%d/%Y} ({coming.first:%m/%d/%Y} to {coming.last:%m/%d/%Y})"
    yield Asked("Annual assessment", when, url, "Begin")
    for row, one in found:
        if one.what is What.ADULT and one.on <= coming.on:
            label = f"{row.client.display_name} turns 18: update assessment"
            url = reverse("enrollments:update", args=[row.client_id, row.pk])
            yield Asked(label, f"{one.on:%m/%d/%Y}", url, "Begin")
    for name in (MOVE_IN.field, ENGAGEMENT.field):
        if waiting := [row for row in present if _waits_for(name, row, today)]:
            url = reverse("enrollments:reopen", args=[waiting[0].client_id, waiting[0].pk])
            yield Asked(FIELDS[name].short, "When it happens", url, "Enter the date")
    if head.records_contacts:
        url = reverse("enrollments:add_current_living", args=[head.client_id, head.pk])
        yield Asked("Current Living Situation", "At each contact", url, "Add a contact")


def _dues(
    rows: Sequence[Enrollment], head: Enrollment, today: date
) -> list[tuple[Enrollment, Due]]:
    """What is due for each, as the caseload and the dashboard say it."""
    done = defaultdict(list)
    made = IncomeBenefits.objects.later_assessments().filter(enrollment__in=rows)
    for pk, *one in made.values_list("enrollment", "data_collection_stage", "information_date"):
        done[pk].append(tuple(one))
    return [
        (row, one)
        for row in rows
        for one in dues(
            Facts(
                entry_date=row.entry_date,
                exit_date=row.exit_date,
                destination=row.destination,
                dob=row.client.dob,
                head_entry_date=head.entry_date,
                done=done[row.pk],
            ),
            today,
        )
    ]


def _waits_for(name: str, row: Enrollment, today: date) -> bool:
    """Whether HUD asks a member for a date that is not there yet."""
    return getattr(row, name) is None and row.asks(FIELDS[name].number, today)
