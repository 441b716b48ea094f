"""Organizations that were refused alone, and stay refused whatever is released to all (13.1)."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from clients.models import Client, Release
from clients.release_answers import answers

LEFT_OUT = "Still refused: {}. Record an answer about that organization alone to change it."
Refused = list[tuple[str, list[str]]]


def still_refused(clients: Sequence[Client]) -> Refused:
    """Their names, each with those of the clients who refused it; with none where all of them did.

    As `LATEST_COUNTS` leaves them out of a release for all, deleted ones too.
    """
    names = {one.pk: one.display_name for one in clients}
    given = answers(OuterRef("client")).filter(covers=OuterRef("covers"), undecided=False)
    is_later = Q(answered_on__gt=OuterRef("answered_on"))
    is_later |= Q(answered_on=OuterRef("answered_on"), pk__gt=OuterRef("pk"))
    rows = Release.objects.filter(client__in=names, kind=Release.Kind.REFUSED)
    rows = rows.exclude(covers=None).exclude(revoked_reason=Release.Reason.MISTAKE)
    rows = rows.exclude(Exists(given.filter(is_later).order_by())).select_related("covers")
    found: dict[str, list[str]] = {}
    for row in rows.order_by("client"):
        found.setdefault(str(row.covers), []).append(names[row.client_id])
    many = len(clients)
    return [(name, who if len(who) < many else []) for name, who in sorted(found.items())]


def left_out(clients: Sequence[Client]) -> str:
    """In a sentence for who records an answer; empty where there is none."""
    found = still_refused(clients)
    texts = (f"{name} ({', '.join(who)})" if who else name for name, who in found)
    return LEFT_OUT.format(", ".join(texts)) if found else ""
