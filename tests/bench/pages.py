"""The page table: what each page costs one user at one web process, beside two floors.

Times are of a machine that may have other work: p50 and p95 are by the clock, the processor times
of the web process and of PostgreSQL hardly change with it, statements and bytes not at all.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg

from tests.bench import saves
from tests.bench.browser import Browser, expected
from tests.bench.cluster import NOTHING, Counted, processor_ms
from tests.bench.intakes import STEPS, Intake, finish
from tests.bench.sides import Side

BLOCKS, REPEATS = 2, 8  # so many times one commit after the other, each so many requests
WARM = 3
READ, WRITTEN = slice(0, 29), slice(29, 39)  # of ALICE's clients: saves add to their lists
SELECTS = 2000
SELECT = "SELECT * FROM clients_client WHERE id = %s"
NAMES = (("jam", "smi"), ("mar", "joh"), ("jo", "wil"), ("pat", "bro"), ("lin", "gar"))
MISSPELT = (("Jmaes", "Smiht"), ("Mray", "Jonhson"), ("Rboert", "Wiliams"), ("Lnida", "Garica"))
Make = Callable[[], tuple]  # the arguments of Browser.request


@dataclass
class Row:
    """One page or save of one commit."""

    name: str
    seconds: list[float] = field(default_factory=list)
    by_address: dict[str, float] = field(default_factory=dict)
    counted: Counted = NOTHING
    python: float = 0  # processor ms, all requests together
    server: float = 0
    sent: int = 0

    @property
    def requests(self) -> int:
        return len(self.seconds)

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)] * 1000

    @property
    def cost(self) -> float:
        """Processor time of a request, Python and PostgreSQL together, in milliseconds."""
        return (self.python + self.server) / self.requests

    def figures(self) -> dict[str, float]:
        each = self.counted.each(self.requests)
        return {
            "p50": self.p50,
            "p95": self.p95,
            "queries": each.queries,
            "sql": each.sql,
            "planning": each.planning,
            "python": self.python / self.requests,
            "postgresql": self.server / self.requests,
            "bytes": self.sent / self.requests,
            "wal": each.wal,
        }


class Table:
    """Measures the pages of one commit whose server is up."""

    def __init__(self, side: Side, desk: dict[str, Any]) -> None:
        self.side, self.desk = side, desk
        self.statistics = side.statistics()
        self.rows: dict[str, Row] = {}
        self.browsers = {
            name: Browser(side.port, cookies) for name, cookies in desk["cookies"].items()
        }

    def blocks(self, only: str) -> Iterator[tuple[str, Callable[[], None]]]:
        """What there is to measure, as functions that measure a block of it."""
        for page in self.desk["pages"]:
            if only in page["name"]:
                yield page["name"], self._page(page)
        for name, make in self._saves():
            if only in name:
                yield name, self._save(name, make)

    def _page(self, page: dict) -> Callable[[], None]:
        browser, addresses = self.browsers[page["whose"]], page["addresses"]
        many = len(addresses) if len(addresses) > len(self.clients) else REPEATS
        used = addresses if many > REPEATS else addresses[READ]

        def measure() -> None:
            done = self.rows[page["name"]].requests if page["name"] in self.rows else 0
            several = [used[(done + n) % len(used)] for n in range(many)]
            if not done:
                for address in several[: WARM if many > 1 else 0]:
                    browser.get(address)
            self._measured(page["name"], browser, [("GET", address) for address in several], 200)

        return measure

    @property
    def clients(self) -> list[int]:
        return list(range(1, 40))

    def _saves(self) -> Iterator[tuple[str, Callable[[], Iterator[tuple]]]]:
        alice = self.browsers["alice"]
        users = (self.desk["users"]["alice"], self.desk["users"]["worker0"])
        written = self.clients[WRITTEN]

        def results(names: tuple, **typed: str) -> Callable[[], Iterator[tuple]]:
            def make() -> Iterator[tuple]:
                for first, last in (names * REPEATS)[:REPEATS]:
                    sent = saves.search(alice, first_name=first, last_name=last, **typed)
                    yield (200, alice, "GET", alice.post(*sent).location)

            return make

        def each(save: Callable, **more: Any) -> Callable:
            return lambda: ((302, alice, "POST", *save(alice, one, **more)) for one in written)

        def duplicates() -> Iterator[tuple]:
            for client in written:
                known = alice.form(f"/clients/{client}/edit/", "first_name").sent
                names = {name: known[name][0] for name in ("first_name", "last_name", "dob")}
                yield (200, alice, "POST", *saves.add_client(alice, **names))

        yield "results: 3+3 letters", results(NAMES)
        yield "results: misspelt names", results(MISSPELT)
        yield "results: misspelt, date of birth", results(MISSPELT, dob="05/17/1980")
        yield "add client: duplicates asked", duplicates
        yield "save a note", each(saves.note)
        yield "edit client: save", each(saves.edit_client)
        yield "hand over: save", each(saves.hand_over, users=users)
        yield (
            "intake: Finish, one adult",
            lambda: ((302, alice, "POST", *finish(alice, number)) for number in range(5)),
        )
        yield from self._steps(alice)

    @staticmethod
    def _steps(alice: Browser) -> Iterator[tuple[str, Callable[[], Iterator[tuple]]]]:
        """Each step of an intake, shown and saved: of drafts that are all at this step."""
        drafts = cache(lambda: [Intake(alice, number) for number in range(REPEATS)])

        def shown(step: str) -> Callable[[], Iterator[tuple]]:
            return lambda: ((200, alice, "GET", one.reach(step)) for one in drafts())

        def saved(step: str) -> Callable[[], Iterator[tuple]]:
            return lambda: ((302, alice, "POST", *one.save(step)) for one in drafts())

        for step in STEPS:
            yield f"intake: {step}, shown", shown(step)
            if step != "review":
                yield f"intake: {step}, saved", saved(step)

    def _save(self, name: str, make: Callable[[], Iterator[tuple]]) -> Callable[[], None]:
        def measure() -> None:
            if name not in self.rows:
                _, browser, *request = next(make())
                browser.request(*request)
            several = list(make())  # every form is read before the first one is sent
            status, browser = several[0][:2]
            self._measured(name, browser, [one[2:] for one in several], status)

        return measure

    def _measured(self, name: str, browser: Browser, several: list[tuple], status: int) -> None:
        row = self.rows.setdefault(name, Row(name))
        workers = self.side.workers()
        before = self.statistics.counted()
        python, server = processor_ms(workers), processor_ms(self.statistics.backends())
        answers = [expected(browser.request(*one), status, one[1]) for one in several]
        row.python += processor_ms(workers) - python
        row.server += processor_ms(self.statistics.backends()) - server
        row.counted += self.statistics.counted() - before
        for request, answer in zip(several, answers, strict=True):
            row.seconds.append(answer.seconds)
            row.sent += answer.sent
            row.by_address[request[1]] = answer.seconds * 1000


def select_floor(side: Side) -> Row:
    """One SELECT by primary key, prepared, as the web server's role."""
    row = Row("one SELECT by primary key")
    with psycopg.connect(side.cluster.url(side.database, "hmis_server"), autocommit=True) as link:
        backend = [link.info.backend_pid]
        python, server = time.process_time(), processor_ms(backend)
        for number in range(SELECTS):
            begin = time.perf_counter()
            link.execute(
                "SELECT * FROM clients_client WHERE id = %s", [number % 900 + 1]
            ).fetchone()
            row.seconds.append(time.perf_counter() - begin)
        row.python = (time.process_time() - python) * 1000
        row.server = processor_ms(backend) - server
    row.counted = Counted(SELECTS, 0, 0, 0)
    return row


def measure(sides: list[Side], only: str = "") -> dict[str, dict[str, Row]]:
    """The rows of each commit, measured in turns; the first is the floor of one SELECT."""
    tables = []
    for side in sides:
        side.start(workers=1)
        tables.append(Table(side, side.open(1)))
    for table in tables:
        floor = select_floor(table.side)
        table.rows[floor.name] = floor
    for blocks in zip(*(table.blocks(only) for table in tables), strict=True):
        for turn in range(BLOCKS):
            for table, (name, block) in zip(tables, blocks, strict=True):
                if turn == 0 or table.rows[name].requests < BLOCKS * REPEATS:
                    block()
        print(".", end="", file=sys.stderr, flush=True)
    for side in sides:
        side.stop()
    return {table.side.name: table.rows for table in tables}
