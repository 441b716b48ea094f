from django.core.management.base import BaseCommand
from django.db import transaction

from clients.models import Client

BATCH = 500


class Command(BaseCommand):
    help = (
        "Encrypts every SSN with the first of SSN_ENCRYPTION_KEYS and hashes it with "
        "SSN_HASH_KEY. Run it after adding a key; the old key may go when it is done."
    )

    def handle(self, *args, **options):
        last = count = 0
        while clients := self.next_batch(after=last):
            last = clients[-1].pk
            count += len(clients)
        self.stdout.write(f"{count} SSNs encrypted anew")

    @transaction.atomic
    def next_batch(self, *, after: int) -> list[Client]:
        rows = Client.with_deleted.filter(pk__gt=after).exclude(ssn="").order_by("pk")
        clients = list(rows.select_for_update()[:BATCH])
        for client in clients:
            client.save(update_fields=["ssn", "ssn_hash", "ssn_last4_hash"])
        return clients
