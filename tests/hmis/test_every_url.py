"""Every URL of the project, every role, whose client: who gets what, and which verbs there are.

A new URL fails here until it is listed.
"""

import uuid
from datetime import date
from functools import cache

import pytest
from django.urls import reverse

from clients import loading
from clients.models import ClientSearch
from enrollments.models import IntakeDraft
from hud.choices import ProjectType
from records.models import Visibility
from tests.addresses import urls
from tests.cas.factories import AssessmentFactory, EventFactory
from tests.casenotes.pages import PAGES as CASE_NOTE_PAGES
from tests.consent.factories import ReleaseFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    EnrollmentFactory,
    HouseholdChangeFactory,
)
from tests.factories import (
    AlertFactory,
    ClientFactory,
    DuplicateReportFactory,
    InterestedOtherFactory,
)
from tests.files.factories import file_of, photo_of
from tests.tasks.factories import TaskFactory

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
GET, POST, BOTH = ["GET"], ["POST"], ["GET", "POST"]
FILE = ["client_id", "file_id"]
CONTACT = ["client_id", "enrollment_id", "contact_id"]
EVENT = ["client_id", "event_id"]
ASSESSMENT = ["client_id", "assessment_id"]
ENROLLMENT, ASSIGNMENT = ["client_id", "enrollment_id"], ["client_id", "assignment_id"]
TASK = ["client_id", "task_id"]
RELEASE = ["client_id", "release_id"]

# name: (verbs, which of the things below are in its address)
PAGES = {
    "home": (GET, []),
    "settings": (BOTH, []),
    "help": (BOTH, []),
    "help_topic": (GET, ["topic"]),
    "help_document": (GET, ["topic"]),
    "help_questions": (GET, []),
    "search": (POST, []),
    "pin": (POST, ["key"]),
    "session": (BOTH, []),
    "health": (GET, []),
    "form_drafts": (BOTH, []),
    "discard_form_draft": (POST, ["draft_id"]),
    "clients:find": (BOTH, []),
    "clients:results": (GET, ["search_id"]),
    "clients:results_csv": (GET, ["search_id"]),
    "clients:add": (BOTH, []),
    "clients:dashboard": (GET, ["client_id"]),
    "clients:edit": (BOTH, ["client_id"]),
    "attendance:attendance": (BOTH, []),
    "attendance:undo": (POST, ["first", "last"]),
    "attendance:redo": (POST, ["first", "last"]),
    "clients:restore_aliases": (POST, ["client_id", "version", "organization_id"]),
    "clients:reveal_ssn": (BOTH, ["client_id"]),
    "clients:ask_to_reveal_ssn": (GET, ["client_id"]),
    "clients:sharing": (GET, ["client_id"]),
    "clients:alerts": (GET, ["client_id"]),
    "clients:add_alert": (BOTH, ["client_id"]),
    "clients:edit_alert": (BOTH, ["client_id", "alert_id"]),
    "clients:delete_alert": (BOTH, ["client_id", "alert_id"]),
    "clients:restore_alert": (POST, ["client_id", "alert_id"]),
    "clients:interested_others": (GET, ["client_id"]),
    "clients:add_interested_other": (BOTH, ["client_id"]),
    "clients:interested_other": (GET, ["client_id", "other_id"]),
    "clients:edit_interested_other": (BOTH, ["client_id", "other_id"]),
    "clients:delete_interested_other": (BOTH, ["client_id", "other_id"]),
    "clients:restore_interested_other": (POST, ["client_id", "other_id"]),
    "print_summary": (GET, ["client_id"]),
    "pdf_summary": (GET, ["client_id"]),
    "print_intake": (GET, ENROLLMENT),
    "pdf_intake": (GET, ENROLLMENT),
    "print_enrollment": (GET, ENROLLMENT),
    "pdf_enrollment": (GET, ENROLLMENT),
    "agencies:user_lookup": (GET, []),
    "agencies:answer_invitation": (POST, ["invitation_id", "key"]),
    "agencies:factor_reset": (GET, []),
    "agencies:confirm_factor_reset": (GET, ["link"]),
    "enrollments:caseload": (BOTH, []),
    "enrollments:print_caseload": (GET, []),
    "enrollments:caseload_csv": (GET, []),
    "enrollments:hand_over_several": (BOTH, []),
    "enrollments:enrollments": (GET, ["client_id"]),
    "enrollments:enrollments_csv": (GET, ["client_id"]),
    "enrollments:enrollment": (GET, ENROLLMENT),
    "enrollments:exit": (BOTH, ENROLLMENT),
    "enrollments:undo_exit": (BOTH, ENROLLMENT),
    "enrollments:family_members": (GET, ["client_id"]),
    "enrollments:family_history": (GET, ["client_id"]),
    "enrollments:add_member": (GET, ENROLLMENT),
    "enrollments:change_head": (BOTH, ENROLLMENT),
    "enrollments:split_household": (BOTH, ENROLLMENT),
    "enrollments:undo_household_change": (POST, ["client_id", "change_id"]),
    "enrollments:add_current_living": (BOTH, ENROLLMENT),
    "enrollments:edit_current_living": (BOTH, CONTACT),
    "enrollments:delete_current_living": (BOTH, CONTACT),
    "enrollments:restore_current_living": (POST, CONTACT),
    "enrollments:case_managers": (GET, ["client_id"]),
    "enrollments:add_case_assignment": (BOTH, ["client_id"]),
    "enrollments:edit_case_assignment": (BOTH, ASSIGNMENT),
    "enrollments:end_case_assignment": (BOTH, ASSIGNMENT),
    "enrollments:hand_over": (BOTH, ASSIGNMENT),
    "enrollments:intakes": (GET, []),
    "enrollments:find_for_intake": (POST, []),
    "enrollments:begin_intake": (POST, ["client_id"]),
    "enrollments:intake_step": (BOTH, ["draft_id", "slug"]),
    "enrollments:autosave_intake": (POST, ["draft_id", "slug"]),
    "enrollments:discard_intake": (POST, ["draft_id"]),
    "enrollments:restore_intake": (POST, ["draft_id"]),
    "enrollments:finish_intake": (POST, ["draft_id"]),
    "enrollments:intake_finished": (GET, ["draft_id"]),
    "enrollments:delete_enrollment": (BOTH, ENROLLMENT),
    "enrollments:restore_enrollment": (POST, ENROLLMENT),
    "enrollments:reopen": (GET, ENROLLMENT),
    "enrollments:update": (GET, ENROLLMENT),
    "enrollments:annual": (GET, ENROLLMENT),
    "enrollments:exit_answers": (GET, ENROLLMENT),
    "enrollments:begin_step": (BOTH, [*ENROLLMENT, "kind", "slug"]),
    "enrollments:autosave_first": (POST, [*ENROLLMENT, "kind", "slug"]),
    "enrollments:delete_assessment": (BOTH, [*ENROLLMENT, "stage", "day"]),
    "enrollments:restore_assessment": (POST, [*ENROLLMENT, "stage", "day"]),
    "files:client_files": (BOTH, ["client_id"]),
    "files:add_client_file": (BOTH, ["client_id"]),
    "files:client_file": (GET, FILE),
    "files:edit_client_file": (BOTH, FILE),
    "files:delete_client_file": (BOTH, FILE),
    "files:restore_client_file": (POST, FILE),
    "files:download_client_file": (GET, FILE),
    "files:client_file_thumbnail": (GET, FILE),
    "files:client_file_page": (GET, [*FILE, "number"]),
    "files:client_photo": (BOTH, ["client_id"]),
    "files:delete_client_photo": (BOTH, ["client_id"]),
    "files:restore_client_photo": (POST, ["client_id"]),
    "files:download_client_photo": (GET, ["client_id"]),
    "files:small_client_photo": (GET, ["client_id", "token"]),
    "cas:events": (GET, ["client_id"]),
    "cas:add_event": (BOTH, ["client_id"]),
    "cas:event": (GET, EVENT),
    "cas:edit_event": (BOTH, EVENT),
    "cas:event_result": (BOTH, EVENT),
    "cas:delete_event": (BOTH, EVENT),
    "cas:restore_event": (POST, EVENT),
    "cas:assessments": (GET, ["client_id"]),
    "cas:add_assessment": (BOTH, ["client_id"]),
    "cas:assessment": (GET, ASSESSMENT),
    "cas:edit_assessment": (BOTH, ASSESSMENT),
    "cas:delete_assessment": (BOTH, ASSESSMENT),
    "cas:restore_assessment": (POST, ASSESSMENT),
    "cas:preferences": (BOTH, []),
    "consent:releases": (GET, ["client_id"]),
    "consent:add_release": (GET, ["client_id"]),
    "consent:add_paper": (BOTH, ["client_id"]),
    "consent:add_verbal": (BOTH, ["client_id"]),
    "consent:add_refusal": (BOTH, ["client_id"]),
    "consent:release": (GET, RELEASE),
    "consent:sign": (GET, ["client_id"]),
    "consent:revoke_release": (BOTH, RELEASE),
    "consent:undo_revocation": (POST, ["release_id"]),
    "tasks:tasks": (GET, ["client_id"]),
    "tasks:add_task": (BOTH, ["client_id"]),
    "tasks:edit_task": (BOTH, TASK),
    "tasks:delete_task": (BOTH, TASK),
    "tasks:restore_task": (POST, TASK),
    "tasks:done": (POST, TASK),
    "tasks:reopen": (POST, TASK),
    "tasks:mine": (GET, []),
    "tasks:calendar_settings": (GET, []),
    "tasks:turn_calendar_on": (POST, []),
    "tasks:turn_calendar_off": (POST, []),
    "duplicates:report": (BOTH, []),
    "duplicates:compare": (GET, ["report_id"]),
    "duplicates:withdraw": (POST, ["report_id"]),
}
# Of a text that is in force, and of a release that was signed; tests/consent/signing/test_pages.py
SIGNING = {"consent:sign_text", "consent:signed", "consent:signed_text"}
# What a client signs in a user's own draft; tests/consent/intake/test_signing.py
IN_A_DRAFT = {"consent:sign_in_intake", "consent:signed_in_intake"}
# Not there without access to a CAS organization; tests/files/test_access.py and
# tests/cas/mail/test_pages.py have the rest.
CAS_PAGES = {
    "deliveries:unanswered",
    "deliveries:undelivered",
    "deliveries:queue",
    "deliveries:runs",
    "deliveries:notification",
    "deliveries:send_again",
    "files:document_checks",
    "files:add_document_check",
    "files:document_check",
    "files:edit_document_check",
    "files:delete_document_check",
    "files:restore_document_check",
    "files:download_document_check",
    "files:document_check_page",
}
# Each user's own; tests/cas/test_notifications.py has the rest.
NOTIFICATION_PAGES = {
    "cas:notifications",
    "cas:bell",
    "cas:dismiss_all",
    "cas:undo_dismiss",
    "cas:notification",
    "cas:snooze",
    "cas:dismiss",
    "cas:restore",
}
# A task by its random number, and a calendar by its address; tests/tasks/test_calendar.py
CALENDAR = {"tasks:task", "tasks:calendar"}
# By a setting alone; tests/agencies/test_use_limits.py, tests/clients/test_emergency.py
BY_SETTING = {"agencies:limit", "clients:emergency"}
# Each user's own; tests/agencies/sessions/test_page.py has the rest.
SESSION_PAGES = {"agencies:sessions", "agencies:end_session", "agencies:end_other_sessions"}
# Of rows that other organizations never see, of a shared client either.
OF_ITS_ORGANIZATION = {
    f"tasks:{name}" for name in ("edit_task", "delete_task", "restore_task", "done", "reopen")
}
# Not for colleagues of whoever filed the row; tests/enrollments/test_deletion.py has the rest.
OF_ITS_AUTHOR = {"enrollments:delete_enrollment"}
# They lead to a step of the workflow, or say why there is nothing to assess.
LEADS_BACK = {"enrollments:intake_finished"}  # to the step of a draft that is not finished
LEADS_ON = {
    f"enrollments:{kind}" for kind in ("reopen", "add_member", "update", "annual", "exit_answers")
}
OPEN_TO_ALL = {"health": 200, "session": 401}
MONITORING = {"mail_health"}  # tests/cas/mail/test_heartbeat.py
# Not there outside the demonstration; tests/outbox/test_demonstration.py
DEMONSTRATION = {"demonstration:mails", "demonstration:mail"}
# For officers of the client's organization; tests/hmis/test_accounting.py
ACCOUNTING = {"accounting", "accounting_print", "accounting_pdf"}
# For administrators and officers; tests/outbox/test_pages.py
MAIL = {"mail:undelivered", "mail:queue", "mail:sent", "mail:runs", "mail:send_again"}
# For officers of the organization in force; tests/privacy/test_access.py
PRIVACY = {
    f"privacy:{name}"
    for name in ("requests", "add_request", "request", "letter", "copy", "hold", "lift_hold")
}
OF_ONE_CLIENT = [name for name, (_, given) in PAGES.items() if "client_id" in given]
CHANGES_A_ROW = [
    f"clients:{action}_{row}"
    for action in ("edit", "delete", "restore")
    for row in ("alert", "interested_other")
]
CHANGES_A_ROW += [f"files:{action}_client_file" for action in ("edit", "delete", "restore")]
CHANGES_A_ROW += [
    f"enrollments:{action}"
    for action in ("exit", "undo_exit", "edit_case_assignment", "end_case_assignment", "hand_over")
]
CHANGES_A_ROW += ["enrollments:change_head", "enrollments:split_household"]
CHANGES_A_ROW += ["enrollments:delete_enrollment", "enrollments:restore_enrollment"]
CHANGES_A_ROW += [f"enrollments:{action}_current_living" for action in ("add", "edit", "delete")]
CHANGES_A_ROW += ["enrollments:delete_assessment", "enrollments:restore_assessment"]
CHANGES_A_ROW += [*sorted(LEADS_ON), "enrollments:begin_step", "enrollments:autosave_first"]
CHANGES_A_ROW += ["cas:edit_event", "cas:event_result", "cas:delete_event", "cas:restore_event"]
CHANGES_A_ROW += ["cas:edit_assessment", "cas:delete_assessment", "cas:restore_assessment"]

DELETES_THE_PHOTO = "files:delete_client_photo"  # whose row is not in its address

# allauth's pages: what somebody who is logged out gets; None is the log-in page.
ACCOUNT_PAGES = {
    "account_login": 200,
    "account_logout": None,
    "account_inactive": 200,
    "account_signup": 200,
    "account_reauthenticate": None,
    "account_email": None,
    "account_email_verification_sent": 200,
    "account_change_password": None,
    "account_set_password": None,
    "account_reset_password": 200,
    "account_confirm_login_code": None,
    "account_confirm_email": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_reset_password_done": 200,
    "mfa_index": None,
    "mfa_authenticate": None,
    "mfa_reauthenticate": None,
    "mfa_activate_totp": None,
    "mfa_deactivate_totp": None,
    "mfa_view_recovery_codes": None,
    "mfa_generate_recovery_codes": None,
    "mfa_download_recovery_codes": None,
}
IN_ADDRESS = {"key": "1-x", "uidb36": "1"}
ADMIN_PARTS = {"object_id": "1", "content_type_id": "1", "id": "1", "url": "x"}
ADMIN_PARTS |= {"user_id": "1", "key": "deactivate", "draft_id": str(uuid.UUID(int=1))}
ADMIN_PARTS |= {"client_1_id": 1, "client_2_id": 2, "report_id": 1, "pk": "1"}
ADMIN_PARTS |= {"app_label": "agencies", "invitation_id": "1", "transfer_id": "1", "kind": "x"}
ADMIN_PARTS |= {"listed_as": "open", "organization_id": 1}
ADMIN_PARTS |= {"template_id": 1, "version_id": 1}


def admin_urls() -> list[str]:
    found = []
    for name, parts in urls():
        if name.startswith("admin:"):
            found.append(reverse(name, kwargs={key: ADMIN_PARTS[key] for key in parts}))
    return [*found, reverse("admin:index") + "x/y/"]


def test_every_url_is_listed_here():
    names = {name for name, _ in urls() if not name.startswith("admin:")}
    assert names == {
        *PAGES,
        *SIGNING,
        *IN_A_DRAFT,
        *CASE_NOTE_PAGES,
        *CAS_PAGES,
        *NOTIFICATION_PAGES,
        *CALENDAR,
        *BY_SETTING,
        *SESSION_PAGES,
        *MONITORING,
        *DEMONSTRATION,
        *MAIL,
        *PRIVACY,
        *ACCOUNTING,
        *ACCOUNT_PAGES,
    }


@pytest.fixture
def addresses(alice, harbor):
    """A function from a URL's name to the address of Harbor's restricted client, as `user`'s."""
    client = ClientFactory(
        organization=harbor,
        created_by=alice,
        visibility=Visibility.OWN_ORGANIZATION,
        ssn="123121234",
        ssn_data_quality=1,
    )
    other = InterestedOtherFactory(client=client)
    alert = AlertFactory(client=client)
    enrollment = EnrollmentFactory(
        client=client,
        project__project_type=ProjectType.STREET_OUTREACH,  # whose contacts are recorded
        exit_date=date(2026, 2, 1),
        destination=410,
        created_by=alice,
    )
    assignment = CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    contact = CurrentLivingSituationFactory(enrollment=enrollment)
    file, photo = file_of(client), photo_of(client)
    task = TaskFactory(client=client, assigned_to=alice)
    event = EventFactory(enrollment=enrollment, created_by=alice)
    assessment = AssessmentFactory(enrollment=enrollment, created_by=alice)
    report = DuplicateReportFactory(
        organization=harbor,
        created_by=alice,
        client_1=client,
        client_2=ClientFactory(organization=harbor, created_by=alice),
    )
    parts = {
        "key": "find-client",
        "invitation_id": 1,
        "link": "x",
        "client_id": client.pk,
        "other_id": other.pk,
        "alert_id": alert.pk,
        "enrollment_id": enrollment.pk,
        "assignment_id": assignment.pk,
        "contact_id": contact.pk,
        "change_id": HouseholdChangeFactory(enrollment=enrollment).pk,
        "report_id": report.pk,
        "kind": "reopen",
        "slug": "basic",
        "topic": "find-a-client",
        "file_id": file.pk,
        "event_id": event.pk,
        "task_id": task.pk,
        "release_id": ReleaseFactory(client=client).pk,
        "assessment_id": assessment.pk,
        "token": photo.token,
        "number": 1,
        "stage": 2,
        "day": "2026-02-01",
        "version": 1,
        "organization_id": harbor.pk,
        "moment": 1,
        "first": 1,
        "last": 1,
    }

    @cache
    def own(user):
        search = ClientSearch(user=user)
        search.criteria = {"last_name": "Smi"}
        search.save()
        draft = IntakeDraft.objects.create(
            created_by=user, organization=harbor, client=client, step="basic"
        )
        return {"search_id": search.pk, "draft_id": draft.pk}

    def address(name, user=alice):
        given = parts | own(user)
        query = f"?search={given['search_id']}" if name == "clients:add" else ""
        query = "?page=/" if name == "form_drafts" else query
        return reverse(name, kwargs={part: given[part] for part in PAGES[name][1]}) + query

    address.rows = [alert, other, file, event]
    address.parts = parts
    return address


def in_force(browser, organization):
    session = browser.session
    session["organization"] = organization.pk
    session.save()
    return browser


def is_log_in_page(response) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


def test_logged_out_user_gets_the_log_in_page_with_every_verb(client, addresses):
    for name in PAGES.keys() - OPEN_TO_ALL:
        address = addresses(name)
        for verb in VERBS:
            assert is_log_in_page(client.generic(verb, address)), (verb, name)


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_logged_out_user_is_answered_without_the_log_in_page(client, db, name):
    assert client.get(reverse(name)).status_code == OPEN_TO_ALL[name]


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_logged_out_user_at_an_account_page(client, db, name):
    given = {key: IN_ADDRESS[key] for key in dict(urls())[name]}
    response = client.get(reverse(name, kwargs=given))
    if ACCOUNT_PAGES[name] is None:
        assert response.status_code in (302, 404)
        assert response.status_code == 404 or is_log_in_page(response)
    else:
        assert response.status_code == ACCOUNT_PAGES[name]


def test_logged_out_user_gets_the_log_in_page_for_all_of_admin(client, db):
    for address in admin_urls():
        response = client.get(address)
        if response.status_code == 302 and response["Location"].startswith(reverse("admin:login")):
            response = client.get(response["Location"])
        assert is_log_in_page(response), address


@pytest.mark.parametrize("role", ["case manager", "CAS administrator", "DQO"])
def test_nobody_manages_the_e_mail_address_that_is_the_log_in(portal, people, role):
    assert portal(people[role]).get("/accounts/email/").status_code == 404


def expected_of(name: str) -> int:
    """What somebody of the client's organization is answered where nothing is refused."""
    return 302 if name in LEADS_ON | LEADS_BACK | {"agencies:confirm_factor_reset"} else 200


@pytest.mark.parametrize("role", ["case manager", "DQO", "administrator"])
def test_own_organization_opens_every_page_of_its_restricted_client(
    portal, people, addresses, harbor, role
):
    browser = in_force(portal(people[role]), harbor)
    for name, (verbs, _) in PAGES.items():
        if "GET" in verbs:
            answer = browser.get(addresses(name, people[role]))
            is_refused = role == "case manager" and name in OF_ITS_AUTHOR
            expected = 403 if is_refused else expected_of(name)
            assert answer.status_code == expected, name


def test_what_can_be_read_can_be_asked_about_without_its_body(portal, alice, harbor, addresses):
    browser = in_force(portal(alice), harbor)
    for name, (verbs, _) in PAGES.items():
        answer = browser.head(addresses(name))
        assert answer.status_code == (expected_of(name) if "GET" in verbs else 405), name
        assert "GET" not in verbs or not b"".join(answer), name


@pytest.mark.parametrize("role", ["stranger", "CAS administrator"])
def test_other_organization_sees_but_does_not_change_records_of_a_shared_client(
    portal, people, addresses, role
):
    for row in addresses.rows:
        row.client.visibility = Visibility.ALL_ORGANIZATIONS
        row.client.save()
    browser = portal(people[role])
    for name in OF_ONE_CLIENT:
        is_change = name in (*CHANGES_A_ROW, DELETES_THE_PHOTO)
        if not is_change and name not in OF_ITS_ORGANIZATION and "GET" in PAGES[name][0]:
            assert browser.get(addresses(name)).status_code == 200, name
    for name in OF_ITS_ORGANIZATION:
        verbs = PAGES[name][0]
        assert {browser.generic(verb, addresses(name)).status_code for verb in verbs} == {404}
    for name in (*CHANGES_A_ROW, DELETES_THE_PHOTO):
        if "restore" not in name:
            verbs = PAGES[name][0]
            assert {browser.generic(verb, addresses(name)).status_code for verb in verbs} == {403}


@pytest.mark.parametrize("role", ["stranger", "CAS administrator"])
def test_other_organization_does_not_restore_what_was_deleted_from_a_shared_client(
    portal, people, addresses, role
):
    for row in addresses.rows:
        row.client.visibility = Visibility.ALL_ORGANIZATIONS
        row.client.save()
        row.mark_deleted(by=row.created_by)
    browser = portal(people[role])
    restores = ("clients:restore_alert", "clients:restore_interested_other")
    for name in (*restores, "files:restore_client_file", "cas:restore_event"):
        assert browser.post(addresses(name)).status_code == 403, name
    for row in addresses.rows:
        row.refresh_from_db()
        assert row.date_deleted


@pytest.mark.parametrize(
    ("role", "wrong"),
    # Of which verbs a page knows nobody's role decides: the others show that they come so far.
    [("case manager", VERBS), ("DQO", ["DELETE"]), ("administrator", ["DELETE"])],
    ids=["case manager", "DQO", "administrator"],
)
def test_wrong_verb_gets_405(portal, people, addresses, harbor, role, wrong):
    browser = in_force(portal(people[role]), harbor)
    for name, (verbs, _) in PAGES.items():
        address = addresses(name, people[role])
        for verb in wrong:
            if verb not in verbs:
                answer = browser.generic(verb, address)
                assert answer.status_code == 405, (verb, name)


@pytest.mark.parametrize("role", ["case manager", "stranger", "CAS administrator"])
def test_search_is_for_its_own_user_only(portal, people, addresses, alice, role):
    browser = portal(people[role])
    assert browser.get(addresses("clients:results", alice)).status_code == 404
    assert browser.get(addresses("clients:add", alice)).status_code == 302


def test_case_manager_is_refused_all_of_admin(portal, bob):
    browser = portal(bob)
    for address in admin_urls():
        if address == reverse("admin:logout"):
            continue  # admin's own log-out sends everybody away
        answer = browser.get(address, follow=True)
        assert answer.status_code in (403, 404, 405), address


# The first that a column cannot hold, no key, and one that no number of PostgreSQL's can.
NO_KEYS = [2**63, 0, int("9" * 200)]


def test_client_that_does_not_exist_is_404(portal, bob, addresses, monkeypatch):
    """With every number; but what loads the client is nearly always the same, and asked once so."""
    asked, known = [], set()
    load = loading._load

    def noted(request, client_id, *, lock=False, also=None):
        asked.append((lock, also is not None))
        return load(request, client_id, lock=lock, also=also)

    monkeypatch.setattr(loading, "_load", noted)
    browser = portal(bob)
    for name in OF_ONE_CLIENT:
        for client_id in NO_KEYS:
            asked.clear()
            parts = {part: addresses.parts[part] for part in PAGES[name][1]}
            address = reverse(name, kwargs=parts | {"client_id": client_id})
            answer = browser.generic(PAGES[name][0][0], address)
            assert answer.status_code == 404, (name, client_id)
            if known.issuperset(asked) and asked:
                break
        known.update(asked)
    assert len(known) > 1


def test_client_of_any_other_number_is_404(portal, bob, addresses):
    """What loads the client of every page is the same: `clients.loading.get_client`."""
    browser = portal(bob)
    for client_id in (10**17, 2**63 - 1, 10**30):
        address = reverse("clients:dashboard", args=[client_id])
        assert browser.get(address).status_code == 404, client_id


@pytest.mark.parametrize("row_id", NO_KEYS)
def test_row_that_does_not_exist_is_404(portal, bob, addresses, row_id):
    browser = portal(bob)
    wrong = dict.fromkeys(
        [
            "alert_id",
            "other_id",
            "report_id",
            "enrollment_id",
            "change_id",
            "assignment_id",
            "file_id",
            "event_id",
        ],
        row_id,
    )
    for name, (verbs, given) in PAGES.items():
        if set(given) & set(wrong):
            parts = {part: (addresses.parts | wrong)[part] for part in given}
            assert browser.generic(verbs[0], reverse(name, kwargs=parts)).status_code == 404, name


def test_row_is_found_under_its_own_client_only(portal, bob, alice, addresses, harbor):
    another = ClientFactory(organization=harbor, created_by=alice)
    browser = portal(bob)
    for name in [*CHANGES_A_ROW, "clients:interested_other", "enrollments:enrollment"]:
        parts = {part: addresses.parts[part] for part in PAGES[name][1]} | {"client_id": another.pk}
        for verb in PAGES[name][0]:
            assert browser.generic(verb, reverse(name, kwargs=parts)).status_code == 404, name


@pytest.mark.parametrize("role", ["case manager", "DQO", "stranger", "administrator"])
def test_intake_draft_is_for_its_owner_only(portal, people, addresses, harbor, alice, role):
    browser = portal(people[role])
    if role == "administrator":
        in_force(browser, harbor)
    for name, (verbs, given) in PAGES.items():
        if "draft_id" in given:
            for verb in verbs:
                answer = browser.generic(verb, addresses(name, alice))
                assert answer.status_code == 404, (verb, name)
