"""What releases say of a client on every page, read with the client (settings.CLIENT_MARKS)."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from agencies.models import User
from clients.models import Release
from clients.querysets import ClientQuerySet
from consent.standing import as_json, counts_on
from records import clock


def with_releases(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    """Bring along `release_rows`: the answers that count today, or are to, the latest first.

    Whoever sees the client sees them.
    """
    rows = Release.objects.filter(counts_on(clock.today()), client=OuterRef("pk"))
    rows = rows.order_by("-answered_on", "-pk").values_list(as_json())
    return clients.annotate(release_rows=ArraySubquery(rows))
