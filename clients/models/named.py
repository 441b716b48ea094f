from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Left

from clients.fields import LastPartKeyField, NameFormsField, NameKeyField
from clients.models.spelling import NameSpelling

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
        if options.get("update_fields") is not None:
            options["update_fields"] = with_keys(options["update_fields"])
        super().save(**options)
        NameSpelling.remember([self])


def with_keys(names: Iterable[str]) -> set[str]:
    """The columns to save, with the keys of those that are names."""
    names = set(names)
    if names & {"first_name", "middle_name", "last_name"}:
        names.add("name_forms")
    if "first_name" in names:
        names.add("first_key")
    if "last_name" in names:
        names |= {"last_key", "last_part_key"}
    return names
