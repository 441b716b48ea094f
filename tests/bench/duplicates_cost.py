"""What the search of a million clients for duplicates costs, and a look at a new client.

    python -m tests.bench.duplicates million [1000000]

Fills a database of its own with a made-up population first (a quarter of an hour). Time depends on
what else the machine does; processor time hardly does.
"""

import random
import threading
import time
from contextlib import suppress

import psutil
from django.db import connection
from django.utils import timezone

from tests.bench.filing import file
from tests.bench.population import Population, Record
from tests.bench.search import measure, set_up


class Watch(threading.Thread):
    """Looks every two seconds at the search processes and the server's sessions of its database.

    Memory is what is a process's own (USS), the most at one time; processor time what each had used
    when it was last seen.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.memory = {"client": 0, "server": 0}
        self.processor: dict[str, dict[int, float]] = {"client": {}, "server": {}}

    def run(self) -> None:
        me = psutil.Process()
        database = connection.settings_dict["NAME"]
        while not self.over.wait(2):
            everybody = psutil.process_iter(["cmdline", "ppid"])
            lines = [(one, " ".join(one.info["cmdline"] or [])) for one in everybody]
            self.look("server", [one for one, line in lines if f" {database} 127." in line])
            self.look(
                "client",
                [one for one, line in lines if one.info["ppid"] == me.pid and "spawn" in line],
            )

    def look(self, side: str, processes: list[psutil.Process]) -> None:
        memory = 0
        for process in processes:
            with suppress(psutil.Error):
                memory += process.memory_full_info().uss
                times = process.cpu_times()
                self.processor[side][process.pid] = times.user + times.system
        self.memory[side] = max(self.memory[side], memory)

    def __enter__(self) -> "Watch":
        self.start()
        time.sleep(3)
        self.before = {side: sum(times.values()) for side, times in self.processor.items()}
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def cells(self, seconds: float) -> str:
        used = {
            side: sum(times.values()) - self.before[side] for side, times in self.processor.items()
        }
        return (
            f"{seconds:.0f} s | {used['client']:.0f} s + {used['server']:.0f} s "
            f"| {self.memory['client'] >> 20} MB + {self.memory['server'] >> 20} MB"
        )


def bench_million(size: int) -> None:
    from clients.duplicates.run import OVERLAP, find_duplicates
    from clients.management.commands.find_duplicates import in_one_line
    from clients.models import Client, DuplicateSearch, PossibleDuplicate

    user, organizations = set_up()
    if not Client.objects.exists():
        # A person's second record stands far from the first one on disk, as it does in life.
        file(Population(apart=size // 20).records(size), organizations, user)
    PossibleDuplicate.objects.all().delete()
    print("| what | time | processor, client + server | memory, client + server |")
    print("|---|---|---|---|")
    for name, whole in (("all", True), ("the 1,000 changed since", False)):
        if not whole:
            last = timezone.now() + OVERLAP
            DuplicateSearch.objects.update(started_at=last, finished_at=last)
            some = Client.objects.filter(pk__in=range(1000, 1000 + size, max(size // 1000, 1)))
            some.update(date_updated=timezone.now())
        begin = time.monotonic()
        with Watch() as watch:
            outcome = find_duplicates(whole=whole)
        print(f"| {name} | {watch.cells(time.monotonic() - begin)} |", flush=True)
        print(f"<!-- {in_one_line(outcome)} -->")
    print(f"{PossibleDuplicate.objects.count():,} pairs listed")
    bench_new_client(user, size)


def bench_new_client(user, size: int) -> None:
    """Somebody on file with a misspelled name, and sometimes another date of birth or SSN."""
    from clients.duplicates.likely import likely_duplicates
    from clients.models import Client

    population, rng = Population(seed=5), random.Random(5)
    known = list(Client.objects.filter(pk__in=rng.sample(range(1, size), 300)))
    found = []

    def new() -> None:
        other = rng.choice(known)
        again = population.again(
            Record(
                0, other.first_name, other.last_name, dob=other.dob, sex=other.sex, ssn=other.ssn
            )
        )
        typed = {
            name: getattr(again, name) for name in ("first_name", "last_name", "dob", "sex", "ssn")
        }
        shown = likely_duplicates(Client(**typed), user)
        found.append(any(one.client.pk == other.pk for one in shown))

    p50, p95, processor = measure(new)
    print(
        f"A new client: {p50:.1f} / {p95:.1f} ms (p50 / p95), {processor:.1f} ms of processor; "
        f"{sum(found)} of {len(found)} were shown"
    )
