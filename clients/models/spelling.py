import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func

from clients.names import name_parts
from hud.text import normalised

if TYPE_CHECKING:
    from clients.models.named import Named


def double_metaphone(word) -> Func:
    """fuzzystrmatch's code for how a word sounds in English; empty for other scripts."""
    return Func(word, function="dmetaphone", output_field=models.TextField())


# Names of which any two letters may be wrong; in shorter ones two wrong letters make another name.
TWO_DELETIONS = range(7, 21)


def deletion_variants(name: str) -> list[int]:
    """What is left of a name without any one of its letters, or any two of a long one, hashed.

    Two names that are so many missing, added, wrong or swapped letters apart share one of these, in
    whatever script: a few dozen looks into an index find a misspelt name, however many there are.
    """
    left = {name}
    for _ in range(2 if len(name) in TWO_DELETIONS else 1):
        left |= {text[:at] + text[at + 1 :] for text in left for at in range(len(text))}
    # As signed numbers of 32 bits; that two texts may share one does no harm, names are compared.
    hashes = {zlib.crc32(text.encode()) for text in left if text}
    return sorted(number - (number >> 31 << 32) for number in hashes)


class NameSpelling(models.Model):
    """The dictionary of every spelling of a name that any client has.

    It grows with the variety of names, not with the number of clients: a misspelt name is looked up
    here first, and the clients then by equality. `part` is what is compared, `key` what clients are
    looked up by. A double first name (Juan Carlos) stands under each of its words; of a double last
    name (García-López) each word stands for itself, as the clients have it in their name
    forms; so does each word of a middle name.
    """

    part = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    deletion_variants = ArrayField(models.IntegerField(), default=list)
    sound = models.GeneratedField(
        expression=double_metaphone(F("part")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="spelling_once", fields=["part", "key"]),
        ]
        indexes = [
            models.Index(fields=["sound"], name="spelling_sound"),
            GinIndex(fields=["deletion_variants"], name="spelling_deletions", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.part

    @classmethod
    def remember(cls, named: Iterable["Named"]) -> None:
        """Add the spellings of these names that the dictionary does not have yet."""
        pairs = set()
        for one in named:
            pairs |= cls.pairs_of(one)
        # In one order everywhere, so that two writers never wait for each other in a circle.
        rows = [
            cls(part=part, key=key, deletion_variants=deletion_variants(part))
            for part, key in sorted(pairs)
        ]
        cls.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)

    @staticmethod
    def pairs_of(named: "Named") -> set[tuple[str, str]]:
        """The spellings of one name, each with the key that clients are looked up by."""
        pairs = {(word, word) for word in name_parts(named.last_name)}
        pairs |= {(word, normalised(named.first_name)) for word in name_parts(named.first_name)}
        middle = getattr(named, "middle_name", "")
        middles = [*name_parts(middle), normalised(middle)]
        pairs |= {(word, word) for word in middles if len(word) > 1}
        whole = map(normalised, (named.first_name, named.last_name))
        return pairs | {(key, key) for key in whole if key}
