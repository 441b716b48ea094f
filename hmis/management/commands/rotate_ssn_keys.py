from typing import Any

import pgtrigger
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from clients.encryption import decrypt, encrypt
from clients.fields import DerivedField, EncryptedTextField
from clients.merge.snapshots import reencrypt_snapshots
from clients.models import DuplicateKey

BATCH = 500
MFA_SECRETS = ("secret", "seed")  # of authenticator apps, of recovery codes


class Command(BaseCommand):
    help = (
        "Encrypts everything with the first of SSN_ENCRYPTION_KEYS and hashes the SSNs with "
        "SSN_HASH_KEY. Run it after adding a key; the old key may go when it is done."
    )

    runs_as_owner = True  # past events are encrypted again, which the server's role may not touch

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            columns = encrypted_columns(model)
            if columns:
                count = sum(map(len, batches(model, columns)))
                self.stdout.write(f"{count} {model._meta.verbose_name_plural} encrypted again")
        # Of the old hashes, and no history says so: the next search makes everybody's.
        DuplicateKey.objects.all().delete()
        self.stdout.write(f"{reencrypt_snapshots()} merges encrypted again")
        self.stdout.write(f"{rotate_second_factors()} second factors encrypted again")


def encrypted_columns(model: type[models.Model]) -> list[str]:
    """The encrypted columns of a model with those that are derived from them."""
    fields = model._meta.concrete_fields
    sources = [one.name for one in fields if isinstance(one, EncryptedTextField)]
    hashes = [one for one in fields if isinstance(one, DerivedField) and one.source in sources]
    return sources + [one.name for one in hashes]


def batches(model: type[models.Model], columns: list[str]):
    """Rotate a model's rows, five hundred in a transaction; yields each batch."""
    last = None
    while rows := next_batch(model, columns, after=last):
        last = rows[-1].pk
        yield rows


@transaction.atomic
def next_batch(model: type[models.Model], columns: list[str], *, after: Any) -> list[models.Model]:
    rows = model._base_manager.order_by("pk").select_for_update()
    rows = rows.exclude(**{columns[0]: ""})
    batch = list(rows.filter(pk__gt=after)[:BATCH] if after is not None else rows[:BATCH])
    for row in batch:
        for name in columns:
            model._meta.get_field(name).pre_save(row, add=False)
    # Nothing is changed that anybody may read: it is no event, and past events keep what they say.
    with pgtrigger.ignore(*triggers(model)):
        model._base_manager.bulk_update(batch, columns)
    return batch


def triggers(model: type[models.Model]) -> list[str]:
    """The triggers that keep the history of a model, or keep it from being changed."""
    return [
        f"{model._meta.label}:{trigger.name}" for trigger in getattr(model._meta, "triggers", [])
    ]


@transaction.atomic
def rotate_second_factors() -> int:
    factors = list(Authenticator.objects.select_for_update())
    for factor in factors:
        for name in MFA_SECRETS:
            if name in factor.data:
                factor.data[name] = encrypt(decrypt(factor.data[name]))
    return Authenticator.objects.bulk_update(factors, ["data"])
