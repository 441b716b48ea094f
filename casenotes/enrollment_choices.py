"""The enrollments of a client that a user may file notes and services under."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import User
from clients.models import Client
from enrollments.forms.choice import enrollment_label
from enrollments.models import CaseAssignment, Enrollment
from records import clock
from records.querysets import own_organization
from records.statements import compiled


def enrollments_for(client: Client, user: User) -> list[Enrollment]:
    """Those of the user's organizations, and those that the user is a case manager of today.

    Another organization's enrollment is the user's work for as long as that organization's
    assignment lasts (docs/adr/0038).
    """
    return _of(client, _recordable(user, client.pk))


def seen_enrollments(client: Client, user: User) -> list[Enrollment]:
    """All that the user may see, to filter a list by."""
    return _of(client, _seen(user, client.pk))


@compiled
def _seen(user: User, client_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(user).of_client(client_id)
    return rows.newest_first().select_related("project")


@compiled
def _recordable(user: User, client_id: int) -> QuerySet[Enrollment]:
    return own_work(_seen.queryset(user, client_id), user)


def own_work(rows: QuerySet[Enrollment], user: User) -> QuerySet[Enrollment]:
    """Those of these that the user may file notes and services under."""
    if user.is_superuser:
        return rows
    assigned = CaseAssignment.objects.active_on(clock.today()).filter(
        enrollment=OuterRef("pk"), case_manager=user
    )
    return rows.filter(own_organization(user) | Q(Exists(assigned.order_by())))


def _of(client: Client, rows: list[Enrollment]) -> list[Enrollment]:
    for row in rows:
        row.client = client
    return rows


def choices(enrollments: Iterable[Enrollment], *, blank: str) -> list[tuple[str, str]]:
    return [("", blank), *((str(one.pk), enrollment_label(one)) for one in enrollments)]


def only_open(enrollments: Iterable[Enrollment]) -> Enrollment | None:
    """The one that is meant where the client has a single open enrollment."""
    found = [one for one in enrollments if one.is_open]
    return found[0] if len(found) == 1 else None
