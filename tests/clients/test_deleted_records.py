"""11.3: what was deleted from clients' records is listed, shown, and restored by an officer."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cas.models import AssessmentQuestion, AssessmentResult
from casenotes import actions
from casenotes.models import CaseNote, Service
from clients.admin.deleted_records import GONE, DeletedRecordAdmin
from clients.models import Alert, ClientAccess, ClientRecord
from enrollments.actions import delete_enrollments
from enrollments.models import (
    CaseAssignment,
    Disability,
    EmploymentEducation,
    HealthAndDV,
    IncomeBenefits,
    YouthEducationStatus,
)
from files import actions as file_actions
from files.models import ClientFile, ClientPhoto, DocumentCheck, Status
from privacy.models import ClientRequest, LegalHold
from tests.agencies.admin.rows import OF_CAS, ROWS
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory, UserFactory
from tests.files.factories import file_of, photo_of
from tests.pages import messages

# No page deletes one of these by itself: they go with their enrollment or assessment, and come back
# with it.
WITH_ANOTHER = {AssessmentQuestion, AssessmentResult}
WITH_AN_ENROLLMENT = {
    *(CaseAssignment, Disability, EmploymentEducation, HealthAndDV, IncomeBenefits),
    YouthEducationStatus,
}
KINDS = [
    model
    for model, one in admin.site._registry.items()
    if isinstance(one, DeletedRecordAdmin) and model not in OF_CAS
]


ALL = reverse("admin:deleted_records")


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def restore(browser, *rows):
    keys = [row.pk for row in rows]
    data = {"action": "restore_selected", "index": "0", "_selected_action": keys}
    return browser.post(list_of(type(rows[0])), data, follow=True)


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice)


NEVER_DELETED = {ClientRequest, LegalHold}  # they are answered, and lifted


def test_every_kind_of_record_can_be_restored():
    kinds = {one for one in apps.get_models() if issubclass(one, ClientRecord)}
    assert kinds - WITH_AN_ENROLLMENT - WITH_ANOTHER - NEVER_DELETED == {*KINDS, *OF_CAS}


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model._meta.label)
def test_officer_puts_a_record_back(portal, dana, harbor, model):
    row, another = ROWS[model](harbor), ROWS[model](harbor)
    browser = portal(dana)
    answer = restore(browser, row)
    assert messages(answer) == ["1 restored."]
    row.refresh_from_db()
    assert row.date_deleted is None
    assert row.updated_by == dana
    another.refresh_from_db()
    assert another.date_deleted
    assert list(answer.context["cl"].result_list) == [another]


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model._meta.label)
def test_list_has_deleted_rows_alone_and_names_no_client(portal, dana, harbor, model):
    row = ROWS[model](harbor)
    present = ROWS[model](harbor)
    present.restore(by=dana)
    page = portal(dana).get(list_of(model))
    assert list(page.context["cl"].result_list) == [row]
    html = page.content.decode()
    assert "John" not in html
    assert "Smith" not in html.replace("Mary Smith", "")


def test_note_comes_back_with_the_services_deleted_with_it(portal, dana, alice, john):
    note = CaseNoteFactory(client=john, created_by=alice)
    enrollment = EnrollmentFactory(client=john)
    before, together = (ServiceFactory(enrollment=enrollment, note=note) for _ in range(2))
    before.mark_deleted(by=alice)
    actions.delete_note(note=note, with_services=True, by=alice)
    restore(portal(dana), note)
    assert CaseNote.objects.filter(pk=note.pk).exists()
    assert list(Service.objects.filter(note=note)) == [together]


def test_lists_neither_show_nor_read_the_text_of_a_note(portal, dana, alice, john):
    note = CaseNoteFactory(client=john, created_by=alice, title="Visit", text="Her brother hits.")
    note.mark_deleted(by=alice)
    for address in (list_of(CaseNote), ALL):
        with CaptureQueriesContext(connection) as queries:
            html = portal(dana).get(address).content.decode()
        assert "Visit" in html
        assert "brother" not in html
        assert not [one for one in queries if '"casenotes_casenote"."text"' in one["sql"]]


# One list of all kinds


def listed(browser, **query):
    answer = browser.get(ALL, query)
    assert answer.status_code == 200
    return [line.row for line in answer.context["page"].lines]


def deleted_at(row, moment):
    """Give a deleted row the moment of its deletion."""
    type(row).with_deleted.filter(pk=row.pk).update(date_deleted=moment)


def test_one_list_has_every_kind_the_latest_first(portal, dana, harbor, bridge):
    rows = [ROWS[model](harbor) for model in KINDS]
    for model in KINDS:
        ROWS[model](bridge)
    ROWS[DocumentCheck](harbor)  # is for officers of a CAS organization alone
    now = timezone.now()
    for hours, row in enumerate(rows):
        deleted_at(row, now - timedelta(hours=hours))
    assert listed(portal(dana)) == rows
    html = portal(dana).get(ALL).content.decode()
    assert "Document check" not in html
    assert [name for name in ("John", "Smith") if name in html.replace("Mary Smith", "")] == []


def test_one_list_has_document_checks_for_officers_of_cas(portal, cass, cas_organization):
    row = ROWS[DocumentCheck](cas_organization)
    assert row in listed(portal(cass))
    assert listed(portal(cass), kind="files_documentcheck") == [row]


def test_pages_of_the_list_follow_each_other_without_gap_or_repeat(
    portal, dana, alice, john, monkeypatch
):
    """Where many were deleted in one moment, of several kinds, too."""
    monkeypatch.setattr("clients.admin.deleted_list.SIZE", 4)
    rows = [make(client=john) for make in (AlertFactory, CaseNoteFactory) for _ in range(5)]
    now = timezone.now()
    for row in rows:
        row.mark_deleted(by=alice, at=now)
    earlier = AlertFactory(client=john)
    earlier.mark_deleted(by=alice, at=now - timedelta(days=1))
    browser, found, after = portal(dana), [], ""
    for number in range(3):
        page = browser.get(ALL, {"after": after}).context["page"]
        found += [line.row for line in page.lines]
        assert bool(page.after) == (number < 2)
        after = page.after
    assert len(found) == 11
    assert {(type(row), row.pk) for row in found} == {
        (type(row), row.pk) for row in [*rows, earlier]
    }
    assert found[-1] == earlier


def test_list_is_filtered(portal, dana, alice, bob, harbor):
    alert, note = ROWS[Alert](harbor), ROWS[CaseNote](harbor)
    alert.mark_deleted(by=bob)
    note.mark_deleted(by=alice, at=timezone.now() - timedelta(days=9))
    browser = portal(dana)
    assert listed(browser, kind="clients_alert") == [alert]
    assert listed(browser, client=note.client_id) == [note]
    assert listed(browser, by=bob.last_name) == [alert]
    assert listed(browser, by=alice.email) == [note]
    assert listed(browser, by="nobody") == []
    day = f"{timezone.localdate() - timedelta(days=5):%m/%d/%Y}"
    assert listed(browser, since=day) == [alert]
    assert listed(browser, until=day) == [note]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "files_documentcheck"},
        {"kind": "nonsense"},
        {"client": "x"},
        {"client": str(2**70)},
        {"since": "99/99/9999"},
    ],
)
def test_filter_that_is_not_understood_shows_nothing_and_says_so(portal, dana, harbor, query):
    ROWS[Alert](harbor)
    answer = portal(dana).get(ALL, query)
    assert answer.context["page"] is None
    assert "Correct the filters" in answer.content.decode()


@pytest.mark.parametrize("after", ["x", "1_1", "9999999999999999_999_1", "0_0_0", "1_1_1_1"])
def test_junk_for_a_place_in_the_list_is_no_error(portal, dana, harbor, after):
    ROWS[Alert](harbor)
    assert portal(dana).get(ALL, {"after": after}).status_code == 200


def test_list_costs_as_many_queries_for_many_rows_as_for_one_of_each_kind(portal, dana, harbor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            listed(portal(dana))
        return len(queries)

    for model in KINDS:
        ROWS[model](harbor)
    portal(dana).get(ALL)
    one = cost()
    for model in KINDS:
        for _ in range(3):
            ROWS[model](harbor)
    assert len(listed(portal(dana))) == 4 * len(KINDS)
    assert cost() == one


def test_clients_of_the_list_are_in_the_access_log(portal, dana, harbor):
    row = ROWS[Alert](harbor)
    portal(dana).get(ALL)
    access = ClientAccess.objects.get(user=dana)
    assert (access.kind, access.page) == ("list", "admin:deleted_records")
    assert access.listed == [row.client_id]


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_list_is_for_officers(portal, request, who):
    assert portal(request.getfixturevalue(who)).get(ALL).status_code in (302, 403)


# What it said, before it is restored


def page_of(row) -> str:
    meta = type(row)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model._meta.label)
def test_page_shows_what_a_record_said_and_restores_it(portal, dana, harbor, model):
    row = ROWS[model](harbor)
    browser = portal(dana)
    page = browser.get(page_of(row))
    facts = page.context["facts"]
    assert facts
    assert all(fact.label and fact.text for fact in facts)
    row.refresh_from_db()
    assert row.date_deleted
    viewed = ClientAccess.objects.get(user=dana)
    assert (viewed.client_id, viewed.kind) == (row.client_id, "view")
    answer = browser.post(page_of(row), follow=True)
    assert messages(answer) == [f"{row} restored."]
    row.refresh_from_db()
    assert (row.date_deleted, row.updated_by) == (None, dana)
    assert ClientAccess.objects.filter(user=dana, kind="change", client=row.client_id).exists()


def test_page_has_the_words_of_an_answer_and_of_a_long_text(portal, dana, alice, john):
    note = CaseNoteFactory(client=john, created_by=alice, title="Visit", text="Asks for a bed.")
    note.mark_deleted(by=alice)
    facts = {one.label: one.text for one in portal(dana).get(page_of(note)).context["facts"]}
    assert facts["Title"] == "Visit"
    assert facts["Text"] == "Asks for a bed."
    enrollment = EnrollmentFactory(client=john)
    enrollment.mark_deleted(by=alice)
    facts = {one.label: one.text for one in portal(dana).get(page_of(enrollment)).context["facts"]}
    assert facts["Project"] == str(enrollment.project)
    assert facts["Relationship to head of household"] == "Self (head of household)"


def test_page_says_what_comes_back_with_a_record(portal, dana, alice, john):
    enrollment = EnrollmentFactory(client=john)
    note = CaseNoteFactory(client=john, created_by=alice)
    service = ServiceFactory(enrollment=enrollment, note=note)
    actions.delete_note(note=note, with_services=True, by=alice)
    page = portal(dana).get(page_of(note))
    assert page.context["restored_with"] == [f"Service: {service.display_name}"]
    other = EnrollmentFactory(
        household=enrollment.household, project=enrollment.project, relationship_to_hoh=2
    )
    delete_enrollments(members=[enrollment, other], by=alice)
    page = portal(dana).get(page_of(enrollment))
    assert page.context["restored_with"][0] == f"The enrollment of client {other.client_id}"


def test_record_that_another_officer_restored_meanwhile_is_said_to_be_gone(portal, dana, harbor):
    row = ROWS[Alert](harbor)
    first, second = portal(dana), portal(UserFactory(dqo_at=[harbor]))
    second.get(page_of(row))
    first.post(page_of(row))
    answer = second.post(page_of(row), follow=True)
    assert messages(answer) == [GONE]
    row.refresh_from_db()
    assert row.updated_by == dana


def test_page_says_why_a_record_was_not_restored(portal, dana, alice, john):
    row = file_of(john)
    row.mark_deleted(by=alice)
    file_actions.purge(stored=row.stored)
    answer = portal(dana).post(page_of(row), follow=True)
    assert "The file itself was deleted permanently." in messages(answer)[0]
    row.refresh_from_db()
    assert row.date_deleted


def test_photo_that_is_restored_takes_the_place_of_the_present_one(portal, dana, john):
    first = photo_of(john)
    second = photo_of(john)
    first.refresh_from_db()
    assert first.date_deleted
    restore(portal(dana), first)
    assert list(ClientPhoto.objects.filter(client=john)) == [first]
    john.refresh_from_db()
    assert john.photo_token == first.token
    second.refresh_from_db()
    assert second.date_deleted


def test_file_that_is_gone_from_the_store_is_not_restored(portal, dana, alice, john):
    gone, kept = file_of(john), file_of(john)
    for row in (gone, kept):
        row.mark_deleted(by=alice)
    file_actions.purge(stored=gone.stored)
    answer = restore(portal(dana), gone, kept)
    assert (
        f"Client file {gone.pk} was not restored. The file itself was deleted permanently."
        in messages(answer)
    )
    assert "1 restored." in messages(answer)
    assert list(ClientFile.objects.all()) == [kept]
    gone.refresh_from_db()
    assert gone.stored.status == Status.PURGED


def test_what_the_database_refuses_is_said_and_the_rest_restored(portal, dana, alice, john):
    """The one photo that is restored last is the one that is shown."""
    rows = [photo_of(john), photo_of(john)]
    for row in rows:
        row.refresh_from_db()
    file_actions.delete_photo(client=john, by=alice)
    restore(portal(dana), *rows)
    assert ClientPhoto.objects.filter(client=john).count() == 1


def test_record_of_a_client_whom_the_officer_may_not_see_is_not_listed(
    portal, dana, bridge, harbor
):
    person = ClientFactory(organization=bridge, visibility="own")
    row = AlertFactory(client=person, organization=harbor)
    row.mark_deleted(by=row.created_by)
    assert not portal(dana).get(list_of(Alert)).context["cl"].result_list
    restore(portal(dana), row)
    row.refresh_from_db()
    assert row.date_deleted


def test_case_manager_puts_nothing_back_here(portal, alice, harbor):
    row = ROWS[Alert](harbor)
    restore(portal(alice), row)
    row.refresh_from_db()
    assert row.date_deleted


def test_list_of_one_client(portal, dana, harbor):
    row, _ = ROWS[Alert](harbor), ROWS[Alert](harbor)
    page = portal(dana).get(list_of(Alert), {"client": row.client_id})
    assert list(page.context["cl"].result_list) == [row]


def test_start_page_counts_what_was_deleted_lately(portal, dana, harbor, bridge):
    ROWS[Alert](harbor)
    ROWS[CaseNote](harbor)
    ROWS[Alert](bridge)
    page = portal(dana).get(reverse("admin:index"))
    (card,) = [one for one in page.context["cards"] if one.title == "Deleted records"]
    assert card.count == 2
