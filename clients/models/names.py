"""Names: with the keys that they are searched by, their spellings, and aliases."""

import zlib
from collections.abc import Iterable

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left

from clients.fields import LONGEST_KEY, LastPartKeyField, NameFormsField, NameKeyField
from clients.merge.policies import JoinsNames, Stays, everybody
from clients.names import name_parts
from clients.querysets import NamedQuerySet, NameKeyQuerySet
from hud.text import normalised
from records.history import tracked


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


BUCKETS = 2**21  # of deletion variants, as `clients_deletion_buckets` of the migrations has them


def deletion_buckets(variants) -> Func:
    """What the index has of deletion variants.

    Nearly each of them occurs once, and would be an entry of its own.
    """
    return Func(
        variants,
        function="clients_deletion_buckets",
        output_field=ArrayField(models.IntegerField()),
    )


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
        constraints = [models.UniqueConstraint(name="spelling_once", fields=["part", "key"])]
        indexes = [
            models.Index(fields=["sound"], name="spelling_sound"),
            GinIndex(
                deletion_buckets(F("deletion_variants")), name="spelling_buckets", fastupdate=False
            ),
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


NAME_INDEXES = (
    # One, two or three letters of the last name and any prefix of the first: one range of
    # one index, in its order, so that a limit ends the scan.
    *(
        models.Index(
            Left("last_key", letters),
            "first_key",
            "last_key",
            name=f"%(class)s_last{letters}_first",
        )
        for letters in (1, 2, 3)
    ),
    models.Index(fields=["last_key", "first_key"], name="%(class)s_last_first"),
    models.Index(fields=["first_key", "last_key"], name="%(class)s_first_last"),
)


KEYS = {
    "first_name": ("first_key", "name_forms"),
    "middle_name": ("name_forms",),
    "last_name": ("last_key", "last_part_key", "name_forms"),
}


class Named(models.Model):
    """A first and a last name with the keys that they are searched by."""

    first_name = models.CharField(max_length=50, blank=True)
    last_name = models.CharField(max_length=50, blank=True)
    first_key = NameKeyField("first_name")
    last_key = NameKeyField("last_name")
    last_part_key = LastPartKeyField("last_name")
    name_forms = NameFormsField("first_name")

    class Meta:
        abstract = True
        indexes = NAME_INDEXES

    def save(self, **options) -> None:
        if (names := options.get("update_fields")) is not None:
            derived = (key for name in names for key in KEYS.get(name, ()))
            options["update_fields"] = {*names, *derived}
        super().save(**options)
        if names is None or not KEYS.keys().isdisjoint(names):
            NameSpelling.remember([self])


KEEP = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.name_forms = NEW.name_forms THEN
            {moved}RETURN NULL;
        END IF;
        DELETE FROM clients_nameform WHERE {which};
    END IF;
    {write};
    RETURN NULL;
"""
WRITE = """INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)
        SELECT {whose}, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)
        FROM {rows}unnest(string_to_array({row}.name_forms, E'\\n')) AS form WHERE form <> ''"""


MOVED = """UPDATE clients_nameform SET client_id = NEW.client_id
                WHERE alias_id = NEW.id AND client_id <> NEW.client_id;
            """


def keeps_name_forms(whose: str, which: str, *, moves: bool = False) -> pgtrigger.Trigger:
    """Keep the name forms of a row as its `name_forms` says, also where SQL writes it.

    Args:
        whose: the client and the alias of the new rows, in SQL.
        which: the condition of the rows that are replaced.
        moves: whether the row may become another client's.
    """
    watched = ("name_forms", "client_id") if moves else ("name_forms",)
    return pgtrigger.Trigger(
        name="keeps_name_forms",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*watched),
        func=KEEP.format(
            which=which,
            moved=MOVED if moves else "",
            write=WRITE.format(whose=whose, rows="", row="NEW"),
        ),
    )


def write_name_forms(rows: str) -> str:
    """Return the INSERT of the name forms of many new clients: a query of `id` and `name_forms`."""
    return WRITE.format(whose="n.id, NULL::bigint", rows=f"({rows}) AS n, ", row="n")


class NameForm(models.Model):
    """Another way to begin a client's name, or an alias: by a later word, or by the middle name.

    Written by triggers alone, from what `clients.names` derives.
    """

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+")
    alias = models.ForeignKey(
        "clients.ClientAlias", on_delete=models.CASCADE, related_name="+", null=True
    )
    first_key = models.CharField(max_length=LONGEST_KEY, db_collation="C")
    last_key = models.CharField(max_length=LONGEST_KEY, db_collation="C")

    objects = NameKeyQuerySet.as_manager()
    on_merge = {"client": Stays("each name stays with the ID that has it")}

    class Meta:
        indexes = NAME_INDEXES

    def __str__(self) -> str:
        return f"Name form {self.pk}"


@tracked(exclude=["first_key", "last_key", "last_part_key", "name_forms"])
class ClientAlias(Named):
    """Another name that a client is known by."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="aliases", db_index=False
    )

    objects = NamedQuerySet.as_manager()
    on_merge = {"client": JoinsNames(seen=everybody)}

    class Meta(Named.Meta):
        abstract = False
        triggers = [keeps_name_forms("NEW.client_id, NEW.id", "alias_id = NEW.id", moves=True)]
        verbose_name_plural = "client aliases"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="alias_once",
                fields=["client", "first_name", "last_name"],
                violation_error_message="This alias is listed twice.",
            ),
            models.CheckConstraint(
                name="alias_has_a_name",
                condition=~Q(first_name="", last_name=""),
                violation_error_message="Enter the first or the last name of the alias.",
            ),
        ]

    def __str__(self) -> str:
        return f"Alias {self.pk}"

    @property
    def display_name(self) -> str:
        return " ".join(filter(None, [self.first_name, self.last_name]))
