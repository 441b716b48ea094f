"""The SSNs in what is kept of merges, under a new key."""

from typing import Any

from django.db import transaction

from clients.encryption import decrypt, encrypt
from clients.fields import EncryptedTextField
from clients.merge.steps import Model, Step
from clients.models import Client, ClientMerge


def encrypt_anew() -> int:
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
