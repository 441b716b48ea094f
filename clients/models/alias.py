from django.db import models
from django.db.models import Q

from clients.merge.policies import JoinsNames, everybody
from clients.models.name_form import keeps_name_forms
from clients.models.named import Named
from clients.querysets import AliasQuerySet
from records.history import tracked


@tracked(exclude=["first_key", "last_key", "last_part_key", "name_forms"])
class ClientAlias(Named):
    """Another name that a client is known by."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="aliases")

    objects = AliasQuerySet.as_manager()
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
