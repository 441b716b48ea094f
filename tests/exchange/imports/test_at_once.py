"""Two imports at once, and one that is killed."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection, connections, transaction

from clients.models import Client
from exchange.imports import run
from exchange.models import SourceKey
from exchange.reading.refusals import RefusedError
from tests.exchange.imports.counting import totals
from tests.waits import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[3]
from agencies.models import User
from exchange.imports.run import import_files

def die(file, done, rows):
    if file == "Services":
        os.kill(os.getpid(), signal.SIGKILL)

by = User.objects.get(pk=sys.argv[2])
import_files(source=Path(sys.argv[1]), by=by, progress=die)
"""


def test_second_import_at_the_same_time_is_refused(imported):
    begun, ended = threading.Event(), threading.Event()
    refused = []

    def other():
        begun.wait(30)
        try:
            run.import_files(source=path, by=imported.by)
        except RefusedError as error:
            refused.append(str(error))
        finally:
            ended.set()
            connections.close_all()

    def wait(file, done, rows):
        begun.set()
        assert ended.wait(60)

    path = imported.files.write_zip(imported.folder / "other.zip")
    thread = threading.Thread(target=other)
    thread.start()
    outcome = imported(progress=wait)
    thread.join(60)
    assert refused == [run.BUSY]
    assert outcome.counts["Client"].new == Client.objects.count() == 3


def test_killed_import_leaves_nothing_and_may_be_run_again(imported):
    path = imported.files.write_zip(imported.folder / "set.zip")
    name = str(connection.settings_dict["NAME"])
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(imported.by.pk), name],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hmis.settings"},
        capture_output=True,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    wait_until(nobody_imports)  # PostgreSQL notices a dead process as it answers
    assert not Client.objects.exists()
    assert not SourceKey.objects.exists()
    again = imported()
    assert totals(again) == (sum(one.rows for one in again.counts.values()), 0, 0)


def nobody_imports() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [run.LOCK])
        return cursor.fetchone()[0]
