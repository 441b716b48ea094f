"""Erasure: everything that says who a client is goes, everywhere; the statistics stay."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent, User
from clients.merge.undo import why_not
from clients.models import Client, NameSpelling
from enrollments.models import Enrollment, IntakeDraft
from files import quarantine
from files.models import StoredFile
from files.store import StoreError
from privacy.erasure import actions, files
from privacy.erasure.fields import DELETED, ERASED, KEPT, about_clients
from privacy.erasure.plan import Plan
from privacy.models import ClientRequest, Erasure, LegalHold
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ClientMergeFactory, UserFactory
from tests.files.factories import file_of
from tests.privacy import canary
from tests.privacy.factories import LegalHoldFactory, granted
from tests.privacy.texts import texts_of

KINDS = about_clients()


def run(*args, **options) -> str:
    out = io.StringIO()
    call_command("erase_client", *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def resolve(client) -> None:
    """Nothing of the client is open any more."""
    IntakeDraft.objects.filter(client=client).update(discarded_at=timezone.now())
    LegalHold.objects.filter(client=client).delete()
    Erasure.objects.filter(client=client).delete()


@pytest.fixture
def jane(harbor, alice, dana):
    """Somebody who may be erased, with one file."""
    client = ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="Jane",
        last_name="Quibbleton",
        ssn="219099876",
        ssn_data_quality=1,
    )
    file_of(client)
    granted(client, dana)
    return client


@pytest.mark.parametrize("rows", KINDS, ids=lambda rows: rows.model._meta.label)
def test_every_text_about_a_client_is_erased_or_kept_for_a_reason(rows):
    label = rows.model._meta.label
    named = set(ERASED.get(label, {})) | set(DELETED.get(label, {})) | KEPT.get(label, set())
    assert texts_of(rows.model) <= named, "Say in privacy.erasure.fields what becomes of it."


def test_no_list_names_what_is_not_there():
    models = {rows.model._meta.label: rows.model for rows in KINDS}
    for listed in (ERASED, DELETED, KEPT):
        for label, names in listed.items():
            assert set(names) <= {one.name for one in models[label]._meta.fields}, label


def test_no_canary_is_left_in_the_database_or_the_file_store(harbor, alice, dana):
    client = canary.full_client(harbor, alice)
    resolve(client)
    granted(client, dana)
    assert len(set(canary.found_in_database())) > 40
    assert list(canary.found_in_store())
    run(client.pk, confirm=Plan(client).token, by=dana.email)
    assert list(canary.found_in_database()) == []
    assert list(canary.found_in_store()) == []


def test_statistics_stay(harbor, alice, dana, jane):
    enrollment = EnrollmentFactory(
        client=jane, entry_date=date(2024, 1, 5), exit_date=date(2024, 2, 1)
    )
    before = Enrollment.objects.filter(pk=enrollment.pk).values().get()
    key, born = jane.personal_id, jane.dob
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    row = Client.with_deleted.get(pk=jane.pk)
    assert (row.first_name, row.last_name, row.ssn, row.ssn_hash) == ("", "", "", "")
    assert (row.dob, row.dob_data_quality) == (date(born.year, 1, 1), 2)
    assert row.personal_id != key
    assert row.sex == jane.sex
    assert Enrollment.objects.filter(pk=enrollment.pk).values().get() == before
    assert Erasure.objects.get().request.state == "done"


def test_list_changes_nothing_and_names_nobody(jane):
    listed = run(jane.pk)
    assert "Nothing was changed" in listed
    assert "Quibbleton" not in listed
    assert "Jane" not in listed
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"
    assert not Erasure.objects.exists()


def test_token_of_another_list_is_refused(jane, dana):
    token = Plan(jane).token
    file_of(jane)
    with pytest.raises(CommandError, match="not the token"):
        run(jane.pk, confirm=token, by=dana.email)
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("by", [None, "nobody@example.org"])
def test_confirmation_needs_who(jane, by):
    with pytest.raises(CommandError, match="--by"):
        run(jane.pk, confirm=Plan(jane).token, by=by)
    assert not Erasure.objects.exists()


OBSTACLES = {
    "hold": (lambda client: LegalHoldFactory(client=client), "legal hold"),
    "enrollment": (lambda client: EnrollmentFactory(client=client), "without an exit"),
    "intake": (
        lambda client: IntakeDraft.objects.create(
            organization=client.organization,
            created_by=client.created_by,
            client=client,
            step="family",
            answers_json="{}",
        ),
        "unfinished intake",
    ),
    "request": (
        lambda client: ClientRequest.objects.update(
            state="open", answered_by=None, answered_at=None
        ),
        "no request",
    ),
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_nothing_is_erased_while_something_stands_against_it(jane, dana, name):
    make, words = OBSTACLES[name]
    make(jane)
    assert words in run(jane.pk)
    with pytest.raises(CommandError, match=words):
        run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"


def test_spelling_that_another_client_has_stays(harbor, alice, dana, jane):
    ClientFactory(organization=harbor, created_by=alice, first_name="Jane", last_name="Other")
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    spellings = set(NameSpelling.objects.values_list("part", flat=True))
    assert "jane" in spellings
    assert "quibbleton" not in spellings


def test_killed_before_the_commit_nothing_is_erased(jane, dana, monkeypatch):
    def killed(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "_close", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"
    assert StoredFile.objects.get().is_ready


def test_files_that_the_store_kept_are_deleted_by_the_next_run(jane, dana, monkeypatch):
    key = StoredFile.objects.get().key

    def down(*args):
        raise StoreError

    with monkeypatch.context() as patch:
        patch.setattr(quarantine.store, "delete", down)
        with pytest.raises(CommandError, match="--finish"):
            run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    assert quarantine.store.has(key)
    assert not StoredFile.objects.get().is_ready  # nobody is given it until then
    run(finish=True)
    assert not quarantine.store.has(key)
    assert not files.unfinished().exists()
    run(finish=True)


def test_file_in_the_quarantine_is_deleted_too(jane, dana):
    stored = StoredFile.objects.get()
    quarantine.put_in_if_there(stored.key, stored.thumbnail_key)
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    name = stored.key.rpartition("/")[2]
    assert not [key for day in quarantine.days() for key in quarantine.keys_of(day) if name in key]


def test_second_run_finds_it_done(jane, dana):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    with pytest.raises(CommandError, match="was erased on"):
        run(jane.pk, confirm=Plan(Client.with_deleted.get(pk=jane.pk)).token, by=dana.email)
    assert Erasure.objects.count() == 1


def test_restored_backup_is_erased_again(jane, dana, tmp_path):
    path = tmp_path / "erased.csv"
    with transaction.atomic():
        point = transaction.savepoint()  # the backup
        run(jane.pk, confirm=Plan(jane).token, by=dana.email)
        run(export=str(path))
        transaction.savepoint_rollback(point)
    assert "Jane" not in path.read_text()
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"
    EnrollmentFactory(client=jane)  # open then
    assert "Clients erased again: 1." in run(again_from=str(path))
    assert "Clients erased again: 0." in run(again_from=str(path))
    assert Client.with_deleted.get(pk=jane.pk).first_name == ""


def listed(path, client, *, at, by) -> str:
    path.write_text(f"client,at,by\n{client.pk},{at.isoformat()},{by.email}\n")
    return str(path)


def test_another_user_erases_again_whom_somebody_erased_who_has_left(jane, dana, tmp_path):
    User.objects.filter(pk=dana.pk).update(is_active=False)
    path = listed(tmp_path / "erased.csv", jane, at=timezone.now(), by=dana)
    with pytest.raises(CommandError, match="--by"):
        run(again_from=path)
    run(again_from=path, by=UserFactory().email)
    assert Client.with_deleted.get(pk=jane.pk).first_name == ""


def test_client_who_was_given_the_id_of_an_erased_one_is_kept(jane, dana, tmp_path):
    Client.objects.filter(pk=jane.pk).update(date_created="2019-05-01T12:00Z")  # as an import says
    path = tmp_path / "erased.csv"
    earlier = timezone.now() - timedelta(days=1)
    said = run(again_from=listed(path, jane, at=earlier, by=dana))
    assert f"Client ID {jane.pk} was entered after that erasure: kept." in said
    assert Client.objects.get(pk=jane.pk).first_name == "Jane"


def test_erased_client_takes_no_name_and_is_not_restored(jane, dana):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    rows = Client.with_deleted.filter(pk=jane.pk)
    restored = {"date_deleted": None, "deleted_by": None}
    for change in ({"first_name": "Jane"}, {"ssn_hash": "x"}, restored):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_officer_is_told_that_the_record_was_erased(portal, dana, alice, charlie, jane):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    address = reverse("clients:dashboard", args=[jane.pk])
    page = portal(dana).get(address)
    assert page.status_code == 404
    assert "at the client's request" in page.content.decode()
    assert "The letter about it named the client and was not kept" in page.text
    for other in (alice, charlie):
        page = portal(other).get(address)
        assert page.status_code == 404
        assert "erased" not in page.content.decode()


PAGES = ["clients:edit", "clients:add_alert", "casenotes:add", "files:client_files"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_written_to_an_erased_client(portal, dana, jane, name):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    answer = portal(dana).post(reverse(name, args=[jane.pk]), {"text": "Somebody"})
    assert answer.status_code == 404


def test_erased_client_is_not_found_by_any_search(portal, dana, jane):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    for typed in ({"client_id": jane.pk}, {"dob": "1980"}, {"last_name": "quib"}):
        page = portal(dana).post(reverse("clients:find"), typed, follow=True)
        assert reverse("clients:dashboard", args=[jane.pk]) not in page.content.decode()


def test_undoing_the_merge_of_an_erased_client_is_refused(harbor, alice, dana, jane):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=jane)
    merge = ClientMergeFactory(survivor=jane, merged=gone, snapshot={"rows": ["x"]})
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    merge.refresh_from_db()
    assert merge.snapshot == {}
    assert "was erased" in why_not(merge)
    assert Client.with_deleted.get(pk=gone.pk).erased_at


def test_merge_of_an_erased_client_is_no_page(portal, harbor, alice, dana, jane):
    other = ClientFactory(organization=harbor, created_by=alice)
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    address = reverse("admin:clients_merge", args=[jane.pk, other.pk])
    assert portal(dana).get(address).status_code == 404


def test_erasure_is_a_security_event(dana, jane):
    run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    event = SecurityEvent.objects.get(kind="record_erased")
    assert (event.client, event.user) == (jane.pk, dana)


def test_organization_that_does_not_keep_the_record_cannot_have_it_erased(jane, bridge, dana):
    officer = UserFactory(dqo_at=[bridge])
    ClientRequest.objects.update(organization=bridge, answered_by=officer)
    assert "no request" in run(jane.pk)
    administrator = UserFactory(is_superuser=True)
    with pytest.raises(CommandError, match="no request"):
        run(jane.pk, confirm=Plan(jane).token, by=administrator.email)
    ClientRequest.objects.update(answered_by=administrator)
    run(jane.pk, confirm=Plan(jane).token, by=administrator.email)


@pytest.mark.parametrize("visibility", ["all", "own"])
def test_record_in_which_others_have_written_is_erased_by_administrators(
    jane, bridge, dana, visibility
):
    CaseNoteFactory(client=jane, organization=bridge, visibility=visibility)
    with pytest.raises(CommandError, match="an administrator erases it"):
        run(jane.pk, confirm=Plan(jane).token, by=dana.email)
    run(jane.pk, confirm=Plan(jane).token, by=UserFactory(is_superuser=True).email)


def test_case_manager_erases_nobody(jane, alice):
    with pytest.raises(CommandError, match="an administrator erases it"):
        run(jane.pk, confirm=Plan(jane).token, by=alice.email)
    assert not Erasure.objects.exists()
