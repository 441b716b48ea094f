from django.db import models
from django.db.models.functions import Left

from clients.fields import NameKeyField
from clients.models.spelling import NameSpelling


class Named(models.Model):
    """A first and a last name with the keys that they are searched by."""

    first_name = models.CharField(max_length=50, blank=True)
    last_name = models.CharField(max_length=50, blank=True)
    first_key = NameKeyField("first_name")
    last_key = NameKeyField("last_name")

    class Meta:
        abstract = True
        indexes = [
            # Three letters of the last name and any prefix of the first: one range of this index.
            models.Index(
                Left("last_key", 3), "first_key", "last_key", name="%(class)s_last3_first"
            ),
            models.Index(fields=["last_key", "first_key"], name="%(class)s_last_first"),
            models.Index(fields=["first_key", "last_key"], name="%(class)s_first_last"),
        ]

    def save(self, **options) -> None:
        super().save(**options)
        NameSpelling.remember([self])
