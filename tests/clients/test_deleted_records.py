"""11.3: what was deleted from clients' records is listed by kind, and an officer restores it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from cas.models import AssessmentQuestion, AssessmentResult
from casenotes import actions
from casenotes.models import CaseNote, Service
from clients.admin.deleted_records import DeletedRecordAdmin
from clients.models import Alert, ClientRecord
from enrollments.models import (
    CaseAssignment,
    Disability,
    EmploymentEducation,
    HealthAndDV,
    IncomeBenefits,
    YouthEducationStatus,
)
from files import actions as file_actions
from files.models import ClientFile, ClientPhoto, Status
from privacy.models import ClientRequest, LegalHold
from tests.agencies.admin.rows import OF_CAS, ROWS
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory
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


def test_text_of_a_note_is_neither_shown_nor_read(
    portal, dana, alice, john, django_capture_on_commit_callbacks
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    note = CaseNoteFactory(client=john, created_by=alice, title="Visit", text="Her brother hits.")
    note.mark_deleted(by=alice)
    change = reverse("admin:casenotes_casenote_change", args=[note.pk])
    for address in (list_of(CaseNote), change):
        with CaptureQueriesContext(connection) as queries:
            html = portal(dana).get(address).content.decode()
        assert "Visit" in html
        assert "brother" not in html
        assert not [one for one in queries if '"casenotes_casenote"."text"' in one["sql"]]


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
