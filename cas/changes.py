"""Of which clients a run of the cron command has to look, after an earlier one of the same day."""

from datetime import date, datetime

from django.db import router

from agencies.models import Membership, Organization, User
from cas.models import Assessment, Event, ScheduledRun
from casenotes.models import CaseNote, Service
from clients.models import Client, Release
from enrollments.models import CaseAssignment, Enrollment
from files.models import ClientFile, DocumentCheck
from records.changes import next_look, versions_since

RECORDS = (
    *(Assessment, CaseAssignment, CaseNote, ClientFile, DocumentCheck, Enrollment, Event),
    *(Release, Service),
)
MANY = 2_000  # clients, from which on looking at all of them is as quick
ONLY = 1  # the key of the one row


class Look:
    """What one run looks at; `done` lets the next one begin where it began.

    Attributes:
        among: the clients of whom something was written since the last run, or of whose case
            managers; None for all: once a day, as a day brings what nobody has written, and where
            somebody came to decide for all.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self.changes_from = next_look(router.db_for_write(ScheduledRun))
        last = ScheduledRun.objects.filter(pk=ONLY, day=day).first()
        self.among = _changed_since(last.changes_from) if last else None

    def done(self) -> None:
        """Call it when all was notified: a run that is killed before leaves that to the next."""
        row = ScheduledRun(pk=ONLY, day=self.day, changes_from=self.changes_from)
        columns = ["day", "changes_from"]
        ScheduledRun.objects.bulk_create(
            [row], update_conflicts=True, update_fields=columns, unique_fields=["id"]
        )


def _changed_since(moment: datetime) -> list[int] | None:
    if versions_since(Organization, moment).exists():
        return None
    members = versions_since(Membership, moment).values_list("user_id")
    found = versions_since(User, moment).values_list("pgh_obj_id").union(members)
    users = [pk for (pk,) in found]
    if users and Membership.objects.filter(user__in=users, organization__is_cas=True).exists():
        return None
    found = versions_since(Client, moment).values_list("pgh_obj_id")
    rows = [versions_since(model, moment).values_list("client_id") for model in RECORDS]
    if users:
        cases = CaseAssignment.objects.filter(case_manager__in=users)
        rows.append(cases.order_by().values_list("client_id"))
    clients = [pk for (pk,) in found.union(*rows)[:MANY]]
    return clients if len(clients) < MANY else None
