"""The page after Finish: who is enrolled, what is due when, and what usually comes next."""

import uuid
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
from enrollments.assignments.due import annual_due
from enrollments.intake.draft.access import get_draft
from enrollments.listing import with_managers
from enrollments.models import Enrollment, IncomeBenefits
from hud.anniversaries import anniversary
from hud.elements import FIELDS, element
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.rules.dob import ADULT


@dataclass(frozen=True)
class Due:
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


def due(rows: Sequence[Enrollment], today: date) -> Iterator[Due]:
    """What HUD asks next of a household: its annual assessment, and what occurs meanwhile."""
    present = [row for row in rows if row.is_open_on(today)]
    head = next((row for row in present if row.is_head), None)
    if head is None:
        return
    done = IncomeBenefits.objects.annual_days(head)
    coming = annual_due(head.entry_date, head.entry_date, done, today)
    url = reverse("enrollments:annual", args=[head.client_id, head.pk])
    when = f"{coming.on:%m/%d/%Y} ({coming.first:%m/%d/%Y} to {coming.last:%m/%d/%Y})"
    yield Due("Annual assessment", when, url, "Begin")
    yield from _turning_18(present, until=coming.on)
    for one in (MOVE_IN, ENGAGEMENT):
        asked = (row for row in present if _waits_for(one.field, row))
        if row := next(asked, None):
            url = reverse("enrollments:reopen", args=[row.client_id, row.pk])
            yield Due(FIELDS[one.field].short, "When it happens", url, "Enter the date")
    if head.records_contacts:
        url = reverse("enrollments:add_current_living", args=[head.client_id, head.pk])
        yield Due("Current Living Situation", "At each contact", url, "Add a contact")


def _turning_18(rows: Sequence[Enrollment], *, until: date) -> Iterator[Due]:
    """Who is asked as an adult before the next annual assessment."""
    for row in rows:
        grown_up = row.client.dob and anniversary(row.client.dob, row.client.dob.year + ADULT)
        if grown_up and row.entry_date < grown_up <= until:
            url = reverse("enrollments:update", args=[row.client_id, row.pk])
            yield Due(
                f"{row.client.display_name} turns 18: update assessment",
                f"{grown_up:%m/%d/%Y}",
                url,
                "Begin",
            )


def _waits_for(name: str, row: Enrollment) -> bool:
    """Whether HUD asks a member for a date that is not there yet."""
    if getattr(row, name) is not None:
        return False
    return element(FIELDS[name].number).is_asked_of(
        is_head=row.is_head,
        dob=row.client.dob,
        project_type=row.project.project_type,
        answered_on=row.entry_date,
        entry_date=row.entry_date,
        exit_date=row.exit_date,
        today=timezone.localdate(),
        grants=(),
    )
