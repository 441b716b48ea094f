"""The database restarts, is away at the start, or one of its rows is held: who waits for what."""

import time
from statistics import median

import psycopg
import pytest

from hmis import embedded
from tests.faults.processes import all_at_once
from tests.server_process import ServerProcess

pytestmark = pytest.mark.django_db  # or pytest-django makes no database

LOG_IN = "/accounts/login/"


def test_held_row_stops_whoever_needs_it_and_nobody_else(desks, postgres):
    """Eight requests at once need the row; there are two workers of eight threads."""
    john = desks[0]
    john.ask("/")
    waited, others = [], []

    def need_it() -> None:
        waited.append(john.ask(f"/clients/{john.client_id}/case-notes/add/", john.note("Blocked")))

    with psycopg.connect(postgres.url) as holder:
        holder.execute("SELECT FROM clients_client WHERE id = %s FOR UPDATE", [john.client_id])
        threads = all_at_once(*[need_it] * 8)
        while any(thread.is_alive() for thread in threads):
            others += [desks[1].ask(LOG_IN), desks[2].ask(desks[2].client_page)]
            time.sleep(0.1)
    assert [answer.status for answer in waited] == [503] * 8
    assert all("Somebody else is saving this" in answer.body for answer in waited)
    assert all("Met at the shelter" in answer.body for answer in waited)
    assert max(answer.seconds for answer in waited) < 20  # of DATABASE_LOCK_SECONDS=2
    assert {answer.status for answer in others} == {200, 302}  # who has logged in is sent home
    # One of them may have met a moment in which the machine stood still.
    assert median(answer.seconds for answer in others) < 1
    # And when the row is free, the same form goes through.
    john.write("Written after all")
    assert not postgres.ask("SELECT FROM casenotes_casenote WHERE title = 'Blocked'")


def test_restart_costs_at_most_the_requests_in_flight(desks, postgres):
    for _ in range(2):  # fill the pools of both workers
        for thread in all_at_once(*[lambda: desks[0].ask("/")] * 12):
            thread.join()
    of_server = "SELECT FROM pg_stat_activity WHERE usename = %s"
    assert len(postgres.ask(of_server, embedded.SERVER)) > 3
    postgres.kill()
    postgres.start()
    answers = [desk.ask("/") for desk in desks * 5]
    assert [answer.status for answer in answers] == [200] * 20


def test_database_away_at_the_start_and_back(postgres, people, log):
    """503 within 3 seconds, one line a request; when it is back, so is the service, by itself."""
    log = log.with_name("away.log")
    server = ServerProcess(log=log, DATABASE_URL=postgres.server_url)
    postgres.kill()
    try:
        server.start()
        desk = people(server.port)[0]
        answers = [desk.ask(path) for path in ("/", LOG_IN, desk.client_page, "/") * 2]
        assert {answer.status for answer in answers} == {503}
        assert median(answer.seconds for answer in answers) < 3
        assert all("The database does not answer" in answer.body for answer in answers)
        assert desk.ask("/health/").status == 503
        lines = log.read_text().splitlines()
        assert "neither its version nor" in lines[0]  # at the start
        assert len(lines) == 1 + len(answers) + 1, "\n".join(lines)
        assert not any("Traceback" in line for line in lines)
        postgres.start()
        deadline = time.monotonic() + 60
        while desk.ask("/").status != 200:
            assert time.monotonic() < deadline
        assert desk.ask("/health/").status == 200
    finally:
        server.kill()
        postgres.start()
