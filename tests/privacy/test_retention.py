"""Retention: seven years after the last change, listed first, never what is open or held."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from casenotes.models import CaseNote
from clients.models import Client
from enrollments.models import Enrollment, IntakeDraft
from files.models import ClientFile
from privacy.erasure.retention import due_clients, last_day
from privacy.models import ClientRequest, Erasure, RetentionList
from tests.casenotes.factories import CaseNoteFactory
from tests.consent.factories import ReleaseFactory, revoked
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.files.factories import file_of
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory

LONG_AGO = datetime(2015, 3, 4, 12, tzinfo=UTC)


def aged(client):
    Client.objects.filter(pk=client.pk).update(date_updated=LONG_AGO, date_created=LONG_AGO)
    return client


@pytest.fixture
def jane(harbor, alice):
    """Nobody has changed anything of her since 2015."""
    return aged(ClientFactory(organization=harbor, created_by=alice, first_name="Jane"))


def run(*args, **options) -> str:
    out = io.StringIO()
    call_command("apply_retention", *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def due() -> set[int]:
    return set(due_clients().values_list("pk", flat=True))


def listed(tmp_path) -> tuple[str, str]:
    path = str(tmp_path / "due.csv")
    said = run(to=path)
    return path, said.rpartition("--confirm ")[2].strip()


def old(row, **values):
    type(row)._base_manager.filter(pk=row.pk).update(date_updated=LONG_AGO, **values)
    return row


@pytest.mark.parametrize(
    ("today", "since"),
    [(date(2026, 11, 29), date(2019, 11, 29)), (date(2028, 2, 29), date(2021, 2, 28))],
)
def test_seven_years_before_today(today, since):
    assert last_day(today) == since


def test_years_are_a_setting(settings, jane):
    assert due() == {jane.pk}
    settings.RETENTION_YEARS = 50
    assert due() == set()


def test_last_day_of_the_period_is_not_due_yet(jane):
    since = timezone.make_aware(datetime.combine(last_day(), datetime.min.time()))
    Client.objects.filter(pk=jane.pk).update(date_updated=since)
    assert due() == set()
    Client.objects.filter(pk=jane.pk).update(date_updated=since - timedelta(seconds=1))
    assert due() == {jane.pk}


KEEPS = {
    "note": lambda client: CaseNoteFactory(client=client),
    "deleted note": lambda client: CaseNoteFactory(client=client).mark_deleted(
        by=client.created_by
    ),
    "file": file_of,
    "enrollment": lambda client: EnrollmentFactory(client=client, exit_date=date(2026, 2, 1)),
    "release": lambda client: ReleaseFactory(client=client),
    "revoked release": lambda client: revoked(ReleaseFactory(client=client, date_created=LONG_AGO)),
    "open enrollment": lambda client: old(EnrollmentFactory(client=client)),
    "request": lambda client: old(ClientRequestFactory(client=client)),
    "hold": lambda client: old(LegalHoldFactory(client=client)),
    "intake": lambda client: IntakeDraft.objects.create(
        organization=client.organization,
        created_by=client.created_by,
        client=client,
        step="family",
        updated_at=LONG_AGO,
    ),
}


@pytest.mark.parametrize("name", KEEPS)
def test_what_was_changed_or_is_open_keeps_a_record(jane, name):
    KEEPS[name](jane)
    assert due() == set()


def test_old_records_do_not_keep_one(jane):
    old(CaseNoteFactory(client=jane))
    old(EnrollmentFactory(client=jane), exit_date=date(2026, 2, 1))
    old(file_of(jane))
    ReleaseFactory(client=jane, date_created=LONG_AGO)  # without an end, and still no use of it
    assert due() == {jane.pk}
    assert CaseNote.objects.exists()
    assert ClientFile.objects.exists()


def test_list_holds_ids_alone_and_erases_nobody(jane, tmp_path):
    path, token = listed(tmp_path)
    assert Path(path).read_text().split() == ["client", str(jane.pk)]
    assert token
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"
    assert RetentionList.objects.get().clients == 1


def test_cron_counts_without_a_file(jane):
    assert "1 clients are due" in run()
    assert RetentionList.objects.get().clients == 1


def test_confirmed_list_is_erased(jane, dana, tmp_path):
    path, token = listed(tmp_path)
    assert "1 erased" in run(source=path, confirm=token, by=dana.email)
    assert Client.with_deleted.get(pk=jane.pk).first_name == ""
    assert Erasure.objects.get().cause == "retention"


@pytest.mark.parametrize("token", ["wrong", "000000000000"])
def test_token_of_another_list_erases_nobody(jane, dana, tmp_path, token):
    path, _ = listed(tmp_path)
    with pytest.raises(CommandError, match="token"):
        run(source=path, confirm=token, by=dana.email)
    assert not Erasure.objects.exists()


def test_list_that_was_edited_erases_nobody(harbor, alice, jane, dana, tmp_path):
    other = ClientFactory(organization=harbor, created_by=alice)
    path, token = listed(tmp_path)
    with Path(path).open("a") as file:
        file.write(f"{other.pk}\n")
    with pytest.raises(CommandError, match="token"):
        run(source=path, confirm=token, by=dana.email)


def test_who_was_changed_since_the_list_is_kept(harbor, alice, jane, dana, tmp_path):
    other = aged(ClientFactory(organization=harbor, created_by=alice))
    path, token = listed(tmp_path)
    CaseNoteFactory(client=jane)
    said = run(source=path, confirm=token, by=dana.email)
    assert f"Client ID {jane.pk} was kept" in said
    assert Client.objects.filter(pk=jane.pk).exists()
    assert not Client.objects.filter(pk=other.pk).exists()


def test_run_that_was_stopped_goes_on_with_the_same_list(harbor, alice, jane, dana, tmp_path):
    aged(ClientFactory(organization=harbor, created_by=alice))
    path, token = listed(tmp_path)
    assert "1 erased, 0 were before, 0 kept, 1 left" in run(
        source=path, confirm=token, by=dana.email, most=1
    )
    assert "1 erased, 1 were before, 0 kept, 0 left" in run(
        source=path, confirm=token, by=dana.email
    )
    assert Erasure.objects.count() == 2


def test_merged_away_id_is_not_listed_by_itself(harbor, alice, jane):
    gone = aged(ClientFactory(organization=harbor, created_by=alice, merged_into=jane))
    Client.objects.filter(pk=gone.pk).update(date_updated=LONG_AGO)
    assert due() == {jane.pk}
    assert not ClientRequest.objects.exists()
    assert not Enrollment.objects.exists()
