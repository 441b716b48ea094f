"""The pages of exports and imports: who may, what is asked, and what a second click does."""

import io
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent
from agencies.use_limits import UseLimit
from clients.models import ClientAccess
from exchange import kept
from exchange.export.rights import PAGE as EXPORTED_ON
from exchange.jobs import CHECKED_AGAIN
from exchange.models import Finding, SourceSystem, Transfer
from exchange.states import KeptPart, TransferKind
from exchange.states import TransferState as State
from files import clamav, store
from tests.exchange.factories import FileCountFactory, TransferFactory
from tests.exchange.sets import small_set, write_zip
from tests.factories import ClientFactory, ProjectFactory, UserFactory
from tests.pages import errors, filled, messages, opened
from tests.waits import at_once

LIST, EXPORT, IMPORT = map(reverse, ("admin:transfers", "admin:new_export", "admin:new_import"))
PHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def confirmed(portal):
    """A function that logs a user in who has typed the password just now."""

    def browser(user):
        browser = portal(user)
        answer = browser.post(
            reverse("account_reauthenticate"), {"password": "pass-phrase-for-tests"}
        )
        assert answer.status_code == 302
        return browser

    return browser


@pytest.fixture
def officer(confirmed, dana):
    return confirmed(dana)


def page(name, row):
    return reverse(f"admin:{name}", args=[row.pk])


def with_file(row, plain=b"a zip", part=KeptPart.RESULT):
    with kept.stored(io.BytesIO(plain)) as file:
        file.record(row, part)
    return row


def done(organization, **values):
    values = {"over": "done", "started_at": timezone.now() - timedelta(minutes=1)} | values
    return with_file(TransferFactory(organization=organization, **values))


def send(browser, address, **typed):
    return browser.post(address, filled(opened(browser.get(address)), **typed))


@pytest.fixture
def archive(tmp_path):
    """A function that gives an upload of a set of files, or of these bytes."""

    def made(content=None, password=""):
        path = tmp_path / "set.zip"
        if content is None:
            small_set().write_zip(path, password)
            content = path.read_bytes()
        return SimpleUploadedFile("set.zip", content)

    return made


# Who may


def addresses(row):
    names = ("transfer", "transfer_progress", "transfer_download", "transfer_report")
    acts = ("transfer_confirm", "transfer_cancel", "transfer_delete")
    pages = [("get", page(name, row)) for name in names]
    return pages + [("post", page(name, row)) for name in acts]


@pytest.mark.parametrize("who", ["stranger", "case manager"])
def test_nobody_else_gets_at_an_export(portal, harbor, bridge, alice, who):
    row = done(harbor)
    user = UserFactory(dqo_at=[bridge]) if who == "stranger" else alice
    browser = portal(user)
    for verb, address in addresses(row):
        assert getattr(browser, verb)(address).status_code in (302, 403, 404), address
    row.refresh_from_db()
    assert row.status is State.DONE
    assert row.kept_files.exists()
    assert not SecurityEvent.objects.filter(kind="exported").exists()
    assert f"Export {row.pk}" not in browser.get(LIST, follow=True).content.decode()


def test_officer_lists_the_own_organizations_and_an_administrator_all(portal, dana, harbor, bridge):
    own, other, site = done(harbor), done(bridge), done(None)
    assert list(portal(dana).get(LIST).context["page"].rows) == [own]
    admin = portal(UserFactory(is_superuser=True))
    assert set(admin.get(LIST).context["page"].rows) == {own, other, site}


def test_officer_exports_no_other_organization_and_not_the_site(officer, bridge):
    for asked in (bridge.pk, "site", "x", ""):
        form = opened(officer.get(EXPORT, {"organization": asked}))
        assert str(form.organization) == "Harbor Services"


def test_projects_of_other_organizations_are_neither_listed_nor_taken(officer, harbor, bridge):
    own, other = ProjectFactory(organization=harbor), ProjectFactory(organization=bridge)
    form = opened(officer.get(EXPORT))
    assert list(form.fields["projects"].queryset) == [own]
    answer = officer.post(EXPORT, filled(form, projects=[other.pk]))
    assert errors(answer)["projects"] == ["Choose projects of this organization."]


def test_administrator_may_choose_the_whole_site(db, confirmed):
    browser = confirmed(UserFactory(is_superuser=True))
    address = f"{EXPORT}?organization=site"
    assert "projects" not in opened(browser.get(address)).fields
    send(browser, address)
    assert Transfer.objects.get().organization is None


def test_who_may_not_see_ssns_exports_hashed_identities_only(confirmed, dana, harbor):
    dana.memberships.update(may_reveal_ssn=False)
    browser = confirmed(dana)
    form = opened(browser.get(EXPORT))
    assert form["identities"].value() == "hashed"
    assert "identities" in errors(browser.post(EXPORT, filled(form, identities="plain")))
    browser.post(EXPORT, filled(form))
    assert Transfer.objects.get().is_hashed


# Asking for an export


def test_export_is_queued_as_chosen(officer, dana, harbor):
    project = ProjectFactory(organization=harbor)
    answer = send(
        officer,
        EXPORT,
        starts_on="10/01/2025",
        ends_on="09/30/2026",
        projects=[project.pk],
        is_complete="on",
        identities="hashed",
        passphrase=PHRASE,
        passphrase_again=PHRASE,
    )
    row = Transfer.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.organization, row.asked_by, row.status) == (harbor, dana, State.QUEUED)
    assert (row.starts_on, row.ends_on) == (date(2025, 10, 1), date(2026, 9, 30))
    assert (row.is_complete, row.is_hashed, row.is_encrypted) == (True, True, True)
    assert (row.passphrase, list(row.projects.all())) == (PHRASE, [project])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": "10/01/2025"}, "ends_on"),
        ({"ends_on": "10/01/2025"}, "starts_on"),
        ({"starts_on": "10/02/2025", "ends_on": "10/01/2025"}, "ends_on"),
        ({"starts_on": "no day", "ends_on": "10/01/2025"}, "starts_on"),
        ({"passphrase": "short", "passphrase_again": "short"}, "passphrase"),
        ({"passphrase": PHRASE, "passphrase_again": "another"}, "passphrase_again"),
        ({"identities": "x"}, "identities"),
    ],
)
def test_what_cannot_be_exported_is_said_at_its_field(officer, typed, field):
    answer = send(officer, EXPORT, **typed)
    assert list(errors(answer)) == [field]
    assert PHRASE not in answer.content.decode()
    assert not Transfer.objects.exists()


def test_plain_identities_need_the_password_once_more_and_hashed_ones_do_not(portal, dana):
    browser = portal(dana)
    form = opened(browser.get(EXPORT))
    answer = browser.post(
        EXPORT, filled(form, identities="plain", passphrase=PHRASE, passphrase_again=PHRASE)
    )
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Transfer.objects.exists()
    assert PHRASE not in str(dict(browser.session))
    assert "how your account is protected" not in browser.get(answer["Location"]).content.decode()
    again = browser.post(answer["Location"], {"password": "pass-phrase-for-tests"}, follow=True)
    assert "once more" in errors(again)["passphrase"][0]
    assert not Transfer.objects.exists()
    send(portal(dana), EXPORT, identities="hashed")
    assert Transfer.objects.get().is_hashed


def test_second_click_asks_for_nothing_more(officer):
    data = filled(opened(officer.get(EXPORT)))
    first, second = officer.post(EXPORT, data), officer.post(EXPORT, data)
    assert first["Location"] == second["Location"]
    assert Transfer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_ask_for_one_export(officer):
    data = filled(opened(officer.get(EXPORT)))
    answers = at_once(*[partial(officer.post, EXPORT, data)] * 2)
    assert {answer.status_code for answer in answers} == {302}
    assert Transfer.objects.count() == 1


def test_exports_are_limited(officer, settings):
    settings.USE_LIMITS = {"transfers": UseLimit.parse("hour 1 1")}
    settings.USE_LIMITS_OFFICERS = 1
    send(officer, EXPORT)
    assert officer.post(EXPORT, {"identities": "plain"}).status_code == 429
    assert Transfer.objects.count() == 1


# Downloads


def test_download_is_the_file_and_in_the_logs_with_everybody_in_it(officer, dana, harbor, alice):
    client = ClientFactory(organization=harbor)
    row = done(harbor, asked_by=alice, ended_at=timezone.now() + timedelta(minutes=1))
    ClientAccess.objects.create(
        listed=[client.pk], user=alice, organization=harbor, kind="export", page=EXPORTED_ON
    )
    answer = officer.get(page("transfer_download", row))
    assert b"".join(answer.streaming_content) == b"a zip"
    assert answer["Content-Length"] == "5"
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    access = ClientAccess.objects.get(user=dana, kind="export")
    assert (access.listed, access.page) == ([client.pk], "admin:transfer_download")
    event = SecurityEvent.objects.get(kind="exported")
    assert (event.user, event.organization, event.detail["transfer"]) == (dana, harbor, row.pk)


def test_file_with_ssns_is_for_officers_who_may_see_them(officer, dana, harbor, alice):
    dana.memberships.update(may_reveal_ssn=False)
    for is_hashed in (False, True):
        row = done(harbor, asked_by=alice, is_hashed=is_hashed)
        url = page("transfer_download", row)
        assert (url in officer.get(page("transfer", row)).text) is is_hashed
        assert officer.get(url).status_code == (200 if is_hashed else 403)
    assert SecurityEvent.objects.filter(kind="exported").count() == 1


def test_store_that_has_lost_the_file_says_so_and_logs_no_download(officer, harbor):
    row = done(harbor)
    store.delete(row.result.store_key)
    answer = officer.get(page("transfer_download", row))
    assert answer.status_code == 503
    assert not SecurityEvent.objects.filter(kind="exported").exists()


@pytest.mark.parametrize("state", ["queued", "running", "failed", "canceled", "expired"])
def test_there_is_nothing_to_download_before_it_is_done_or_afterwards(officer, harbor, state):
    over = None if state in ("queued", "running") else state
    row = with_file(TransferFactory(organization=harbor, state=state, over=over))
    assert officer.get(page("transfer_download", row)).status_code == 404


def test_deleting_takes_the_file_away_and_keeps_the_line(officer, harbor):
    row = done(harbor)
    key = row.result.store_key
    assert officer.post(page("transfer_delete", row)).status_code == 302
    row.refresh_from_db()
    assert row.status is State.EXPIRED
    assert not store.has(key)
    assert f"Export {row.pk}" in officer.get(LIST).content.decode()


def test_what_is_at_work_is_not_deleted_but_canceled(officer, harbor):
    row = TransferFactory(organization=harbor, is_encrypted=True, passphrase=PHRASE)
    officer.post(page("transfer_delete", row))
    row.refresh_from_db()
    assert row.status is State.QUEUED
    officer.post(page("transfer_cancel", row))
    row.refresh_from_db()
    assert (row.status, row.passphrase) == (State.CANCELED, "")
    again = officer.post(page("transfer_cancel", row), follow=True)
    assert "over already" in messages(again)[-1]


# Progress and news


def test_progress_is_a_fragment_that_prolongs_no_session_and_ends_with_the_page(officer, harbor):
    row = TransferFactory(
        organization=harbor, state="running", file="Client", files_done=6, files_total=24
    )
    answer = officer.get(page("transfer_progress", row))
    assert "6 of 24 files" in answer.content.decode()
    assert "HX-Refresh" not in answer
    assert answer.resolver_match.func.is_no_use
    Transfer.objects.update(
        state="done", ended_at=timezone.now(), expires_at=timezone.now() + timedelta(days=7)
    )
    assert officer.get(page("transfer_progress", row))["HX-Refresh"] == "true"


def test_confirmed_import_shows_no_progress_of_its_check_while_it_waits(officer, harbor):
    row = TransferFactory(organization=harbor, checked=True, rows_done=9, rows_total=9)
    officer.post(page("transfer_confirm", row))
    assert "<progress" not in officer.get(page("transfer_progress", row)).content.decode()


def test_start_page_counts_what_is_ready_until_it_is_looked_at(officer, dana, harbor):
    def count():
        cards = officer.get(reverse("admin:index")).context["cards"]
        return next(card.count for card in cards if card.title == "HMIS CSV")

    row = done(harbor, asked_by=dana)
    done(harbor)
    assert count() == 1
    officer.get(row.get_absolute_url())
    assert count() == 0


# Imports


def test_upload_is_kept_sealed_and_queued_for_its_check(officer, dana, harbor, archive):
    upload = archive(password=PHRASE)
    plain = upload.read()
    upload.seek(0)
    answer = send(officer, IMPORT, source_name="ClientTrack", file=upload, passphrase=PHRASE)
    row = Transfer.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.kind, row.organization, row.asked_by) == ("import", harbor, dana)
    assert (row.source_name, row.passphrase, row.confirmed_at) == ("ClientTrack", PHRASE, None)
    assert kept.opened(row.kept(KeptPart.UPLOAD)).read() == plain


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no zip at all", "not a zip"),
        (b"", "empty"),
        ("missing", "Export.csv is missing"),
        ("password", "encrypted"),
    ],
)
def test_what_is_no_set_of_files_is_refused_at_once(officer, archive, tmp_path, content, sentence):
    upload = archive(content if isinstance(content, bytes) else None, PHRASE)
    if content == "missing":
        path = write_zip(tmp_path / "one.zip", {"Client.csv": b"PersonalID"})
        upload = archive(path.read_bytes())
    answer = send(officer, IMPORT, source_name="ClientTrack", file=upload)
    assert sentence in errors(answer)["file"][0]
    assert not Transfer.objects.exists()
    assert not list(store.folders("exchange"))


def test_import_needs_a_name_of_its_system_and_a_file(officer):
    assert set(errors(send(officer, IMPORT))) == {"source_name", "file"}


def test_file_over_the_limit_is_refused_with_what_to_do(officer, archive, settings):
    settings.MAX_UPLOAD_BYTES = 10
    answer = send(officer, IMPORT, source_name="ClientTrack", file=archive())
    assert "command line" in errors(answer)["file"][0]


@pytest.mark.parametrize("is_clean", [False, None])
def test_nothing_is_kept_that_the_scanner_does_not_pass(
    officer, archive, settings, monkeypatch, is_clean
):
    def scanned(stream, **options):
        if is_clean is None:
            raise clamav.NoAnswerError
        return is_clean

    settings.CLAMAV_ADDRESS = "unix:/nowhere"
    monkeypatch.setattr(clamav, "is_clean", scanned)
    answer = send(officer, IMPORT, source_name="ClientTrack", file=archive())
    said = str(errors(answer))
    assert ("virus scan found" if is_clean is False else "scanner does not answer") in said
    assert not Transfer.objects.exists()


def test_store_that_is_down_is_said_at_the_file(officer, archive, monkeypatch):
    def refuses(*place, **options):
        raise store.StoreError

    monkeypatch.setattr(store, "put", refuses)
    answer = send(officer, IMPORT, source_name="ClientTrack", file=archive())
    assert errors(answer)["file"] == [store.StoreError.sentence]
    assert not Transfer.objects.exists()


def test_form_without_its_token_is_refused(dana, harbor):
    from django.test import Client as Browser

    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(dana)
    row = TransferFactory(organization=harbor, checked=True)
    for address in (EXPORT, IMPORT, page("transfer_confirm", row), page("transfer_cancel", row)):
        assert browser.post(address).status_code == 403
    row.refresh_from_db()
    assert row.is_waiting


def test_import_that_would_change_nothing_is_not_confirmed(officer, harbor):
    row = TransferFactory(organization=harbor, checked=True)
    FileCountFactory(transfer=row, rows=10, unchanged=4, refused=6)
    said = officer.get(row.get_absolute_url()).text
    assert "It would change nothing" in said
    assert "Confirm import" not in said
    assert "Cancel import" in said


def test_checked_import_shows_what_it_would_do_and_is_confirmed_once(officer, dana, harbor):
    row = TransferFactory(organization=harbor, checked=True, source_name="ClientTrack")
    FileCountFactory(transfer=row, rows=10, new=7, changed=1, unchanged=1, refused=1)
    said = officer.get(row.get_absolute_url()).content.decode()
    assert "Confirm import" in said
    assert "Nothing has been changed yet" in said
    officer.post(page("transfer_confirm", row))
    again = officer.post(page("transfer_confirm", row), follow=True)
    assert "over already" in messages(again)[-1]
    row.refresh_from_db()
    assert (row.status, row.confirmed_by) == (State.QUEUED, dana)
    assert row.confirmed_from == "127.0.0.1"
    assert not SecurityEvent.objects.filter(kind="imported").exists(), "nothing was changed yet"


def test_import_that_was_checked_again_says_why_until_it_is_confirmed(officer, harbor):
    row = TransferFactory(organization=harbor, checked=True, problem=CHECKED_AGAIN)
    FileCountFactory(transfer=row, rows=10, changed=2, unchanged=8)
    assert CHECKED_AGAIN in officer.get(row.get_absolute_url()).text
    again = officer.post(page("transfer_confirm", row), follow=True)
    assert CHECKED_AGAIN not in again.text
    row.refresh_from_db()
    assert row.status is State.QUEUED


def test_confirmed_import_that_is_checked_again_says_so_while_it_runs(officer, dana, harbor):
    now = timezone.now()
    row = TransferFactory(
        organization=harbor,
        kind=TransferKind.IMPORT,
        state=State.RUNNING,
        confirmed_by=dana,
        confirmed_at=now,
    )
    assert "Applying" in officer.get(page("transfer_progress", row)).text
    SourceSystem.objects.create(
        name="Other", organization=harbor, imported_at=now + timedelta(minutes=1), imported_by=dana
    )
    said = officer.get(page("transfer_progress", row)).text
    assert "Checking again" in said
    assert "Applying" not in said


@pytest.mark.django_db(transaction=True)
def test_confirming_and_canceling_at_once_does_one_of_them(officer, harbor):
    row = TransferFactory(organization=harbor, checked=True)
    at_once(
        partial(officer.post, page("transfer_confirm", row)),
        partial(officer.post, page("transfer_cancel", row)),
    )
    row.refresh_from_db()
    assert row.status in (State.QUEUED, State.CANCELED)
    assert bool(row.confirmed_at) or row.status is State.CANCELED


@pytest.fixture
def findings(harbor):
    row = TransferFactory(organization=harbor, checked=True)
    for file, rule, rows in (("Client.csv", "orphan", [2, 3]), ("Exit.csv", "upgrade", [])):
        Finding.objects.create(
            transfer=row, file=file, column="X", rule=rule, message=f"={rule}.", count=2, rows=rows
        )
    return row


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["orphan", "upgrade"]),
        ({"file": "Exit.csv"}, ["upgrade"]),
        ({"show": "problems"}, ["orphan"]),
        ({"show": "notes"}, ["upgrade"]),
        ({"file": "Client.csv", "show": "notes"}, []),
        ({"file": "No.csv"}, ["orphan", "upgrade"]),
    ],
)
def test_findings_are_filtered(officer, findings, query, shown):
    found = officer.get(findings.get_absolute_url(), query).context["findings"]
    assert [one.rule for one in found] == shown


def test_report_has_a_line_for_each_row_and_no_formula(officer, findings):
    answer = officer.get(page("transfer_report", findings))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "Client.csv,2,X,orphan,'=orphan.,Problem,2",
        "Client.csv,3,X,orphan,'=orphan.,Problem,2",
        "Exit.csv,,X,upgrade,'=upgrade.,Note,2",
    ]


def test_list_costs_the_same_for_many_rows(officer, harbor, django_assert_max_num_queries):
    for _ in range(3):
        done(harbor)
    officer.get(LIST)
    with django_assert_max_num_queries(12):
        officer.get(LIST)
