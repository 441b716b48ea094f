"""What is kept of the merges that were done: read by officers, and re-encrypted under a new key."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction

from agencies.models import User
from clients.encryption import decrypt, encrypt
from clients.fields import EncryptedTextField
from clients.merge.preview import FACTS
from clients.merge.relations import moving, seen_ids
from clients.merge.steps import Model, Step
from clients.models import Client, ClientMerge


class Part(NamedTuple):
    """Rows of one kind: how many moved, and how many were kept as deleted beside others."""

    label: str
    moved: int
    soft_deleted: int


@dataclass(frozen=True)
class Merged:
    merge: ClientMerge
    user: User

    @property
    def taken(self) -> list[str]:
        """The facts that the client who stays has from the other."""
        values = self.merge.snapshot.get("values", {})
        return [one.label for one in FACTS if values.get(one.key) == self.merge.merged_id]

    @property
    def parts(self) -> list[Part]:
        """What became of the rows of each kind, of those that the user may see now."""
        columns = {one.model: {*one.columns, "date_deleted"} for one in moving()}
        both = {self.merge.survivor_id, self.merge.merged_id}
        steps = [
            step
            for step in map(Step.from_json, self.merge.part("steps"))
            if not (step.model is Client and both & set(step.ids))
            and columns.get(step.model, set()) & step.after.keys()
        ]
        seen = seen_ids(((step.model, step.ids) for step in steps), self.user)
        labels = {one.model: one.label for one in moving()}
        counts: dict[str, Counter[str]] = {}
        for step in steps:
            if number := len(seen[step.model] & set(step.ids)):
                of_label = counts.setdefault(labels[step.model], Counter())
                of_label["aside" if "date_deleted" in step.after else "moved"] += number
        return [Part(label, of["moved"], of["aside"]) for label, of in counts.items()]


def reencrypt_snapshots() -> int:
    """Encrypt what every snapshot keeps encrypted with the first key; return their number."""
    numbers = list(ClientMerge.objects.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        _one(number)
    return len(numbers)


@transaction.atomic
def _one(number: int) -> None:
    merge = ClientMerge.objects.select_for_update().get(pk=number)
    for row in merge.snapshot.get("rows", {}).values():
        _columns(Client, row)
    for kept in merge.part("steps"):
        model = Step.from_json(kept).model
        _columns(model, kept["before"])
        _columns(model, kept["after"])
    ClientMerge.objects.filter(pk=number).update(snapshot=merge.snapshot)


def _columns(model: Model, row: dict[str, Any]) -> None:
    for field in model._meta.concrete_fields:
        if isinstance(field, EncryptedTextField) and row.get(field.attname):
            row[field.attname] = encrypt(decrypt(row[field.attname]))
