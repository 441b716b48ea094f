"""How many statements a save takes, its session, its transaction and the access log included.

What is refused in words needs no question beforehand: a row is judged in hand, or by the database
when it is written (docs/adr/0041).
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casenotes.models import Service
from clients.models import ClientMerge, ClientSearch
from enrollments.intake.draft.start import start
from enrollments.models import CaseAssignment, Enrollment, IncomeBenefits
from tests.casenotes.factories import ServiceTypeFactory
from tests.casenotes.test_write import rows
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.enrollments.intake.conftest import Walk, began
from tests.enrollments.intake.test_finish import answer_everything
from tests.enrollments.test_exits import exit_of, typed_into
from tests.factories import ClientFactory, ProjectFactory
from tests.files.samples import jpeg
from tests.pages import filled, opened


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor)


@pytest.fixture
def enrolled(shelter, alice, harbor):
    def add(**given):
        person = ClientFactory(organization=harbor, created_by=alice)
        row = EnrollmentFactory(client=person, project=shelter, created_by=alice, **given)
        CaseAssignmentFactory(enrollment=row, case_manager=alice, created_by=alice)
        return row

    return add


def statements(send, *, status: int = 302) -> int:
    """Of a request that is answered so."""
    with CaptureQueriesContext(connection) as captured:
        answer = send()
    assert answer.status_code == status
    return len(captured)


def test_note_takes_16_and_its_new_services_one(portal, alice, enrolled):
    row, ride = enrolled(), ServiceTypeFactory(organization=alice.organizations[0])
    browser, url = portal(alice), reverse("casenotes:add", args=[row.client_id])
    services = [{"service_type": ride.pk, "units": number} for number in (1, 2, 3)]
    taken = []
    for sent in ([], services):
        form = opened(browser.get(url))
        data = filled(form, title="Visit", text="Met John.") | rows(*sent)
        taken.append(statements(lambda data=data: browser.post(url, data)))
    assert Service.objects.filter(enrollment=row).count() == 3
    assert taken[0] <= 16
    assert taken[1] <= taken[0] + 1


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ({"phone": "617-555-0111"}, 14),
        # The names' spellings, an alias and its spellings.
        ({"last_name": "Smythe", "aliases": [("Jack", "Smith"), ("Jon", "Smyth")]}, 16),
    ],
    ids=["phone", "names"],
)
def test_edit_of_a_client(portal, alice, john, typed, most):
    browser, url = portal(alice), reverse("clients:edit", args=[john.pk])
    data = filled(opened(browser.get(url)), **typed)
    assert statements(lambda: browser.post(url, data)) <= most


@pytest.mark.parametrize(
    ("name", "status"),
    [({"first_name": "John", "last_name": "Smith"}, 200), ({"last_name": "Okafor"}, 302)],
    ids=["duplicates asked", "new"],
)
def test_new_client(portal, alice, john, name, status):
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smith"}
    search.save()
    browser, url = portal(alice), f"{reverse('clients:add')}?search={search.pk}"
    data = filled(opened(browser.get(url)), **({"first_name": "Ngozi"} | name))
    assert statements(lambda: browser.post(url, data), status=status) <= 16


def test_hand_over(portal, alice, bob, enrolled):
    row = CaseAssignment.objects.get(enrollment=enrolled())
    browser = portal(alice)
    url = reverse("enrollments:hand_over", args=[row.client_id, row.pk])
    data = filled(opened(browser.get(url)), case_manager=bob.pk)
    assert statements(lambda: browser.post(url, data)) <= 32
    assert CaseAssignment.objects.filter(case_manager=bob).exists()


@pytest.mark.parametrize(("people", "most"), [(1, 32), (3, 35)])
def test_finish_of_an_intake_with_every_question_answered(
    portal, alice, harbor, shelter, people, most
):
    clients = [
        ClientFactory(organization=harbor, created_by=alice, dob=date(1980 + number, 1, 1))
        for number in range(people)
    ]
    walk = Walk(portal(alice), start(by=alice, organization=harbor, client=clients[0]))
    assert walk.enroll(shelter, *clients).status_code == 302
    answer_everything(walk, *clients)
    assert statements(walk.finish) <= most
    assert IncomeBenefits.objects.count() == people


def test_exit(portal, alice, enrolled):
    row, browser = enrolled(), portal(alice)
    url = exit_of(row)
    data = typed_into(opened(browser.get(url)), destination="410")
    assert statements(lambda: browser.post(url, data)) <= 35
    assert Enrollment.objects.get(pk=row.pk).exit_date


def test_annual_assessment(portal, alice, enrolled, time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    row = enrolled(entry_date=date(2025, 3, 1))
    walk = began(portal(alice), f"/clients/{row.client_id}/enrollments/{row.pk}/annual/")
    assert statements(walk.finish) <= 25
    assert IncomeBenefits.objects.exists()


def test_upload(portal, alice, john):
    browser, url = portal(alice), reverse("files:add_client_file", args=[john.pk])
    data = filled(opened(browser.get(url)), file=SimpleUploadedFile("id.jpg", jpeg()))
    assert statements(lambda: browser.post(url, data)) <= 14


def test_merge(portal, dana, alice, harbor, john):
    other = ClientFactory(organization=harbor, created_by=alice, first_name="Jon")
    browser, url = portal(dana), reverse("admin:clients_merge", args=[john.pk, other.pk])
    data = filled(opened(browser.get(url)))
    assert statements(lambda: browser.post(url, data)) <= 50
    assert ClientMerge.objects.exists()
