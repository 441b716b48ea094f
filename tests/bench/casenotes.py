"""What the list of a client's notes and the search in it cost as the table grows.

    .venv/bin/python -m tests.bench.casenotes 1000000

Fills a database of the bench's own with that many notes of clients with 50 each, and 5,000 of one
client; prints the time, and the pages touched, of the list's first page, of a later one, and of
searches for common and rare words.
"""

import argparse
import statistics
import time

from tests.bench.databases import prepare

REPEATS = 30
MANY, FEW = 5_000, 50
TEXT = """
SELECT string_agg(word, ' ') FROM (
    SELECT CASE WHEN random() < 0.6 THEN (ARRAY['the','client','came','to','shelter','and','asked',
        'for','housing','help','with','papers','meeting','on','monday','case','manager','called',
        'landlord','bus','pass','clinic','will','return','next','week'])[1 + floor(random() * 26)]
        ELSE 'w' || floor(power(random(), 3) * 60000) END AS word
    FROM generate_series(1, 60 + (random() * 120)::int) WHERE i IS NOT NULL
) words
"""


def fill(count: int) -> None:
    from django.db import connection

    from agencies.models import Membership, Organization, User
    from casenotes.models import CaseNote
    from clients.models import Client

    if CaseNote.objects.exists():
        return
    orgs = [Organization.objects.create(organization_name=f"Agency {n}") for n in range(2)]
    users = [User.objects.create(email=f"u{n}@example.org") for n in range(2)]
    for user, organization in zip(users, orgs, strict=True):
        Membership.objects.create(user=user, organization=organization)
    stamp = {"organization": orgs[0], "created_by": users[0], "updated_by": users[0]}
    Client.objects.bulk_create(
        [
            Client(first_name="A", last_name=f"B{n}", name_data_quality=1, **stamp)
            for n in range(count // FEW + 2)
        ],
        batch_size=5000,
    )
    ids = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        # No history of made-up notes, and the index at once.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casenotes_casenote DISABLE TRIGGER USER")
        cursor.execute("SELECT pg_get_indexdef('note_words'::regclass)")
        (index,) = cursor.fetchone()
        cursor.execute("DROP INDEX note_words")
        for first, last, per, clients in (
            (0, count, FEW, ids[2]),
            (0, MANY, MANY, ids[0]),
            (0, FEW, FEW, ids[1]),
        ):
            for begin in range(first, last, 100_000):
                end = min(begin + 100_000, last)
                cursor.execute(
                    f"""
                    INSERT INTO casenotes_casenote (client_id, organization_id, visibility, date,
                        title, text, read_only, version, date_created, created_by_id, date_updated,
                        updated_by_id)
                    SELECT {clients} + i / {per}, %s, 'own', date '2026-01-01' - (i %% 1500),
                        'Note ' || i, ({TEXT}), false, 1, now(), %s, now(), %s
                    FROM generate_series({begin}, {end} - 1) AS i
                    """,
                    [orgs[0].pk, users[0].pk, users[0].pk],
                )
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(index)
        cursor.execute("ALTER TABLE casenotes_casenote ENABLE TRIGGER USER")


def measure() -> None:
    from django.db import connection
    from django.db.models import Q

    from agencies.models import User
    from casenotes.models import CaseNote
    from clients.models import Client
    from records.keyset import keyset_page

    many, few = Client.objects.order_by("pk")[:2]
    user, stranger = User.objects.order_by("email")
    notes = CaseNote.objects.all().without_text().select_related("organization", "created_by")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casenotes_casenote")
        print(f"{cursor.fetchone()[0]:,} notes")
        for name in ("casenotes_casenote", "note_words", "note_by_client"):
            cursor.execute("SELECT pg_size_pretty(pg_relation_size(%s))", [name])
            print(f"  {name}: {cursor.fetchone()[0]}")
    middle = notes.filter(client=many)[MANY // 2]
    ways = {
        "first page, 50 notes": (few, user, lambda rows: rows, ""),
        "first page, 5,000 notes": (many, user, lambda rows: rows, ""),
        "page in the middle of 5,000": (
            many,
            user,
            lambda rows: rows,
            f"{middle.date}_{middle.pk}",
        ),
        "first page, none of 5,000 visible": (many, stranger, lambda rows: rows, ""),
        "word in nearly every note": (many, user, lambda rows: rows.containing("housing"), ""),
        "two common words": (many, user, lambda rows: rows.containing("bus clinic"), ""),
        "rare word": (many, user, lambda rows: rows.containing("w41234"), ""),
        "beginning of many words": (many, user, lambda rows: rows.containing("w4"), ""),
        "common word, 50 notes": (few, user, lambda rows: rows.containing("housing"), ""),
        "Chinese, by reading the texts": (many, user, lambda rows: rows.containing("住房"), ""),
    }
    for name, (client, reader, narrow, before) in ways.items():
        rows = narrow(notes.visible_to(reader).filter(client=client))
        keyset_page(rows, before, "date")
        times = []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            keyset_page(rows, before, "date")
            times.append((time.perf_counter() - begin) * 1000)
        place = Q(date__lt=middle.date) | Q(pk__lt=middle.pk)
        cut = rows.filter(place, date__lte=middle.date) if before else rows
        plan = cut[:26].explain(analyze=True, buffers=True, format="text")
        lines = plan.splitlines()
        pages = next((line.strip() for line in lines if "Buffers" in line), "")
        index = sorted({name for name in ("note_words", "note_by_client") if name in plan})
        p95 = sorted(times)[int(REPEATS * 0.95)]
        spent = next(line for line in lines if line.startswith("Execution"))
        timing = f"{statistics.median(times):7.1f} ms p50 {p95:7.1f} p95"
        print(f"{name:36}{timing}  {spent}  {pages}  {index}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    count = parser.parse_args().count
    prepare(f"casenotes_{count}")
    begin = time.monotonic()
    from django.db import connection as database
    from django.db import transaction

    with transaction.atomic():
        fill(count)
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE casenotes_casenote")
    print(f"filled in {time.monotonic() - begin:.0f} s")
    measure()


if __name__ == "__main__":
    main()
