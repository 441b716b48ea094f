from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from clients.querysets import ClientRecordQuerySet
from clients.recipients import has_access
from clients.sharing import Part, shared_with
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import User


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

        `enrollment_is_seen`: the user may see the enrollment. `assignee_has_access` to its
        organization.
        """
        enrollments = apps.get_model("enrollments", "Enrollment").objects
        seen = enrollments.visible_to(user).filter(pk=OuterRef("enrollment")).order_by()
        rows = self.select_related("assigned_to", "created_by", "done_by", "enrollment__project")
        return rows.annotate(
            enrollment_is_seen=Exists(seen),
            assignee_has_access=ExpressionWrapper(has_access("assigned_to"), BooleanField()),
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


class TaskManager(RecordManager.from_queryset(TaskQuerySet)):  # type: ignore[misc]
    pass
