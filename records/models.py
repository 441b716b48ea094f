from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst

from records.checks import SelfChecked
from records.model_fields import protected
from records.querysets import RecordManager, RecordQuerySet
from records.stamped import Stamped
from records.visibility import Visibility

OTHERS_FIRST = (
    "It was not restored: {by} changed the {what} since. Ask a Data Quality Officer to restore it, "
    "or add it again if it still fits."
)


def newest_index(name: str) -> models.Index:
    """The index of an organization's rows, those that were entered last on top."""
    return models.Index("organization", F("id").desc(), name=name)


class Record(Stamped, SelfChecked):
    """A row of an organization, filed by a user; deleting one keeps it."""

    Visibility = Visibility

    organization = protected("agencies.Organization", db_index=False)
    visibility = models.CharField(
        max_length=3, choices=Visibility.choices, default=Visibility.ALL_ORGANIZATIONS
    )
    date_created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = protected(settings.AUTH_USER_MODEL, editable=False, db_index=False)
    date_updated = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = protected(settings.AUTH_USER_MODEL, editable=False, db_index=False)
    date_deleted = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = protected(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, db_index=False
    )

    objects = RecordManager()
    with_deleted = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        default_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                name="%(class)s_visibility_is_known",
                condition=Q(visibility__in=Visibility.values),
                violation_error_message="Choose who may see this record.",
            ),
            models.CheckConstraint(
                name="%(class)s_deleted_by_somebody",
                condition=Q(date_deleted=None, deleted_by=None)
                | Q(date_deleted__isnull=False, deleted_by__isnull=False),
                violation_error_message="A deletion needs who and when.",
            ),
        ]

    def __str__(self) -> str:
        """Its kind and its number: what it says of a person stays out of titles and logs."""
        return f"{capfirst(self._meta.verbose_name)} {self.pk}"

    def mark_deleted(self, *, by: Any, at: datetime | None = None) -> None:
        """Delete this row; `at` is one moment for rows that are deleted together."""
        self._set_deleted(at or timezone.now(), by, by=by)

    def restore(self, *, by: Any) -> None:
        self._set_deleted(None, None, by=by)

    def refuses_undo(self, *, of: datetime, by: Any) -> str:
        """Why what belongs to this row and was deleted at a moment stays so; empty if it does not.

        Who deleted it may look at it again; what somebody else made of this row since is theirs.
        """
        is_changed = self.date_updated > of and self.updated_by_id != by.pk
        what = self._meta.verbose_name
        return OTHERS_FIRST.format(by=self.updated_by, what=what) if is_changed else ""

    def _set_deleted(self, when: datetime | None, who: Any, *, by: Any) -> None:
        self.date_deleted, self.deleted_by = when, who
        self.stamp(by=by)
        self.save(update_fields=["date_deleted", "deleted_by", "date_updated", "updated_by"])


class Submission(models.Model):
    """A form that was saved, by its one-time token, and the page that saving it led to."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    path = models.CharField(max_length=200)
    location = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.token)
