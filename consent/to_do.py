"""What is to be done about releases, on the dashboard's list To do (settings.TO_DO)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from clients.models import Client, Release
from clients.release_answers import ENDS_SOON
from consent.asking import is_asked, needs_release
from consent.minors import last_day_as_minor
from enrollments.assignments.due import LABELS, Due, What, release_end
from enrollments.dashboard.to_do import ToDo

MISSING = "Release of Information not asked for"
OWN_IS_DUE = "Turns 18: own Release of Information"


def releases(client: Client, enrollments: Sequence[Any], today: date) -> Iterator[ToDo]:
    """The next release is due before one ends; a first one is missing where the agency needs it.

    Args:
        enrollments: the open ones that the user may change, as `EnrollmentQuerySet.with_work`
            brings them.
    """
    if not enrollments or not is_asked(client):
        return
    row, url = enrollments[0], reverse("consent:add_release", args=[client.pk])
    if ends_on := release_end(row.release):
        due = Due(What.RELEASE, ends_on, ends_on - ENDS_SOON, ends_on)
        if tone := due.tone_on(today):
            what = OWN_IS_DUE if _is_guardians(client, row.release, ends_on) else due.what
            yield ToDo(what, url, on=ends_on, label=LABELS[tone], tone=tone)
    elif not row.has_answered_release and any(
        needs_release(one.organization) for one in enrollments
    ):
        yield ToDo(MISSING, url)


def _is_guardians(client: Client, release: dict[str, Any], ends_on: date) -> bool:
    """Whether it is one that a guardian signed, and ends because the client turns 18."""
    is_signed_by = release["signed_by"] == Release.SignedBy.GUARDIAN
    return is_signed_by and ends_on == last_day_as_minor(client)
