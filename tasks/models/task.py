import uuid
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from clients.models import ClientRecord, deleted_index
from enrollments.models.filed_on import enrollment_is_not_deleted
from records.history import tracked
from records.model_fields import protected
from records.visibility import Visibility
from tasks.listeners import tasks_written
from tasks.querysets import TaskManager, TaskQuerySet


@tracked()
class Task(ClientRecord):
    """Something to do for a client by a day; it stays within the organization that files it.

    Attributes:
        public_id: names the task where the calendar of another program keeps it: it says nothing
            of the client.
        enrollment: the one that it belongs to, if any.
        done_at: when it was marked done, by `done_by`; open without.
    """

    visibility = models.CharField(
        max_length=3,
        choices=Visibility.choices,
        default=Visibility.OWN_ORGANIZATION,
        editable=False,
    )
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enrollment = models.ForeignKey(
        "enrollments.Enrollment",
        on_delete=models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
    )
    text = models.CharField("task", max_length=200)
    due_on = models.DateField("due on")
    assigned_to = models.ForeignKey(
        "agencies.User",
        verbose_name="assigned to",
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,  # another index begins with it
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = protected("agencies.User", null=True, blank=True, editable=False, db_index=False)

    url_name = "task"
    list_page = "tasks:tasks"
    objects = TaskManager()
    with_deleted = TaskQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted()]
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["client", "due_on", "id"],
                name="task_client_due",
                condition=Q(date_deleted=None, done_at=None),
            ),
            models.Index(
                fields=["assigned_to", "due_on", "id"],
                name="task_assignee_due",
                condition=Q(date_deleted=None, done_at=None),
            ),
            models.Index(
                F("assigned_to"),
                F("done_at").desc(),
                F("id").desc(),
                name="task_assignee_done",
                condition=Q(date_deleted=None, done_at__isnull=False),
            ),
            models.Index(
                fields=["created_by", "due_on", "id"],
                name="task_giver_due",
                condition=Q(date_deleted=None, done_at=None),
            ),
            deleted_index("task_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="task_says_what",
                condition=~Q(text=""),
                violation_error_message="Enter what is to be done.",
            ),
            models.CheckConstraint(
                name="task_done_by_somebody",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message="A task that is done needs who and when.",
            ),
            models.CheckConstraint(
                name="task_stays_in_organization",
                condition=Q(visibility=Visibility.OWN_ORGANIZATION),
                violation_error_message="A task is seen by its own organization alone.",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The client's list, at this task."""
        page = reverse("tasks:tasks", args=[self.client_id])
        return f"{page}?show=done#task-{self.pk}" if self.done_at else f"{page}#task-{self.pk}"

    @property
    def display_name(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.date_deleted is None

    @cached_property
    def assignee_has_access(self) -> bool:
        """What `recipients.has_access` says, of this row; a list brings it along."""
        user = self.assigned_to
        return user.is_active and self.organization_id in user.access

    def tone_on(self, day: date) -> str:
        """How urgent an open task is on a day, as a badge's tone."""
        if not self.is_open or self.due_on > day:
            return ""
        return "danger" if self.due_on < day else "warning"

    @property
    def tone(self) -> str:
        return self.tone_on(timezone.localdate())

    @property
    def urgency(self) -> str:
        return {"danger": "Overdue", "warning": "Due today"}.get(self.tone, "")

    def mark_done(self, *, by: Any) -> None:
        self._set_done(timezone.now(), by, by=by)

    def mark_open(self, *, by: Any) -> None:
        self._set_done(None, None, by=by)

    def _set_done(self, when: datetime | None, who: Any, *, by: Any) -> None:
        self.done_at, self.done_by = when, who
        self.stamp(by=by)
        self.save(update_fields=["done_at", "done_by", "date_updated", "updated_by"])
        tasks_written(tasks=[self], by=by)

    def _set_deleted(self, when: datetime | None, who: Any, *, by: Any) -> None:
        super()._set_deleted(when, who, by=by)
        tasks_written(tasks=[self], by=by)
