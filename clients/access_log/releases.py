"""By which release another organization saw a client on a day, for the accounting (13.2)."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client, ClientMerge, Release
from records.statements import compiled


class Releases:
    """What a client, under whichever ID, agreed to and refused at any time; one query, or two.

    Access without one was by a policy that needs none, by serving the client, or an emergency.
    What was recorded by mistake counted until somebody saw that it was one.
    """

    def __init__(self, client: Client) -> None:
        self.answers = _answers(client.all_ids)
        self.own = client.organization_id
        self.merged_at = []
        if any(row.undecided for row in self.answers):
            merges = ClientMerge.objects.filter(survivor__in=client.all_ids, undone_at=None)
            self.merged_at = sorted(merges.values_list("at", flat=True))

    def of(self, organization_id: int, day: date) -> date | None:
        """The day of the latest release that covered the organization then; None without one.

        Args:
            organization_id: 0 where a command or the system worked for none, and needed no release.
        """
        released_on, is_refused = None, False
        for row in self.answers if organization_id not in {0, self.own} else ():
            if row.covers_id not in (None, organization_id) or row.begins_on > day:
                continue
            if row.is_refusal:  # of everybody, or of this one alone
                if not _was_mistaken(row, day):
                    released_on, is_refused = None, True
            elif is_refused and organization_id in row.excludes:  # it stood: this one is left out
                continue
            elif day <= self._last_day(row):
                released_on, is_refused = row.answered_on, False
        return released_on

    def _last_day(self, row: Release) -> date:
        """The last day on which it counted, the one on which it was revoked included."""
        days = [row.ends_on]
        if row.replaced_on:
            days.append(row.replaced_on - timedelta(days=1))
        if row.revoked_at:
            days.append(timezone.localdate(row.revoked_at))
        if row.undecided:  # since a merge
            since = (at for at in self.merged_at if at >= row.date_created)
            days.append(timezone.localdate(next(since, row.date_created)))
        return min(filter(None, days), default=date.max)


def _was_mistaken(row: Release, day: date) -> bool:
    """Whether it had been revoked as recorded by mistake by a day."""
    is_mistake = row.revoked_reason == Release.Reason.MISTAKE
    return is_mistake and timezone.localdate(row.revoked_at) <= day


@compiled
def _answers(client_ids: list[int]) -> QuerySet[Release]:
    return Release.objects.filter(client__in=client_ids).order_by("answered_on", "pk")
