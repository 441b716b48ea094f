"""R16.1: lists and refusals are in the access log, a page costs one statement (docs/adr/0030)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casenotes.models import CaseNote
from clients.access_log.recorder import AccessRecorder, record_export, record_list
from clients.models import Client, ClientAccess, ClientSearch
from clients.models.access import _current
from hmis.middleware.access import CLIENTS, RECORDS
from hmis.page_names import NAMES, UNKNOWN, page_name
from records.models import Visibility
from tests.addresses import urls
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory, ClientMergeFactory, UserFactory
from tests.pages import send

# Parts of addresses that are the key of no client and of no client's record.
OF_NO_CLIENT = {
    *("key", "slug", "kind", "number", "stage", "day", "corrects", "until", "token", "name"),
    *(
        "topic",
        "search_id",
        "feed_token",
        "invitation_id",
        "transfer_id",
        "link",
        "delivery_id",
        "user_id",
        "content_type_id",
        "app_label",
        "url",
    ),
    *("uidb36", "object_id", "id", "pk"),  # an officer's page names its model
    *("first", "last", "moment", "version", "change_id"),  # of an undo, beside the client's ID
    *("listed_as", "organization_id", "template_id", "version_id"),
}
# Pages that write no access: they show no client and take none.


def inserts(captured) -> list[str]:
    return [one["sql"] for one in captured if "INTO clients_clientaccess" in one["sql"]]


def search(user, **criteria) -> str:
    kept = ClientSearch(user=user)
    kept.criteria = criteria
    kept.save()
    return reverse("clients:results", args=[kept.pk])


def test_results_are_one_row_with_the_ids_of_all(portal, alice, harbor, john):
    other = ClientFactory(organization=harbor, last_name="Smithson", created_by=alice)
    portal(alice).get(search(alice, last_name="Smi"))
    access = ClientAccess.objects.get()
    assert access.listed == sorted([john.pk, other.pk])
    assert (access.client, access.user, access.organization) == (None, alice, harbor)
    assert (access.kind, access.page) == ("list", "clients:results")
    assert access.request_id


def test_home_logs_everybody_in_one_statement(portal, alice, harbor):
    enrollments = EnrollmentFactory.create_batch(3, client__organization=harbor)
    for enrollment in enrollments:
        CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    browser = portal(alice)
    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse("home"))
    assert len(inserts(captured)) == 1
    assert ClientAccess.objects.get().listed == sorted(
        enrollment.client_id for enrollment in enrollments
    )


def test_page_of_a_client_with_a_household_is_one_statement(portal, alice, harbor):
    head = EnrollmentFactory(client__organization=harbor)
    child = EnrollmentFactory(
        client__organization=harbor,
        household=head.household,
        relationship_to_hoh=2,
        project=head.project,
        entry_date=head.entry_date,
    )
    browser = portal(alice)
    with CaptureQueriesContext(connection) as captured:
        browser.get(head.get_absolute_url())
    assert len(inserts(captured)) == 1
    rows = ClientAccess.objects.values_list("client", "listed", "kind")
    assert set(map(str, rows)) == {
        str((head.client_id, None, "view")),
        str((None, [child.client_id], "list")),
    }


def test_same_list_within_ten_minutes_is_one_access(portal, alice, john, time_machine):
    browser, page = portal(alice), search(alice, last_name="Smi")
    start = timezone.now()
    for minutes, rows in ((0, 1), (9, 1), (11, 2)):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        browser.get(page)
        assert ClientAccess.objects.count() == rows
    assert ClientAccess.objects.about(john).count() == 2


def test_new_client_on_a_list_seen_before_is_logged_alone(portal, alice, harbor, john):
    browser, page = portal(alice), search(alice, last_name="Smi")
    browser.get(page)
    new = ClientFactory(organization=harbor, last_name="Smitt", created_by=alice)
    browser.get(page)
    assert ClientAccess.objects.first().listed == [new.pk]


def test_list_finds_a_client_under_each_of_its_ids(alice, harbor, john):
    gone = ClientFactory(organization=harbor)
    ClientMergeFactory(survivor=john, merged=gone)
    Client.objects.filter(pk=gone.pk).update(merged_into=john)
    row = {"user": alice, "organization": harbor, "kind": "list", "page": "clients:results"}
    rows = [ClientAccess.objects.create(listed=[1, pk], **row) for pk in (john.pk, gone.pk)]
    assert set(ClientAccess.objects.about(john)) == set(rows)


def test_page_that_cannot_be_logged_is_not_shown(portal, alice, john, monkeypatch):
    def fails(self, **options):
        raise DatabaseError

    monkeypatch.setattr(AccessRecorder, "write", fails)
    browser = portal(alice)
    browser.raise_request_exception = False
    answer = browser.get(john.get_absolute_url())
    assert answer.status_code == 500
    assert john.last_name.encode() not in answer.content


def test_export_is_logged_each_time(rf, alice, harbor, john):
    request = rf.get("/")
    request.user, request.organization, request.resolver_match = alice, harbor, None
    for _ in range(2):
        record_export(request, [john])
    assert ClientAccess.objects.filter(kind="export", listed=[john.pk]).count() == 2


def test_list_of_nobody_writes_nothing(rf, alice, harbor):
    request = rf.post("/")
    request.user, request.organization, request.resolver_match = alice, harbor, None
    record_list(request, [None])
    record_list(request, [10**17])  # there is none
    assert not ClientAccess.objects.exists()


# Refusals (V16.3.2)


@pytest.fixture
def restricted(john):
    Client.objects.filter(pk=john.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    return john


@pytest.mark.parametrize("verb", ["get", "post"])
def test_refused_view_outlives_the_rollback(portal, charlie, bridge, restricted, verb):
    address = reverse("clients:edit", args=[restricted.pk])
    assert getattr(portal(charlie), verb)(address).status_code == 404
    access = ClientAccess.objects.get()
    assert (access.client, access.user, access.organization) == (restricted, charlie, bridge)
    assert (access.kind, access.page) == ("refused", "clients:edit")


def test_refusal_says_nothing_of_whether_the_client_exists(portal, charlie, restricted):
    browser = portal(charlie)
    browser.get(reverse("home"))

    def ask(client_id):
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(reverse("clients:dashboard", args=[client_id]))
        text = answer.content.decode().replace(str(client_id), "N")
        return answer.status_code, dict(answer.headers) | {"X-Request-ID": ""}, text, len(captured)

    assert ask(restricted.pk)[0] == 404
    assert ask(restricted.pk)[3] == ask(10**15)[3]
    one, two = ask(restricted.pk), ask(10**15)
    assert one[0] == two[0]
    assert one[1].keys() == two[1].keys()
    assert abs(len(one[2]) - len(two[2])) < 20  # a nonce, and the number itself
    assert ClientAccess.objects.filter(kind="refused").count() == 1


def test_refused_record_of_a_client_whom_the_user_may_see(portal, charlie, alice, john):
    note = CaseNoteFactory(client=john, visibility=Visibility.OWN_ORGANIZATION, created_by=alice)
    browser = portal(charlie)
    browser.get(reverse("casenotes:note", args=[john.pk, 10**15]))
    assert not ClientAccess.objects.filter(kind="refused").exists()
    assert browser.get(reverse("casenotes:note", args=[john.pk, note.pk])).status_code == 404
    assert ClientAccess.objects.get(kind="refused").client == john
    assert CaseNote.objects.count() == 1


def test_refused_change_of_another_organizations_record(portal, charlie, john):
    alert = AlertFactory(client=john)
    address = reverse("clients:edit_alert", args=[john.pk, alert.pk])
    assert portal(charlie).get(address).status_code == 403
    assert ClientAccess.objects.filter(kind="refused", client=john, user=charlie).count() == 1


def test_officer_refused_a_record_of_another_agency_is_logged(portal, bridge, restricted):
    alert = AlertFactory(client=restricted)
    officer = UserFactory(dqo_at=[bridge])
    answer = portal(officer).get(reverse("admin:clients_alert_change", args=[alert.pk]))
    assert answer.status_code in (302, 403, 404)
    assert ClientAccess.objects.get(kind="refused").client == restricted


def test_refused_view_is_no_recent_client(portal, charlie, john):
    row = {"user": charlie, "organization": charlie.organizations[0], "page": "x"}
    ClientAccess.objects.create(client=john, kind="refused", **row)
    assert ClientAccess.objects.recent_clients(charlie, most=5) == []


def test_recent_clients_are_all_listed_whoever_asked_before(alice, charlie, harbor, monkeypatch):
    monkeypatch.setattr(_current, "plans", {})
    clients = ClientFactory.create_batch(9, organization=harbor)
    row = {"organization": harbor, "kind": "view", "page": "x"}
    ClientAccess.objects.create(client=clients[0], user=charlie, **row)
    for client in clients:
        ClientAccess.objects.create(client=client, user=alice, **row)
    assert ClientAccess.objects.recent_clients(charlie, most=9) == clients[:1]
    assert ClientAccess.objects.recent_clients(alice, most=9) == clients[::-1]
    assert len(_current.plans) == 1


# The addresses and what they are called


def test_every_part_of_an_address_is_known_to_be_of_a_client_or_not():
    parts = {part for _, given in urls() for part in given}
    assert parts == OF_NO_CLIENT & parts | {*CLIENTS, *RECORDS}


def test_every_page_is_called_something_in_words():
    names = {name for name, _ in urls()}
    in_words = {name: page_name(name) for name in names}
    assert [name for name, words in in_words.items() if "former page" in words] == []
    assert not [words for words in in_words.values() if ":" in words and "_" in words]
    # A worker exports; commands import notes and documents.
    elsewhere = {"exchange:export", "exchange:import_notes", "exchange:import_files"}
    assert set(NAMES) - elsewhere <= names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("casenotes:notes", "Case Notes"),
        ("admin:clients_alert_changelist", "Deleted alerts"),
        ("casenotes:no_such_page", "Casenotes no such page (former page)"),
        ("admin:gone_model_change", "Admin gone model change (former page)"),
        ("", UNKNOWN),
    ],
)
def test_page_is_named_in_words_even_when_it_is_gone(name, words):
    assert page_name(name) == words


# Asked for by number, elsewhere than in an address


def asked_by_search(browser, client_id):
    return browser.post("/search/", {"q": str(client_id)}, follow=True)


def asked_by_find(browser, client_id):
    return browser.post("/clients/", {"client_id": str(client_id)}, follow=True)


def asked_by_report(browser, client_id):
    typed = {"client_1": str(client_id), "client_2": str(client_id), "comment": "Same"}
    return send(browser, "/duplicates/report/", **typed)


def asked_by_emergency(browser, client_id):
    typed = {"client_id": str(client_id), "reason": "danger", "explanation": "x", "confirmed": "on"}
    return browser.post("/clients/emergency/", typed)


def asked_for_an_intake(browser, client_id):
    return browser.get(f"/intake/?client={client_id}")


@pytest.mark.parametrize(
    ("ask", "page"),
    [
        (asked_for_an_intake, "enrollments:intakes"),
        (asked_by_search, "clients:results"),
        (asked_by_find, "clients:results"),
        (asked_by_report, "duplicates:report"),
        (asked_by_emergency, "clients:emergency"),
    ],
)
def test_client_who_is_asked_for_by_number_and_refused_is_logged(
    portal, charlie, restricted, harbor, settings, ask, page
):
    settings.BREAK_GLASS = True
    harbor.allows_emergency_access = False
    harbor.save()
    browser = portal(charlie)
    answers = [ask(browser, client_id).status_code for client_id in (10**15, restricted.pk)]
    assert answers == ([404, 404] if ask is asked_for_an_intake else [200, 200])
    access = ClientAccess.objects.get()
    assert (access.client, access.user) == (restricted, charlie)
    assert (access.kind, access.page) == ("refused", page)


def test_second_client_of_a_page_about_two_is_refused(portal, alice, bridge, john, monkeypatch):
    other = ClientFactory(organization=bridge)

    def restrict_other(*args):
        Client.objects.filter(pk=other.pk).update(visibility=Visibility.OWN_ORGANIZATION)

    monkeypatch.setattr("clients.loading.record_views", restrict_other)
    typed = {"client_1": str(john.pk), "client_2": str(other.pk), "comment": "Same"}
    assert send(portal(alice), "/duplicates/report/", **typed).status_code == 404
    assert ClientAccess.objects.get(kind="refused").client == other


def test_search_by_number_that_another_box_leaves_empty_refuses_nobody(portal, alice, john):
    typed = {"client_id": str(john.pk), "first_name": "Zoe"}
    page = portal(alice).post("/clients/", typed, follow=True)
    assert "No records found." in page.text
    assert not ClientAccess.objects.filter(kind="refused").exists()
