from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from clients.querysets import ClientRecordQuerySet
from clients.sharing import Part, shared_with
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import User


def assignee_has_access() -> Q:
    """Whoever has to do a task is an active user of the organization that it belongs to."""
    members = apps.get_model("agencies", "Membership").objects.filter(
        user=OuterRef("assigned_to"), organization=OuterRef("organization")
    )
    is_member = Q(assigned_to__is_superuser=True) | Q(Exists(members.order_by()))
    return Q(is_member, assigned_to__is_active=True)


class TaskQuerySet(ClientRecordQuerySet):
    def _shared(self, user: "User") -> Q:
        """Never where the client is not: a task serves nobody, and lists of tasks name clients."""
        return super()._shared(user) & shared_with(user, Part.IDENTITY, "client")

    def open(self) -> Self:
        """What is still to be done."""
        return self.filter(done_at=None)

    def done(self) -> Self:
        return self.exclude(done_at=None)

    def of(self, user: "User") -> Self:
        """What this user has to do."""
        return self.filter(assigned_to=user)

    def given_by(self, user: "User") -> Self:
        """What this user asked others to do."""
        return self.filter(created_by=user).exclude(assigned_to=user)

    def due_first(self) -> Self:
        return self.order_by("due_on", "pk")

    def listed_for(self, user: "User") -> Self:
        """With what a list shows.

        `enrollment_is_seen`: the user may see the enrollment. `assignee_has_access`: as above.
        """
        enrollments = apps.get_model("enrollments", "Enrollment").objects
        seen = enrollments.visible_to(user).filter(pk=OuterRef("enrollment")).order_by()
        rows = self.select_related("assigned_to", "created_by", "done_by", "enrollment__project")
        return rows.annotate(
            enrollment_is_seen=Exists(seen),
            assignee_has_access=ExpressionWrapper(assignee_has_access(), BooleanField()),
        )

    def with_client(self) -> Self:
        """With the client's name, for lists of several clients."""
        return self.select_related("client").defer("client__ssn")  # decrypted on loading

    def open_work_of(self, user_id: int, organizations: Iterable[int]) -> Self:
        """What somebody has still to do for these organizations."""
        rows = self.open().filter(assigned_to=user_id, organization__in=list(organizations))
        return rows.filter(client__date_deleted=None)

    def of_work(self, enrollments: Iterable[int], clients: Iterable[int]) -> Self:
        """Those of these enrollments, and those of these clients that name no enrollment."""
        named_none = Q(client__in=list(clients), enrollment=None)
        return self.filter(Q(enrollment__in=list(enrollments)) | named_none)

    def due_from(self, day: date) -> Self:
        return self.filter(due_on__gte=day)

    def locked(self) -> Self:
        return self.select_for_update(of=("self",)).order_by("pk")


class TaskManager(RecordManager.from_queryset(TaskQuerySet)):  # type: ignore[misc]
    pass
