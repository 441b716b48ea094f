"""Kills while people write: no acknowledged write is lost, doubled or half done.

Three rounds in the suite; `make faults` makes 60, ROUNDS=200 make faults makes more.
"""

import os
import random
import signal
import threading
import time

import psutil
import pytest

from tests.faults.conftest import SERVICES
from tests.faults.processes import all_at_once
from tests.waits import wait_until

pytestmark = pytest.mark.django_db  # or pytest-django makes no database

ROUNDS = int(os.environ.get("FAULT_ROUNDS") or 4)


def kill_a_worker(server, postgres):
    master = psutil.Process(server.process.pid)
    wait_until(master.children)
    random.choice(master.children()).kill()


def kill_postgres(server, postgres):
    postgres.kill(signal.SIGKILL)
    postgres.start()


def stop_postgres_at_once(server, postgres):
    postgres.kill(signal.SIGQUIT)
    postgres.start()


def kill_cron(server, postgres):
    command = postgres.command("find_duplicates", "--all")
    time.sleep(random.uniform(1, 4))
    command.kill()
    command.wait()


KILLS = [kill_a_worker, kill_postgres, stop_postgres_at_once, kill_cron]

LOST = "SELECT title FROM unnest(%s::text[]) title EXCEPT SELECT title FROM casenotes_casenote"
DOUBLED = """
    SELECT title FROM casenotes_casenote WHERE starts_with(title, 'Round ')
    GROUP BY title HAVING count(*) > 1
"""
# A note, its services and the history of each are one transaction.
HALF_DONE = """
    SELECT note.title FROM casenotes_casenote note
    WHERE starts_with(note.title, 'Round ') AND (
        (SELECT count(*) FROM casenotes_service s WHERE s.note_id = note.id) <> %s
        OR NOT EXISTS (SELECT FROM casenotes_casenoteevent e WHERE e.pgh_obj_id = note.id)
    )
"""


def test_kills_while_people_write(server, postgres, desks):
    for number in range(ROUNDS):
        stop = threading.Event()

        def write(desk, place, number=number, stop=stop):
            count = 0
            while not stop.is_set() or not count:
                count += 1
                desk.write(f"Round {number}, desk {place}, note {count}")

        threads = all_at_once(
            *[lambda desk=desk, place=place: write(desk, place) for place, desk in enumerate(desks)]
        )
        time.sleep(random.uniform(0.2, 0.8))
        KILLS[number % len(KILLS)](server, postgres)
        stop.set()
        for thread in threads:
            thread.join(timeout=90)
            assert not thread.is_alive()
    acknowledged = [title for desk in desks for title in desk.acknowledged]
    lost = postgres.ask(LOST, acknowledged)
    doubled = postgres.ask(DOUBLED)
    half_done = postgres.ask(HALF_DONE, SERVICES)
    print(  # noqa: T201 -- what `make faults` is for
        f"\n{ROUNDS} kills (worker, PostgreSQL SIGKILL, PostgreSQL immediate, cron command): "
        f"{len(acknowledged)} writes acknowledged, {sum(desk.failed for desk in desks)} tried "
        f"again, {len(lost)} lost, {len(doubled)} doubled, {len(half_done)} half done"
    )
    assert len(acknowledged) >= ROUNDS * len(desks)
    assert (lost, doubled, half_done) == ([], [], [])
    # Finished undisturbed, the command that was killed leaves the same as if it never had been.
    assert postgres.command("find_duplicates", "--all").wait(timeout=120) == 0
