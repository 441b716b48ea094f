from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

from clients.double_names import name_parts
from hud.text import normalised

if TYPE_CHECKING:
    from clients.models.named import Named


class DoubleMetaphone(Func):
    """fuzzystrmatch's code for how a word sounds in English; empty for other scripts."""

    function = "dmetaphone"
    output_field = models.TextField()


def slips(name: str) -> list[str]:
    """The name, and what is left of it without any one of its letters.

    Two names that are one missing, added, wrong or swapped letter apart share one of these, in
    whatever script: one look into an index of them finds a misspelt name.
    """
    return sorted({name, *(name[:at] + name[at + 1 :] for at in range(len(name)))} - {""})


class NameSpelling(models.Model):
    """The dictionary of every spelling of a name that any client has.

    It grows with the variety of names, not with the number of clients: a misspelt name is looked up
    here first, and the clients then by equality. `part` is what is compared, `key` what clients are
    looked up by. A double first name (Juan Carlos) stands under each of its words; of a double last
    name (García-López) each word stands for itself, as the clients have it in `last_part_key`.
    """

    part = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    slips = ArrayField(models.TextField(), default=list)
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
            GinIndex(fields=["slips"], name="spelling_slips", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.part

    @classmethod
    def remember(cls, named: Iterable["Named"]) -> None:
        """Add the spellings of these names that the dictionary does not have yet."""
        pairs = set()
        for one in named:
            pairs |= {(word, word) for word in name_parts(one.last_name)}
            pairs |= {(word, normalised(one.first_name)) for word in name_parts(one.first_name)}
            pairs |= {(key, key) for key in map(normalised, (one.first_name, one.last_name)) if key}
        # In one order everywhere, so that two writers never wait for each other in a circle.
        rows = [cls(part=part, key=key, slips=slips(part)) for part, key in sorted(pairs)]
        cls.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
