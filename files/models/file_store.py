import uuid

from django.db import models
from django.db.models import Q


class FileStore(models.Model):
    """Which file store belongs to this database: one row, whose identity is in the store as well.

    A database that is pointed at another one's store is noticed by it (docs/adr/0023).
    """

    identity = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="one_file_store_of_a_database",
                condition=Q(id=1),
                violation_error_message="A database has one file store.",
            ),
        ]

    def __str__(self) -> str:
        return f"File store {self.identity}"
