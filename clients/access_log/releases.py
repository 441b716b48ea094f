"""By which release another organization saw a client on a day, for the accounting (13.2)."""

from datetime import date

from django.utils import timezone

from clients.models import Client, Release


class Releases:
    """What a client, under whichever ID, agreed to and refused at any time; one query.

    Access without one was by a policy that needs none, by serving the client, or an emergency.
    """

    def __init__(self, client: Client) -> None:
        rows = Release.objects.filter(client__in=client.all_ids)
        rows = rows.exclude(revoked_reason=Release.Reason.MISTAKE)
        self.answers = list(rows.order_by("answered_on", "pk"))
        self.own = client.organization_id

    def of(self, organization_id: int, day: date) -> date | None:
        """The day of the latest release that covered the organization then; None without one."""
        released_on = None
        for row in self.answers if organization_id != self.own else ():
            if row.covers_id not in (None, organization_id) or row.begins_on > day:
                continue
            if row.is_refusal:  # of everybody, or of this one alone
                released_on = None
            elif _lasted(row, day):
                released_on = row.answered_on
        return released_on


def _lasted(row: Release, day: date) -> bool:
    """Whether it was not over on a day, the day on which it was revoked included."""
    revoked_on = timezone.localdate(row.revoked_at) if row.revoked_at else None
    return day <= min(filter(None, (row.ends_on, revoked_on)), default=date.max)
