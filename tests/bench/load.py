"""Many users at once: requests a second, waiting times, errors, lost writes and memory.

Each user is one of the case managers in a browser of his own, and works on his own clients: reads
pages, searches, and saves notes. What was acknowledged is looked for in the database afterwards.
"""

import http.client
import random
import statistics
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.bench import saves
from tests.bench.browser import Browser, UnexpectedAnswerError, expected
from tests.bench.cluster import processor_ms
from tests.bench.sides import Side

WARMING = 4  # users, before anything is measured
LEVELS = (1, 2, 4, 8, 16, 32, 64)
SECONDS, ROUNDS = 10, 2  # of each level, one commit after the other
SECONDS_BETWEEN_SAMPLES = 10
PAUSE = 5.0  # mean seconds between two pages of a user, in the long run only
# What users do, and how often among a hundred.
MIX = {
    "dashboard": 24,
    "results": 18,
    "home": 12,
    "case notes": 10,
    "save a note": 8,
    "one enrollment": 8,
    "services": 6,
    "client files": 5,
    "edit client": 5,
    "caseload": 4,
}
ADDRESSES = {
    "dashboard": "/clients/{}/",
    "case notes": "/clients/{}/case-notes/",
    "one enrollment": "/clients/{}/enrollments/",
    "services": "/clients/{}/services/",
    "client files": "/clients/{}/files/",
    "edit client": "/clients/{}/edit/",
    "home": "/",
    "caseload": "/caseload/",
}
NAMES = ("jam smi", "mar joh", "jo wil", "pat bro", "lin gar", "rob dav", "su mil", "ana lop")
HEAD = (
    "| requests | a second | p50 ms | p95 | p99 | processor ms a request | errors | notes saved"
    " | lost or doubled"
)
SAVED = "SELECT title FROM casenotes_casenote WHERE title = ANY(%s)"


@dataclass
class Outcome:
    """What all users of one level met."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    took: float = 0
    processor: float = 0  # ms of the web processes and PostgreSQL
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds, MB of a worker

    def percentile(self, part: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000

    def add(self, other: "Outcome") -> None:
        for name in ("seconds", "errors", "acknowledged", "memory"):
            getattr(self, name).extend(getattr(other, name))
        self.took += other.took
        self.processor += other.processor


class User(threading.Thread):
    """Works until `over` is set."""

    def __init__(self, port: int, cookies: str, clients: list[int], seed: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.clients = Browser(port, cookies), clients
        self.rng = random.Random(seed)
        self.over = threading.Event()
        self.pause = 0.0
        self.outcome = Outcome()

    def run(self) -> None:
        while not self.over.is_set():
            what = self.rng.choices(list(MIX), list(MIX.values()))[0]
            try:
                self.work(what)
            except (OSError, http.client.HTTPException, UnexpectedAnswerError) as error:
                self.outcome.errors.append(f"{what}: {type(error).__name__} {error}"[:300])
            if self.pause:
                self.over.wait(self.rng.expovariate(1 / self.pause))
        self.browser.close()

    def work(self, what: str) -> None:
        client = self.rng.choice(self.clients)
        if what == "results":
            first, last = self.rng.choice(NAMES).split()
            address, form = saves.search(self.browser, first_name=first, last_name=last)
            self.timed("GET", self.timed("POST", address, 302, form).location, 200)
        elif what == "save a note":
            title = f"Load {uuid.uuid4().hex}"
            address, form = saves.note(self.browser, client, title)
            self.timed("POST", address, 302, form)
            self.outcome.acknowledged.append(title)
        else:
            self.timed("GET", ADDRESSES[what].format(client), 200)

    def timed(self, method: str, address: str, status: int, form: dict | None = None):
        answer = self.browser.request(method, address, form)
        self.outcome.seconds.append(answer.seconds)
        return expected(answer, status, address)


class Team:
    """The users of one commit, whose server is up."""

    def __init__(self, side: Side, desk: dict[str, Any]) -> None:
        self.side, self.desk = side, desk
        self.statistics = side.statistics()

    def work(self, many: int, seconds: float, pause: float = 0) -> Outcome:
        """So many users at once for so long."""
        users = [
            User(
                self.side.port,
                self.desk["cookies"][f"worker{number}"],
                self.desk["caseloads"][f"worker{number}"],
                seed=number,
            )
            for number in range(many)
        ]
        outcome = Outcome()
        before = self._processor()
        begin = time.monotonic()
        for user in users:
            user.pause = pause
            user.start()
        while (left := begin + seconds - time.monotonic()) > 0:
            time.sleep(min(left, SECONDS_BETWEEN_SAMPLES))
            outcome.memory.append((time.monotonic() - begin, self._memory()))
        for user in users:
            user.over.set()
        for user in users:
            user.join(120)
        outcome.took = time.monotonic() - begin
        outcome.processor = self._processor() - before
        for user in users:
            user.outcome.took = 0
            outcome.add(user.outcome)
        return outcome

    def _processor(self) -> float:
        return processor_ms([*self.side.workers(), *self.statistics.backends()])

    def _memory(self) -> float:
        """Megabytes of a worker's own, the mean of all."""
        found = [psutil.Process(pid).memory_full_info().uss for pid in self.side.workers()]
        return statistics.mean(found) / 1e6

    def lost(self, outcome: Outcome) -> int:
        """How many acknowledged notes are not there exactly once."""
        rows = self.statistics.link.execute(SAVED, [outcome.acknowledged]).fetchall()
        found = [title for (title,) in rows]
        return len(set(outcome.acknowledged) - set(found)) + len(found) - len(set(found))


def teams(sides: list[Side], users: int) -> list[Team]:
    found = []
    for side in sides:
        side.start(workers=3)  # as .env.example has it
        found.append(Team(side, side.open(users)))
    return found


def mixed(sides: list[Side], levels: Sequence[int]) -> None:
    """Print a line for each level and commit."""
    everybody = teams(sides, max(*levels, WARMING))
    for team in everybody:
        team.work(WARMING, 5)
    print(f"| users | commit {HEAD} |\n|---|---{HEAD.count('|') * '|---'}|")
    for many in levels:
        outcomes = [Outcome() for _ in everybody]
        for _ in range(ROUNDS):
            for team, outcome in zip(everybody, outcomes, strict=True):
                outcome.add(team.work(many, SECONDS))
        for team, outcome in zip(everybody, outcomes, strict=True):
            print(f"| {many} | {team.side.name} | {line(team, outcome)} |", flush=True)
            for error in outcome.errors[:3]:
                print(f"<!-- {error} -->")
    for side in sides:
        side.stop()


def line(team: Team, outcome: Outcome) -> str:
    requests = len(outcome.seconds)
    times = " | ".join(f"{outcome.percentile(part):.0f}" for part in (0.5, 0.95, 0.99))
    return (
        f"{requests:,} | {requests / outcome.took:.1f} | {times} "
        f"| {outcome.processor / requests:.1f} | {len(outcome.errors)} "
        f"| {len(outcome.acknowledged)} | {team.lost(outcome)}"
    )


def soak(side: Side, many: int, minutes: float) -> None:
    """Users who pause between two pages, for minutes: errors, lost writes, memory."""
    team = teams([side], many)[0]
    outcome = team.work(many, minutes * 60, PAUSE)
    print(f"{many} users, {minutes:g} minutes, {PAUSE:g} s between two pages of a user\n")
    print(f"{HEAD} |\n{HEAD.count('|') * '|---'}|")
    print(f"| {line(team, outcome)} |\n")
    for error in outcome.errors[:5]:
        print(f"<!-- {error} -->")
    each = max(len(outcome.memory) // 10, 1)
    samples = [f"{at / 60:.0f} min {mb:.0f} MB" for at, mb in outcome.memory[::each]]
    print("A worker's own memory:", ", ".join(samples))
    side.stop()
