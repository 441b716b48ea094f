import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

from hud.text import normalised

if TYPE_CHECKING:
    from clients.models.named import Named


class DoubleMetaphone(Func):
    """fuzzystrmatch's code for how a word sounds in English; empty for other scripts."""

    function = "dmetaphone"
    output_field = models.TextField()


class NameSpelling(models.Model):
    """The dictionary of every spelling of a name that any client has.

    It grows with the variety of names, not with the number of clients: a misspelt name is looked up
    here first, and the clients then by equality. A double name stands under each of its parts.
    """

    part = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    sound = models.GeneratedField(
        expression=DoubleMetaphone(F("part")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="spelling_once", fields=["part", "key"]),
        ]
        indexes = [
            GinIndex(OpClass("part", "gin_trgm_ops"), name="spelling_trigrams"),
            models.Index(fields=["sound"], name="spelling_sound"),
        ]

    def __str__(self) -> str:
        return self.part

    @classmethod
    def remember(cls, named: Iterable["Named"]) -> None:
        """Add the spellings of these names that the dictionary does not have yet."""
        pairs = {
            (part, key)
            for one in named
            for name in (one.first_name, one.last_name)
            if (key := normalised(name))
            for part in {key, *map(normalised, re.split(r"[\s\-]+", name))}
            if part
        }
        # In one order everywhere, so that two writers never wait for each other in a circle.
        rows = [cls(part=part, key=key) for part, key in sorted(pairs)]
        cls.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
