"""Emergency access: one restricted client, for some hours, read alone, on record (R16.2)."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityAlert, SecurityEvent
from agencies.use_limits import UseLimit
from clients.emergency import ON_SCREEN, begin_emergency_access
from clients.models import Client, ClientAccess, EmergencyAccess
from clients.views.emergency import NOT_OPENED
from enrollments.family import actions
from enrollments.family.undo import undo
from enrollments.models import Enrollment, HouseholdChange
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory, HealthAndDVFactory
from tests.factories import (
    AlertFactory,
    ClientFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.files.factories import file_of, photo_of
from tests.pages import errors

PAGE = "/clients/emergency/"


@pytest.fixture(autouse=True)
def _is_on(settings):
    settings.BREAK_GLASS = True


@pytest.fixture
def rosa(harbor, alice):
    """Harbor's restricted client."""
    rosa = ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="Rosa",
        last_name="Quenby",
        visibility=Client.Visibility.OWN_ORGANIZATION,
        ssn="123121234",
        ssn_data_quality=1,
    )
    AlertFactory(client=rosa, text="Call before visiting")
    return rosa


def typed(client_id) -> dict:
    return {
        "client_id": str(client_id),
        "reason": "danger",
        "explanation": "Her brother is at the door",
        "confirmed": "on",
    }


@pytest.fixture
def opened(portal, charlie, rosa):
    """Charlie's browser, after he opened Rosa's record."""
    browser = portal(charlie)
    answer = browser.post(PAGE, typed(rosa.pk))
    assert answer["Location"] == rosa.get_absolute_url()
    return browser


def test_it_ends_with_the_access_to_the_organization_that_asked(opened, charlie, rosa):
    CaseNoteFactory(client=rosa, title="Call her sister")
    pages = [rosa.get_absolute_url(), reverse("casenotes:notes", args=[rosa.pk])]
    assert [opened.get(page).status_code for page in pages] == [200, 200]
    bridge = charlie.memberships.get()
    charlie.memberships.create(organization=OrganizationFactory())
    bridge.delete()
    assert [opened.get(page).status_code for page in pages] == [404, 404]


def test_restricted_client_is_read_for_four_hours(opened, rosa):
    enrollment = EnrollmentFactory(client=rosa)
    html = opened.get(rosa.get_absolute_url()).content.decode()
    assert "Rosa" in html
    for label in ("Add New Case Note", "Add New Service", "Add File", "Nothing is due or missing."):
        assert label not in html, "what is refused, or was not looked at"
    assert "Call before visiting" in html
    assert opened.get(enrollment.get_absolute_url()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=4, minutes=1)):
        assert not Enrollment.objects.visible_to(EmergencyAccess.objects.get().user).exists()
        assert EmergencyAccess.objects.open_to(EmergencyAccess.objects.get().user).count() == 0


def test_it_is_on_record_and_the_owning_agency_is_alerted(
    opened, portal, dana, charlie, harbor, bridge, rosa, mailoutbox, deliver
):
    opened.get(rosa.get_absolute_url())
    kinds = set(ClientAccess.objects.filter(user=charlie).values_list("kind", flat=True))
    assert kinds == {"emergency"}
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.BREAK_GLASS)
    assert (event.user, event.organization, event.client) == (charlie, harbor, rosa.pk)
    assert "brother" not in str(event.detail)
    assert SecurityAlert.objects.filter(kind="break_glass", organization=harbor).exists()
    access = EmergencyAccess.objects.get()
    assert (access.organization, access.reason) == (bridge, "danger")
    html = portal(dana).get(reverse("admin:clients_emergencyaccess_changelist")).content.decode()
    assert "Her brother is at the door" in html
    assert "Charlie" in html
    assert "open now to your restricted clients" in portal(dana).get("/admin/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT explanation FROM clients_emergencyaccess")
        assert "brother" not in cursor.fetchone()[0]


def test_officer_ends_it_at_once_in_open_sessions(opened, portal, dana, rosa):
    assert opened.get(rosa.get_absolute_url()).status_code == 200
    access = EmergencyAccess.objects.get()
    portal(dana).post(
        reverse("admin:clients_emergencyaccess_changelist"),
        {"action": "end_access", "_selected_action": [access.pk]},
    )
    assert opened.get(rosa.get_absolute_url()).status_code == 404
    access.refresh_from_db()
    assert access.ended_by == dana
    assert SecurityEvent.objects.filter(kind="break_glass_ended").count() == 1


@pytest.mark.parametrize("change", ["victim_service_provider", "allows_emergency_access"])
def test_agency_that_does_not_allow_it_any_more_ends_it(opened, harbor, rosa, change):
    setattr(harbor, change, change == "victim_service_provider")
    harbor.save()
    assert opened.get(rosa.get_absolute_url()).status_code == 404


def test_it_lets_one_read_and_change_nothing(opened, rosa):
    place = [rosa.pk]
    for answer in (
        opened.get(reverse("clients:edit", args=place)),
        opened.post(reverse("clients:edit", args=place), {}),
        opened.get(reverse("clients:add_alert", args=place)),
        opened.post(reverse("clients:reveal_ssn", args=place), {"reason": "identity"}),
        opened.get(reverse("casenotes:add", args=place)),
        opened.post(reverse("files:add_client_file", args=place), {}),
        opened.post(reverse("enrollments:begin_intake", args=place), {}),
    ):
        assert answer.status_code == 403
    assert "Reveal SSN" not in opened.get(rosa.get_absolute_url()).content.decode()
    rosa.refresh_from_db()
    assert rosa.version == 1


@pytest.mark.parametrize(
    "name",
    [
        "enrollments:enrollments",
        "enrollments:family_members",
        "tasks:tasks",
        "cas:events",
        "cas:assessments",
        "files:client_photo",
    ],
)
def test_page_without_records_offers_nothing_that_is_refused(opened, rosa, name):
    page = opened.get(reverse(name, args=[rosa.pk]))
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r'/add/"|/intake/|type="submit"|type="file"', main)


def test_menu_leads_to_pages_that_one_may_read(opened, rosa, charlie):
    charlie.pinned = ["edit-client", "case-notes"]
    charlie.save()
    menu = opened.get(rosa.get_absolute_url()).context["menu"]
    folders = [item.get("entries", [item]) for item in menu["entries"]]
    entries = [*menu["pins"], *(entry for folder in folders for entry in folder)]
    assert "case-notes" in {entry["key"] for entry in entries}
    refused = [one["key"] for one in entries if opened.get(one["url"]).status_code != 200]
    assert refused == []


def test_page_of_intakes_begins_none(opened, rosa):
    page = opened.get(reverse("enrollments:intakes"), {"client": rosa.pk})
    assert "Emergency access only lets you read this record." in page.text
    assert "Start intake" not in page.text


def test_nothing_of_it_is_taken_away(opened, alice, rosa):
    note = CaseNoteFactory(
        client=rosa,
        created_by=alice,
        read_only=True,
        visibility=Client.Visibility.ALL_ORGANIZATIONS,
    )
    filed, photo = [rosa.pk, file_of(rosa).pk], photo_of(rosa)
    noted, place = [rosa.pk, note.pk], [rosa.pk]
    for name, args in (
        *(("casenotes:notes", place), ("casenotes:note", noted), ("files:client_files", place)),
        *(("files:client_file", filed), ("files:client_photo", place)),
    ):
        page = opened.get(reverse(name, args=args))
        assert page.status_code == 200, name
        assert not re.search(r"/(download|pdf|print)/", page.text), name
    assert opened.get(reverse("files:client_file_page", args=[*filed, 1])).status_code == 200
    small = reverse("files:small_client_photo", args=[rosa.pk, photo.token])
    assert opened.get(small).status_code == 200
    for name, args in (
        *(("casenotes:print", noted), ("casenotes:pdf", noted)),
        *(("casenotes:print_several", place), ("casenotes:pdf_several", place)),
        *(("files:download_client_file", filed), ("files:download_client_photo", place)),
    ):
        answer = opened.get(reverse(name, args=args), {"note": note.pk})
        assert answer.status_code == 403, name
        assert ON_SCREEN in answer.text


def test_search_lists_it_for_nobody_else(opened, portal, bob, charlie, rosa):
    found = opened.get(opened.post("/clients/", {"last_name": "Quenby"})["Location"])
    assert "Rosa" not in found.content.decode()
    assert not Client.objects.visible_to(charlie).filter(pk=rosa.pk).exists()
    assert opened.post("/search/", {"q": str(rosa.pk)})["Location"] != rosa.get_absolute_url()


def test_other_users_of_the_same_agency_get_nothing(opened, portal, bridge, rosa):
    other = UserFactory(at=[bridge])
    assert portal(other).get(rosa.get_absolute_url()).status_code == 404


def test_what_the_agency_keeps_within_the_record_stays_hidden(opened, rosa):
    note = CaseNoteFactory(client=rosa, title="Hidden title")
    enrollment = EnrollmentFactory(client=rosa)
    HealthAndDVFactory(enrollment=enrollment, domestic_violence_survivor=1, currently_fleeing=1)
    restricted = EnrollmentFactory(
        client=rosa, visibility=Enrollment.Visibility.OWN_ORGANIZATION, entry_date="2025-01-05"
    )
    assert "Hidden title" not in opened.get(rosa.get_absolute_url()).content.decode()
    assert opened.get(reverse("casenotes:note", args=[rosa.pk, note.pk])).status_code == 404
    assert "Currently Fleeing" not in opened.get(enrollment.get_absolute_url()).content.decode()
    assert opened.get(restricted.get_absolute_url()).status_code == 404


def test_refusals_are_one_sentence_whatever_there_is(portal, charlie, alice, harbor, rosa):
    """Not there, deleted, of a victim service provider, of an agency that does not allow it."""
    vsp = ClientFactory(
        organization__victim_service_provider=True,
        visibility=Client.Visibility.OWN_ORGANIZATION,
    )
    closed = ClientFactory(
        organization__allows_emergency_access=False,
        visibility=Client.Visibility.OWN_ORGANIZATION,
    )
    gone = ClientFactory(
        organization=harbor, created_by=alice, visibility=Client.Visibility.OWN_ORGANIZATION
    )
    gone.mark_deleted(by=alice)
    browser = portal(charlie)
    for pk in (987_654_321, vsp.pk, closed.pk, gone.pk):
        answer = browser.post(PAGE, typed(pk))
        assert errors(answer) == {"__all__": [NOT_OPENED]}
        assert browser.get(f"/clients/{pk}/").status_code == 404
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"client_id": "abc"}, "client_id"),
        ({"client_id": "9" * 20}, "client_id"),
        ({"reason": ""}, "reason"),
        ({"reason": "curious"}, "reason"),
        ({"explanation": "   "}, "explanation"),
        ({"confirmed": ""}, "confirmed"),
    ],
)
def test_it_needs_an_id_a_reason_words_and_a_confirmation(portal, charlie, rosa, more, field):
    answer = portal(charlie).post(PAGE, typed(rosa.pk) | more)
    assert set(errors(answer)) == {field}
    assert not EmergencyAccess.objects.exists()


def test_client_whom_one_sees_anyhow_needs_none(portal, alice, rosa):
    answer = portal(alice).post(PAGE, typed(rosa.pk))
    assert answer["Location"] == rosa.get_absolute_url()
    assert not EmergencyAccess.objects.exists()


def test_requests_are_limited(settings, portal, charlie):
    settings.USE_LIMITS = {"emergencies": UseLimit.parse("hour 2 3")}
    browser = portal(charlie)
    answers = [browser.post(PAGE, typed(900_000 + pk)).status_code for pk in range(4)]
    assert answers == [200, 200, 429, 429]


def test_without_the_setting_there_is_no_page_and_no_access(settings, opened, rosa):
    settings.BREAK_GLASS = False
    assert opened.get(PAGE).status_code == 404
    assert opened.get(rosa.get_absolute_url()).status_code == 404
    found = opened.get(opened.post("/clients/", {"last_name": "Nobodyhere"})["Location"])
    assert "Emergency Access" not in found.content.decode()


def test_page_is_linked_where_nobody_is_found(portal, charlie):
    browser = portal(charlie)
    found = browser.get(browser.post("/clients/", {"last_name": "Nobodyhere"})["Location"])
    assert PAGE in found.content.decode()
    assert browser.get(PAGE).status_code == 200


def test_dashboard_costs_no_more_statements_with_the_setting(settings, portal, alice, rosa):
    browser = portal(alice)

    def statements() -> int:
        browser.get(rosa.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            browser.get(rosa.get_absolute_url())
        return len(captured)

    with_setting = statements()
    settings.BREAK_GLASS = False
    assert statements() == with_setting


def test_accesses_are_asked_once_a_statement_and_not_once_a_row(charlie):
    for rows in (Enrollment.objects.visible_to(charlie), Client.objects.openable_by(charlie)):
        assert "hashed SubPlan" in rows.explain()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one_access(bridge, charlie, rosa):
    start, found = Barrier(2), []

    def work():
        start.wait()
        found.append(
            begin_emergency_access(
                client_id=rosa.pk,
                by=charlie,
                organization=bridge,
                reason="danger",
                explanation="A fire",
            )
        )
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert EmergencyAccess.objects.count() == 1
    assert found[0] == found[1]


# beside other clients: read on the client's own pages, and nowhere else


@pytest.fixture
def beside(opened, charlie, bridge, rosa):
    """Bridge House's enrollments of Rosa and of her brother, whom Charlie may change."""
    where = {
        "organization": bridge,
        "created_by": charlie,
        "project": ProjectFactory(organization=bridge),
    }
    ben = ClientFactory(organization=bridge, first_name="Ben", created_by=charlie)
    head = EnrollmentFactory(client=ben, **where)
    member = EnrollmentFactory(
        client=rosa, household=head.household, relationship_to_hoh=4, **where
    )
    return head, member


@pytest.mark.parametrize("name", ["change_head", "split_household", "exit", "delete_enrollment"])
def test_is_not_changed_beside_another_member(opened, beside, name):
    head, _ = beside
    answer = opened.get(reverse(f"enrollments:{name}", args=[head.client_id, head.pk]))
    assert answer.status_code == 200
    assert "Rosa" not in answer.text


def test_change_is_not_undone_beside_another_member(charlie, beside):
    head, member = beside
    actions.change_head(
        members=[head, member],
        relationships={head.pk: 4, member.pk: 1},
        on=timezone.localdate(),
        by=charlie,
    )
    with pytest.raises(PermissionDenied):
        undo(change=HouseholdChange.objects.get(), by=charlie)


def test_is_not_handed_over_nor_in_the_caseload(opened, charlie, beside):
    member = beside[1]
    row = CaseAssignmentFactory(enrollment=member, case_manager=charlie, created_by=charlie)
    assert opened.get("/caseload/hand-over/", {"assignment": [row.pk]}).status_code == 404
    for address in ("/caseload/", "/caseload/print/", "/caseload/csv/", "/"):
        text = b"".join(opened.get(address)).decode()
        assert "Quenby, Rosa" not in text


def test_has_no_service_beside_another_member(opened, beside):
    answer = opened.get(reverse("casenotes:add_service", args=[beside[0].client_id]))
    assert answer.status_code == 200
    assert "Rosa" not in answer.text


@pytest.mark.parametrize("record", ["intake", "enrollment", "summary"])
def test_is_not_printed_beside_another_member(opened, beside, record):
    head = beside[0]
    args = [head.client_id] if record == "summary" else [head.client_id, head.pk]
    answer = opened.get(reverse(f"print_{record}", args=args))
    assert "Ben" in answer.text
    assert "Rosa" not in answer.text


def test_officer_restores_nothing_by_it(opened, charlie, bridge, rosa):
    charlie.memberships.update(role="dqo")
    alert = AlertFactory(client=rosa, organization=bridge)
    alert.mark_deleted(by=charlie)
    opened.post(reverse("admin:clients_alert_change", args=[alert.pk]))
    alert.refresh_from_db()
    assert alert.date_deleted
