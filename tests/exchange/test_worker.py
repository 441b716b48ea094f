"""Exports that were asked for: run once, by one worker, whoever dies, cancels or comes too late."""

import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from agencies.models import SecurityEvent
from clients.models import Client, ClientAccess
from exchange import actions, jobs, kept, runs
from exchange.export.run import Progress
from exchange.imports.run import LOCK, import_files
from exchange.models import Transfer
from exchange.reading.refusals import RefusedError
from exchange.runs import Run, working
from exchange.states import KeptPart
from exchange.states import TransferState as State
from files.store import StoreError
from outbox.models import Delivery
from outbox.sending import Job
from tests.cas.mail.process import database_url
from tests.enrollments.factories import EnrollmentFactory
from tests.exchange.factories import KeptFileFactory, TransferFactory
from tests.exchange.sets import small_set
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.waits import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
PHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.SITE_URL = "http://testserver/"


@pytest.fixture
def enrolled(harbor, alice):
    """A client of Harbor with an enrollment."""
    client = ClientFactory(organization=harbor, created_by=alice, first_name="Anneliese")
    project = ProjectFactory(organization=harbor)
    EnrollmentFactory(client=client, organization=harbor, project=project)
    return client


def asked(harbor, dana, **values):
    return actions.ask_for_export(by=dana, organization=harbor, **values)


def run_now():
    call_command("run_transfers")


def outcome(row):
    row = Transfer.objects.get(pk=row.pk)
    return row.status, row.problem


def csv_files(row, password=None):
    file = io.BytesIO(kept.opened(Transfer.objects.get(pk=row.pk).result).read())
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name, password).decode() for name in archive.namelist()}


def test_export_is_made_counted_and_mailed(harbor, dana, enrolled):
    row = asked(harbor, dana)
    run_now()
    row.refresh_from_db()
    assert row.status is State.DONE
    assert "Anneliese" in csv_files(row)["Client.csv"]
    counts = {one.file: one.rows for one in row.file_counts.all()}
    assert len(counts) == 24
    assert (counts["Client.csv"], counts["Enrollment.csv"]) == (1, 1)
    assert row.expires_at - timezone.now() > timedelta(days=django_settings.TRANSFER_DAYS - 1)
    Job().work()
    (letter,) = mail.outbox
    assert letter.to == [dana.email]
    assert row.get_absolute_url() in letter.body
    assert "Anneliese" not in letter.body + letter.subject
    assert not list(Path(django_settings.FILE_UPLOAD_TEMP_DIR).glob(f"{jobs.FOLDERS}*"))


def test_mail_is_left_out_where_the_page_was_looked_at(harbor, dana, enrolled):
    row = asked(harbor, dana)
    run_now()
    Transfer.objects.filter(pk=row.pk).update(seen_at=timezone.now())
    Job().work()
    assert not mail.outbox
    assert not Delivery.objects.exists()


def test_export_takes_the_choices_of_its_form(harbor, dana, enrolled):
    project = ProjectFactory(organization=harbor, project_name="Another")
    row = asked(
        harbor,
        dana,
        projects=[project],
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        is_hashed=True,
    )
    run_now()
    assert outcome(row) == (State.DONE, "")
    files = csv_files(row)
    assert "Another" in files["Project.csv"]
    assert len(files["Project.csv"].splitlines()) == 2
    assert "Anneliese" not in files["Client.csv"]
    assert "2026-12-31" in files["Export.csv"]


def test_passphrase_encrypts_the_zip_and_is_forgotten(harbor, dana, enrolled):
    row = asked(harbor, dana, passphrase=PHRASE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT passphrase FROM exchange_transfer")
        assert PHRASE not in cursor.fetchone()[0]
    run_now()
    row.refresh_from_db()
    assert (row.passphrase, row.is_encrypted) == ("", True)
    with pytest.raises((RuntimeError, NotImplementedError)):
        csv_files(row)


@pytest.mark.parametrize("lost", ["role", "account"])
def test_who_has_no_access_any_more_gets_nothing(harbor, dana, enrolled, lost):
    row = asked(harbor, dana)
    if lost == "role":
        dana.memberships.update(role="case_manager")
    else:
        dana.is_active = False
        dana.save()
    run_now()
    status, problem = outcome(row)
    assert status is State.FAILED
    assert problem.endswith(".")
    assert not row.kept_files.exists()
    assert not ClientAccess.objects.filter(kind="export").exists()


def test_fault_of_the_portal_is_told_as_one_and_not_quoted(
    harbor, dana, enrolled, monkeypatch, caplog
):
    def broken(**options):
        raise ValueError("Anneliese 123-45-6789")

    monkeypatch.setattr(jobs, "exported", broken)
    row = asked(harbor, dana)
    run_now()
    status, problem = outcome(row)
    assert status is State.FAILED
    assert f"Export {row.pk}" in problem
    assert "Anneliese" not in problem + "".join(one.getMessage() for one in caplog.records)


def test_store_that_does_not_answer_fails_it_with_a_sentence(harbor, dana, enrolled, monkeypatch):
    def refuses(*place, **options):
        raise StoreError

    monkeypatch.setattr("files.store.put", refuses)
    row = asked(harbor, dana)
    run_now()
    assert outcome(row) == (State.FAILED, jobs.NO_STORE)


# At work


@pytest.fixture
def steps(monkeypatch):
    """Make an export of three steps; a function is called before each of them."""

    def made(between):
        def exported(*, target, **options):
            for number in (1, 2, 3):
                between(number)
                yield Progress("Client", number, 3, 10, is_done=True)
            target.write_bytes(b"a zip")

        monkeypatch.setattr(jobs, "exported", exported)
        monkeypatch.setattr(runs, "SECONDS_BETWEEN_STEPS", 0)

    return made


def test_progress_is_seen_by_others_while_it_works(harbor, dana, steps):
    row, seen = asked(harbor, dana), []

    def look(number):
        with psycopg.connect(database_url()) as other:
            found = other.execute("SELECT state, files_done, files_total FROM exchange_transfer")
            seen.append(found.fetchone())

    steps(look)
    run_now()
    assert seen == [("running", 0, 0), ("running", 1, 3), ("running", 2, 3)]
    assert outcome(row)[0] is State.DONE


def test_what_is_canceled_while_it_runs_stops_and_leaves_nothing(harbor, dana, steps):
    row = asked(harbor, dana, passphrase=PHRASE)
    steps(lambda number: number == 2 and actions.cancel(transfer=row, by=dana))
    run_now()
    row.refresh_from_db()
    assert (row.status, row.passphrase, row.problem) == (State.CANCELED, "", "")
    assert not row.kept_files.exists()
    assert not Delivery.objects.exists()


def test_time_limit_fails_it_with_a_sentence(harbor, dana, steps, settings):
    settings.TRANSFER_HOURS = 0
    row = asked(harbor, dana)
    steps(lambda number: None)
    run_now()
    status, problem = outcome(row)
    assert status is State.FAILED
    assert "longer than 0 hours" in problem


def test_worker_that_has_to_end_releases_it(harbor, dana, steps):
    row = asked(harbor, dana)
    with working() as worker:

        def stop(number):
            worker.must_stop = number == 2

        steps(stop)
        with worker.taken_up() as run:
            jobs.work(run)
        row.refresh_from_db()
        assert (row.status, row.interruptions, row.attempts) == (State.QUEUED, 1, 1)
        worker.must_stop = False
        steps(lambda number: None)
        with worker.taken_up() as run:
            jobs.work(run)
    assert outcome(row)[0] is State.DONE


def test_two_workers_take_up_each_transfer_once_and_one_of_an_organization(harbor, dana, bridge):
    first, second = asked(harbor, dana), asked(harbor, dana)
    other = TransferFactory(organization=bridge)
    with working() as one, working() as two, one.taken_up() as run, two.taken_up() as another:
        assert (run.row, another.row) == (first, other)
        with working() as third, third.taken_up() as nothing:
            assert nothing is None
    assert outcome(second)[0] is State.QUEUED


def test_site_and_organization_do_not_wait_for_each_other_but_two_of_the_site_do():
    admin = UserFactory(is_superuser=True)
    site, again = (TransferFactory(organization=None, asked_by=admin) for _ in range(2))
    with working() as one, working() as two, one.taken_up() as run, two.taken_up() as nothing:
        assert run.row == site
        assert nothing is None
    assert outcome(again)[0] is State.QUEUED


def running(row):
    Transfer.objects.filter(pk=row.pk).update(state=State.RUNNING, attempts=1)
    row.refresh_from_db()
    return row


def test_transfer_of_a_dead_worker_is_taken_up_again(harbor, dana, enrolled):
    row = running(asked(harbor, dana))
    run_now()
    row.refresh_from_db()
    assert (row.status, row.attempts, row.interruptions) == (State.DONE, 2, 1)


def test_transfer_of_a_living_worker_is_left_alone(harbor, dana, enrolled):
    asked(harbor, dana)
    with working() as one, one.taken_up() as run:
        with working() as two:
            assert two.take_back() == 0
        assert outcome(run.row)[0] is State.RUNNING


def test_transfer_whose_workers_die_again_and_again_fails(harbor, dana):
    row = running(asked(harbor, dana, passphrase=PHRASE))
    Transfer.objects.update(interruptions=runs.MOST_INTERRUPTIONS - 1)
    run_now()
    row.refresh_from_db()
    assert (row.status, row.problem, row.passphrase) == (State.FAILED, runs.INTERRUPTED, "")
    assert Delivery.objects.filter(kind="transfer", recipient=dana).count() == 1


def test_canceled_transfer_of_a_dead_worker_is_not_taken_up_again(harbor, dana):
    row = running(asked(harbor, dana))
    actions.cancel(transfer=row, by=dana)
    run_now()
    assert outcome(row)[0] is State.CANCELED


def test_worker_given_up_for_dead_by_mistake_writes_nothing_more(harbor, dana, steps):
    row = asked(harbor, dana)
    steps(lambda number: number == 3 and Transfer.objects.update(attempts=7))
    with working() as worker, worker.taken_up() as run:
        jobs.work(run)
    row.refresh_from_db()
    assert (row.status, row.attempts) == (State.RUNNING, 7)
    assert not row.kept_files.exists()
    assert not row.file_counts.exists()


def test_worker_without_its_connection_goes_no_further(harbor, dana):
    asked(harbor, dana)
    with working() as worker, worker.taken_up() as run:
        worker.life.close()
        with pytest.raises(runs.NoLongerOursError):
            run.step("Client", rows=(1, 2))


def test_step_is_written_once_a_second(harbor, dana):
    asked(harbor, dana)
    now = [0.0]
    with working() as worker, worker.taken_up() as taken:
        run = Run(taken.row, worker, clock=lambda: now[0])
        for rows in (1, 2, 3):
            run.step("Client", rows=(rows, 0))
            now[0] += 0.4
        assert Transfer.objects.get().rows_done == 1
        run.step("Exit", rows=(4, 0))
        assert Transfer.objects.get().rows_done == 4


def test_killed_worker_is_noticed_and_the_export_is_made(harbor, dana, enrolled, settings):
    """A process of its own, killed with a signal that nobody can handle."""
    row = asked(harbor, dana)
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "MEDIA_ROOT": settings.MEDIA_ROOT,
        "UPLOAD_TEMP_DIR": settings.FILE_UPLOAD_TEMP_DIR,
    }

    def left() -> list[Path]:
        return list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob(f"{jobs.FOLDERS}*"))

    with psycopg.connect(database_url()) as holder:  # it stops at the first step after its claim
        holder.execute("LOCK TABLE clients_clientaccess IN ACCESS EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_transfers"], cwd=ROOT, env=environment
        )
        wait_until(lambda: outcome(row)[0] is State.RUNNING and left())
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert left()
    with working() as worker:
        wait_until(lambda: worker.is_dead(row.pk))  # PostgreSQL notices it in its own time
    run_now()
    assert outcome(row) == (State.DONE, "")
    assert not left()


# Imports


@pytest.fixture
def uploaded(harbor, dana, tmp_path):
    """A function that uploads a set of files for Harbor, and gives its transfer."""

    def uploaded(files=None, **values):
        path = tmp_path / "upload.zip"
        (files or small_set()).write_zip(path, values.get("passphrase", ""))
        with path.open("rb") as plain, kept.stored(plain) as upload:
            return actions.ask_for_import(
                by=dana, organization=harbor, source_name="ClientTrack", upload=upload, **values
            )

    return uploaded


def found(row):
    counts = {one.file: one for one in row.file_counts.all()}
    one = counts["Client.csv"]
    return one.new, one.changed, one.unchanged, one.refused


def test_import_changes_nothing_before_it_is_confirmed_and_then_all(uploaded, dana):
    row = uploaded(passphrase=PHRASE)
    run_now()
    row.refresh_from_db()
    assert (row.status, row.problem) == (State.WAITING, "")
    assert not Client.objects.exists()
    assert row.passphrase == PHRASE
    people = found(row)[0]
    assert people > 0
    assert row.findings.exists()
    actions.confirm(transfer=row, by=dana)
    run_now()
    row.refresh_from_db()
    assert (row.status, row.problem, row.passphrase) == (State.DONE, "", "")
    assert Client.objects.count() == people
    assert not row.kept_files.exists()
    again = uploaded()
    run_now()
    assert found(again) == (0, 0, people, 0)


def test_import_is_checked_again_where_another_one_was_done_after_its_check(uploaded, dana):
    """Both were confirmed before either was done: what the second page promised is not so."""
    first, second = uploaded(), uploaded(passphrase=PHRASE)
    run_now()
    people = found(second)[0]
    assert people > 0
    for row, place in ((first, "192.0.2.1"), (second, "192.0.2.2")):
        assert actions.confirm(transfer=row, by=dana, address=place)
    run_now()
    assert outcome(first) == (State.DONE, "")
    assert outcome(second) == (State.WAITING, jobs.CHECKED_AGAIN)
    assert found(second) == (0, 0, people, 0)
    second.refresh_from_db()
    confirmed = (second.confirmed_at, second.confirmed_by, second.confirmed_from)
    assert (confirmed, second.passphrase) == ((None, None, None), PHRASE)
    imported = SecurityEvent.objects.filter(kind="imported", user=dana)
    assert [(one.detail, one.address) for one in imported] == [
        ({"transfer": first.pk}, "192.0.2.1")
    ]
    call_command("send_mail")
    told = [one.body for one in mail.outbox if one.subject.startswith(f"HMIS CSV: {second} ")]
    assert "was checked again, because another import was done since, and waits" in told[-1]
    # The upload is there still.
    assert actions.confirm(transfer=second, by=dana, address="192.0.2.3")
    run_now()
    assert outcome(second) == (State.DONE, "")
    assert imported.get(detail={"transfer": second.pk}).address == "192.0.2.3"


def test_confirmed_import_that_fails_keeps_who_confirmed_it_and_has_no_event(
    uploaded, dana, monkeypatch
):
    row = uploaded()
    run_now()
    assert actions.confirm(transfer=row, by=dana, address="192.0.2.1")

    def refuse(**options):
        raise RefusedError("Export.csv has 2 rows. It must have one.")

    monkeypatch.setattr(jobs, "import_files", refuse)
    run_now()
    assert outcome(row)[0] is State.FAILED
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert (row.confirmed_by, row.confirmed_from) == (dana, "192.0.2.1")
    assert not SecurityEvent.objects.filter(kind="imported").exists(), "nothing was imported"


@pytest.mark.parametrize(
    ("whose", "is_applied"),
    [("the site", False), ("the organization", False), ("another organization", True)],
)
def test_import_of_a_command_calls_for_another_check_where_it_was_of_the_same_records(
    uploaded, dana, harbor, bridge, whose, is_applied
):
    row = uploaded()
    run_now()
    organizations = {"the site": None, "the organization": harbor, "another organization": bridge}
    path = django_settings.FILE_UPLOAD_TEMP_DIR
    small_set().write_zip(Path(path) / "beside.zip")
    import_files(
        source=Path(path) / "beside.zip",
        by=dana,
        organization=organizations[whose],
        source_name="Elsewhere",
    )
    actions.confirm(transfer=row, by=dana)
    run_now()
    assert outcome(row)[0] is (State.DONE if is_applied else State.WAITING)


def test_set_that_cannot_be_read_to_its_end_fails_with_its_sentence(uploaded, monkeypatch):
    row = uploaded()

    def refuse(**options):
        raise RefusedError("Export.csv has 2 rows. It must have one.")

    monkeypatch.setattr(jobs, "import_files", refuse)
    run_now()
    assert outcome(row) == (State.FAILED, "Export.csv has 2 rows. It must have one.")
    assert not row.kept_files.exists()


def test_import_waits_while_another_one_is_on_its_way(uploaded, dana):
    row = uploaded()
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        run_now()
        row.refresh_from_db()
        assert (row.status, row.interruptions) == (State.QUEUED, 0)
    run_now()
    assert outcome(row)[0] is State.WAITING


def test_two_imports_do_not_run_at_once_whosever_they_are(uploaded, bridge):
    uploaded()
    TransferFactory(organization=bridge, kind="import")
    with working() as one, working() as two, one.taken_up() as run, two.taken_up() as nothing:
        assert run is not None
        assert nothing is None


def test_confirmed_import_whose_worker_lost_it_is_undone(uploaded, dana, monkeypatch):
    row = uploaded()
    run_now()
    actions.confirm(transfer=row, by=dana)
    whole = jobs.import_files

    def taken_over(**options):
        outcome = whole(**options)
        with psycopg.connect(database_url()) as other:
            other.execute("UPDATE exchange_transfer SET attempts = 9")
        return outcome

    monkeypatch.setattr(jobs, "import_files", taken_over)
    with working() as worker, worker.taken_up() as run:
        jobs.work(run)
    assert not Client.objects.exists()
    monkeypatch.undo()


def test_import_within_which_postgresql_is_started_again_is_taken_up_again(
    uploaded, dana, monkeypatch
):
    row = uploaded()
    run_now()
    people = found(row)[0]
    actions.confirm(transfer=row, by=dana)
    with working() as worker, worker.taken_up() as run:

        def started_again(**options):
            pids = [worker.life.info.backend_pid, connection.connection.info.backend_pid]
            with psycopg.connect(database_url()) as other:
                other.execute("SELECT pg_terminate_backend(pid, 60000) FROM unnest(%s) pid", [pids])
            return import_files(**options)

        with monkeypatch.context() as patch:
            patch.setattr(jobs, "import_files", started_again)
            jobs.work(run)
    assert outcome(row) == (State.RUNNING, "")
    run_now()
    row.refresh_from_db()
    assert (row.status, row.interruptions) == (State.DONE, 1)
    assert Client.objects.count() == people


def test_statement_that_outlives_the_time_limit_is_ended(uploaded, monkeypatch):
    row = uploaded()

    def slow(**options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr(jobs, "import_files", slow)
    monkeypatch.setattr(Run, "left_ms", 50)
    run_now()
    status, problem = outcome(row)
    assert status is State.FAILED
    assert problem.startswith("It took longer")


# Afterwards


def test_expired_files_are_deleted_and_the_row_says_so(harbor, dana, enrolled, time_machine):
    row = asked(harbor, dana)
    run_now()
    file = Transfer.objects.get().result
    time_machine.move_to(timezone.now() + timedelta(days=django_settings.TRANSFER_DAYS, hours=1))
    run_now()
    assert outcome(row)[0] is State.EXPIRED
    assert not row.kept_files.exists()
    with pytest.raises(StoreError):
        kept.pieces(file)


def test_import_that_nobody_confirms_expires(time_machine):
    row = TransferFactory(checked=True, is_encrypted=True, passphrase=PHRASE)
    KeptFileFactory(transfer=row, part=KeptPart.UPLOAD)
    time_machine.move_to(timezone.now() + timedelta(days=8))
    run_now()
    row.refresh_from_db()
    assert (row.status, row.passphrase) == (State.EXPIRED, "")
    assert not row.kept_files.exists()


def test_what_is_at_work_does_not_expire():
    row = TransferFactory(state="running")
    actions.expire(row)
    assert outcome(row)[0] is State.RUNNING


def test_confirming_twice_queues_once(harbor, dana):
    row = TransferFactory(checked=True, organization=harbor)
    assert actions.confirm(transfer=row, by=dana)
    assert not actions.confirm(transfer=row, by=dana)
    row.refresh_from_db()
    assert (row.status, row.confirmed_by) == (State.QUEUED, dana)


def test_another_organization_is_another_one(dana):
    row = TransferFactory(checked=True, organization=OrganizationFactory())
    for act in (actions.confirm, actions.cancel):
        with pytest.raises(actions.PermissionDenied):
            act(transfer=row, by=dana)
    with pytest.raises(actions.PermissionDenied):
        actions.ask_for_export(by=dana, organization=None)
