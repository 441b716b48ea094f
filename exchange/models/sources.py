"""Where imported rows come from, and the key that each has there."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from exchange.files import FILES
from records.model_fields import protected


class SourceSystem(models.Model):
    """An HMIS that files were imported from.

    The keys of an import by one organization are its own: a file names whatever keys it likes, and
    must not find another organization's rows by them. Those of the whole site have no organization.
    """

    name = models.CharField(max_length=100)
    organization = protected("agencies.Organization", null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    imported_by = protected("agencies.User", null=True, blank=True, db_index=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "name",
                Coalesce("organization", 0),
                name="source_system_once",
                violation_error_message="This system is known already.",
            ),
            models.CheckConstraint(
                name="source_system_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Enter the name of the system that the files come from.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceKeyQuerySet(models.QuerySet["SourceKey"]):
    def about(self, model: type[models.Model], row_ids: Iterable[int]) -> "SourceKeyQuerySet":
        """Those of some rows of a model."""
        names = [file.name for file in FILES.values() if file.model is model]
        if not names:
            return self.none()
        return self.filter(file__in=names, row_id__in=row_ids)


class SourceKey(models.Model):
    """The key of a row in the system that it came from: a later import finds the row by it.

    Attributes:
        file: HUD's name of the file; "Household" for HouseholdID.
        row_id: the row of the file's model (`exchange.files`).
        others: what the file said of the row in columns that the standard does not know.
    """

    system = models.ForeignKey(SourceSystem, models.CASCADE, related_name="+", db_index=False)
    file = models.CharField(max_length=25)
    key = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    others = models.JSONField(null=True, blank=True)

    objects = SourceKeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["file", "row_id"], name="source_key_of_row")]
        constraints = [
            models.UniqueConstraint(
                name="source_key_once",
                fields=["system", "file", "key"],
                violation_error_message="This key is known already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.row_id}"
