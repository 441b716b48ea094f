"""What counts of a client's answers about releases, as conditions for the floors above (13.1).

A refusal is an answer, and so is revoking: neither is asked again by a reminder, and a guardian's
stands until the client answers. What was recorded by mistake is none, and a guardian's release is
none any more once the client is 18.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from clients.models.release import COUNTS, Release, is_latest, lasts
from clients.models.release_term import LAST_DAY, is_last

ENDS_SOON = timedelta(days=30)
OF_THE_CLIENT = [Release.Reason.CLIENT, Release.Reason.GUARDIAN]


def answers(client: Any) -> QuerySet[Release]:
    """What a client (an ID, or an outer reference) ever answered; no mistake."""
    return Release.objects.filter(client=client).exclude(revoked_reason=Release.Reason.MISTAKE)


def standing_answers(client: Any, day: date) -> QuerySet[Release]:
    """The answers after which there is nothing to ask on a day.

    A release that lasts or is to begin, one that waits for an officer after a merge, a refusal, and
    what the client or a guardian took back; unless the client has answered again.
    """
    taken_back = Q(revoked_reason__in=OF_THE_CLIENT)
    goes_on = Q(lasts(day), revoked_at=None)
    return answers(client).filter(is_latest(day), goes_on | taken_back).order_by()


def longest(client: Any) -> Subquery:
    """The release that lasts longest, over or not, as a row of JSON: `last_day` and `signed_by`.

    None where there is none, where a later answer took its place, or where the client revoked it.
    """
    rows = Release.objects.filter(COUNTS, is_last(), client=client).annotate(until=LAST_DAY)
    rows = rows.order_by(F("until").desc(nulls_first=True), "-pk")
    return Subquery(rows.values(row=JSONObject(last_day="until", signed_by="signed_by"))[:1])
