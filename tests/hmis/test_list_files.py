"""Lists as CSV: services, enrollments, and results of Find Client without SSN."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent, UseCount
from agencies.use_limits import UseLimit
from clients.models import ClientAccess, EmergencyAccess
from tests.casenotes.factories import ServiceFactory, ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory


def text_of(answer) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def rows(answer) -> list[dict[str, str]]:
    text = text_of(answer)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="John",
        last_name="Smithers",
        ssn="219099871",
        ssn_data_quality=1,
    )


@pytest.fixture
def enrollment(john):
    return EnrollmentFactory(client=john)


def services_of(client) -> str:
    return reverse("casenotes:services_csv", args=[client.pk])


def enrollments_of(client) -> str:
    return reverse("enrollments:enrollments_csv", args=[client.pk])


def searched(browser, **typed) -> str:
    answer = browser.post(reverse("clients:find"), typed)
    return answer["Location"] + "csv/"


# Services


def test_file_has_all_services_the_latest_first(portal, alice, enrollment, harbor):
    bus = ServiceTypeFactory(organization=harbor, name="Bus pass")
    for day in range(1, 29):
        ServiceFactory(enrollment=enrollment, service_type=bus, date=f"2026-02-{day:02}")
    gone = ServiceFactory(enrollment=enrollment)
    gone.mark_deleted(by=alice)
    answer = portal(alice).get(services_of(enrollment.client))
    today = timezone.localdate()
    name = f'attachment; filename="services-{today:%Y-%m-%d}.csv"'
    assert answer["Content-Disposition"] == name
    found = rows(answer)
    assert [row["Date"] for row in found] == [f"2026-02-{day:02}" for day in range(28, 0, -1)]
    assert found[0]["Service"] == "Bus pass"
    assert found[0]["Project"] == str(enrollment.project)
    assert found[0]["Client ID"] == str(enrollment.client_id)


def test_filter_of_the_page_narrows_the_file(portal, alice, enrollment):
    ServiceFactory(enrollment=enrollment, date="2026-01-05")
    ServiceFactory(enrollment=enrollment, date="2026-02-05")
    browser, url = portal(alice), services_of(enrollment.client)
    found = rows(browser.get(url, {"first": "02/01/2026", "before": "x"}))
    assert [row["Date"] for row in found] == ["2026-02-05"]
    answer = browser.get(url, {"first": "99/99/9999"})
    assert answer["Location"] == reverse("casenotes:services", args=[enrollment.client_id])


def test_no_cell_is_taken_for_a_formula(portal, alice, enrollment, harbor):
    risky = ServiceTypeFactory(organization=harbor, name='=HYPERLINK("http://x")')
    ServiceFactory(enrollment=enrollment, service_type=risky, other_type_provided="+1")
    (row,) = rows(portal(alice).get(services_of(enrollment.client)))
    assert row["Service"] == '\'=HYPERLINK("http://x")'
    assert row["Details"] == "'+1"


def test_page_leads_to_the_file_with_its_filter(portal, alice, enrollment):
    ServiceFactory(enrollment=enrollment)
    page = reverse("casenotes:services", args=[enrollment.client_id])
    html = portal(alice).get(page, {"first": "01/01/2026"}).content.decode()
    assert f'href="{services_of(enrollment.client)}?first=01%2F01%2F2026"' in html
    assert "data-print" in html


# Enrollments


def test_file_has_the_enrollments_and_no_name(portal, alice, enrollment, john):
    text = text_of(portal(alice).get(enrollments_of(john)))
    (row,) = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    assert row["Project"] == str(enrollment.project)
    assert row["Relationship to Head of Household"] == "Self (head of household)"
    assert "Smithers" not in text


# Results of Find Client


def test_results_have_no_ssn_not_even_masked(portal, alice, john):
    browser = portal(alice)
    url = searched(browser, ssn="219-09-9871")
    text = text_of(browser.get(url))
    (row,) = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    assert (row["Client ID"], row["Last Name"]) == (str(john.pk), "Smithers")
    assert not [word for word in ("SSN", "219-", "219099871", "-9871", "•", "***") if word in text]
    assert "Smithers" not in url


def test_results_say_why_a_near_match_is_there(portal, alice, john):
    browser = portal(alice)
    (row,) = rows(browser.get(searched(browser, first_name="Jon", last_name="Smiters")))
    assert row["Client ID"] == str(john.pk)
    assert row["Near Match"]


def test_results_are_those_of_the_page_and_in_its_order(portal, alice, harbor):
    for number in range(30):
        ClientFactory(organization=harbor, first_name="Ann", last_name=f"Woods{number:02}")
    browser = portal(alice)
    url = searched(browser, last_name="Woods")
    down = [row["Last Name"] for row in rows(browser.get(url, {"sort": "-name"}))]
    assert down == [f"Woods{number:02}" for number in range(29, 4, -1)]
    second = [row["Last Name"] for row in rows(browser.get(url, {"sort": "-name", "page": "2"}))]
    assert second == [f"Woods{number:02}" for number in range(4, -1, -1)]


def test_results_of_another_user_are_absent(portal, alice, bob, john):
    url = searched(portal(alice), last_name="Smi")
    assert portal(bob).get(url).status_code == 404


def test_restricted_client_of_another_organization_is_in_no_results(portal, alice, bridge):
    ClientFactory(organization=bridge, visibility="own", last_name="Smithson")
    browser = portal(alice)
    assert rows(browser.get(searched(browser, last_name="Smiths"))) == []


# All of them


def files(browser, john) -> dict[str, str]:
    return {
        "casenotes:services_csv": services_of(john),
        "enrollments:enrollments_csv": enrollments_of(john),
        "clients:results_csv": searched(browser, last_name="Smith"),
    }


def test_each_file_is_in_the_access_log_and_counts_as_an_export(
    portal, alice, john, enrollment, settings
):
    settings.USE_LIMITS = {"exports": UseLimit.parse("hour 50 90")}
    ServiceFactory(enrollment=enrollment)
    browser = portal(alice)
    for name, url in files(browser, john).items():
        text_of(browser.get(url))
        access = ClientAccess.objects.get(page=name, kind="export")
        assert (access.user, access.listed) == (alice, [john.pk])
        event = SecurityEvent.objects.get(kind="exported", detail__page=name)
        assert event.user == alice
    assert UseCount.objects.get(user=alice, kind="exports").count == 3


def test_stranger_gets_no_file_of_a_restricted_client(portal, charlie, harbor):
    person = ClientFactory(organization=harbor, visibility="own")
    for url in (services_of(person), enrollments_of(person)):
        assert portal(charlie).get(url).status_code == 404


def test_emergency_access_takes_no_file_away(portal, charlie, harbor, settings):
    settings.BREAK_GLASS = True
    person = ClientFactory(organization=harbor, visibility="own")
    EmergencyAccess.objects.create(
        client=person,
        user=charlie,
        organization=charlie.memberships.get().organization,
        reason="danger",
        explanation="A fire",
        ends_at=timezone.now() + timedelta(hours=1),
    )
    browser = portal(charlie)
    page = browser.get(reverse("casenotes:services", args=[person.pk]))
    assert page.status_code == 200
    assert "csv/" not in page.content.decode()
    for url in (services_of(person), enrollments_of(person)):
        assert browser.get(url).status_code == 403
    assert not ClientAccess.objects.filter(kind="export").exists()
