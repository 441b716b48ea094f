"""How long the merge of a long record takes, and its undo.

    .venv/bin/python -m tests.bench.merging 5000

Runs on the demonstration's database, in a transaction that is rolled back.
"""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import django

from hmis import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
os.environ.setdefault("HMIS_DEMO", "1")
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = embedded.start(Path(__file__).parents[2] / ".hmis" / "postgres")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from agencies.models import User  # noqa: E402
from casenotes.models import CaseNote  # noqa: E402
from clients.merge.execute import Choices, merge  # noqa: E402
from clients.merge.policies import Pair  # noqa: E402
from clients.merge.preview import Preview  # noqa: E402
from clients.merge.undo import undo  # noqa: E402
from clients.models import Client  # noqa: E402


@contextmanager
def timed(what: str):
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        yield
    print(f"{what:10} {(time.perf_counter() - begun) * 1000:8.0f} ms  {len(queries):4} queries")


def client(by: User) -> Client:
    organization = by.organizations[0]
    row = Client(
        first_name="Bench", last_name="Mark", name_data_quality=1, organization=organization
    )
    row.stamp(by=by)
    row.save()
    return row


@transaction.atomic
def main(notes: int) -> None:
    by = User.objects.filter(is_superuser=True)[0]
    survivor, gone = client(by), client(by)
    row = CaseNote(client=gone, organization=gone.organization, title="A note", text="Met. " * 60)
    row.stamp(by=by)
    rows = [
        CaseNote(**{f.attname: getattr(row, f.attname) for f in row._meta.fields if f.name != "id"})
        for _ in range(notes)
    ]
    with timed("writing"):
        CaseNote.objects.bulk_create(rows, batch_size=1000)
    pair = Pair(survivor, gone)
    with timed("preview"):
        preview = Preview(pair, by)
        assert preview.parts
        seen = preview.digest
    with timed("merge"):
        done = merge(survivor=survivor.pk, gone=gone.pk, choices=Choices(seen), by=by)
    size = len(str(done.snapshot))
    with timed("undo"):
        undo(merge_id=done.pk, by=by)
    assert CaseNote.objects.filter(client=gone).count() == notes
    print(f"{notes} notes; the snapshot has {size / 1024:.0f} KB")
    transaction.set_rollback(True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
