import pgtrigger
from django.db import models

from clients.fields import LONGEST_KEY
from clients.merge.policies import Stays
from clients.models.named import NAME_INDEXES
from clients.querysets import NameKeyQuerySet

KEEP = """
    IF TG_OP = 'UPDATE' THEN
        IF OLD.name_forms = NEW.name_forms THEN
            {moved}RETURN NULL;
        END IF;
        DELETE FROM clients_nameform WHERE {which};
    END IF;
    INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)
        SELECT {whose}, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)
        FROM unnest(string_to_array(NEW.name_forms, E'\\n')) AS form WHERE form <> '';
    RETURN NULL;
"""


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
        func=KEEP.format(whose=whose, which=which, moved=MOVED if moves else ""),
    )


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
