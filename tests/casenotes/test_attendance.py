"""Attendance: one service for many clients at once (R6.8)."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.use_limits import UseLimit
from casenotes.models import Service
from clients.models import ClientAccess
from records.models import Submission, Visibility
from tests.casenotes.factories import ServiceFactory, ServiceTypeFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import errors, messages, opened

PAGE = reverse("attendance:attendance")


@pytest.fixture
def meal(harbor):
    return ServiceTypeFactory(organization=harbor, name="Meal")


@pytest.fixture
def guests(enrollment, shelter, harbor, alice):
    """John and two others at Harbor's shelter, by name."""
    return [
        EnrollmentFactory(
            client=ClientFactory(organization=harbor, created_by=alice, last_name=name),
            project=shelter,
            created_by=alice,
        )
        for name in ("Abel", "Baker")
    ] + [enrollment]


@pytest.fixture
def address(meal, shelter):
    def of(who=None, day="03/02/2026", service=meal):
        who = shelter.pk if who is None else who
        return f"{PAGE}?project={who}&service_type={service.pk}&date={day}"

    return of


def sent(browser, url, *ticked, **typed):
    """Tick these enrollments on the page and save."""
    page = browser.get(url)
    form = opened(page)
    data = {name: form[name].value() for name in ("organization", "form_token")}
    marked = [row.pk for row in page.context["rows"] if row.recorded]
    data |= {"enrollments": [one.pk for one in ticked], "marked": marked, "units": ""}
    return browser.post(url, data | typed, follow=True)


def listed(page):
    return [row.client.last_name for row in page.context["rows"]]


def test_one_save_records_it_for_everybody_who_is_ticked(portal, alice, guests, meal, address):
    abel, _, john = guests
    page = sent(portal(alice), address(), abel, john)
    assert messages(page) == ["Meal recorded for 2 clients."]
    rows = list(Service.objects.order_by("pk"))
    assert {row.enrollment for row in rows} == {abel, john}
    for row in rows:
        assert (row.client_id, row.visibility) == (row.enrollment.client_id, "all")
        assert (row.service_type, row.date, row.units) == (meal, date(2026, 3, 2), 1)
        assert (row.organization, row.created_by) == (alice.organizations[0], alice)
    assert Service.pgh_event_model.objects.filter(pgh_label="insert").count() == 2
    logged = ClientAccess.objects.filter(kind="change", page="attendance:attendance")
    assert set(logged.values_list("client", flat=True)) == {abel.client_id, john.client_id}


def test_it_is_undone_in_one_message(portal, alice, guests, address):
    browser = portal(alice)
    page = sent(browser, address(), *guests)
    (message,) = page.context["messages"]
    assert messages(browser.post(message.extra_tags, follow=True)) == ["3 services deleted."]
    assert not Service.objects.exists()
    (said,) = messages(browser.post(message.extra_tags, follow=True))
    assert said.startswith("The services were not deleted")


def test_undo_is_undone_in_one_message_and_the_list_stays_as_it_was(
    portal, alice, bob, guests, address
):
    browser = portal(alice)
    (recorded,) = sent(browser, address(), *guests).context["messages"]
    page = browser.post(recorded.extra_tags, follow=True)
    assert page.context["query"] == urlsplit(page.redirect_chain[-1][0]).query
    assert len(page.context["rows"]) == 3
    (deleted,) = page.context["messages"]
    rows, row = Service.with_deleted.all(), Service.with_deleted.last()
    portal(bob).post(deleted.extra_tags)
    for change in (
        {"version": 2},
        {"date_deleted": timezone.now() - timedelta(minutes=1)},
        {"deleted_by": bob},
    ):
        before = {name: getattr(row, name) for name in change}
        rows.filter(pk=row.pk).update(**change)
        (said,) = messages(browser.post(deleted.extra_tags, follow=True))
        assert said.startswith("The services were not restored"), change
        rows.filter(pk=row.pk).update(**before)
    assert not Service.objects.exists()
    page = browser.post(deleted.extra_tags, follow=True)
    assert messages(page) == ["3 services restored."]
    assert all(row.recorded for row in page.context["rows"])
    assert ClientAccess.objects.filter(kind="change", page="attendance:redo").count() == 3
    (said,) = messages(browser.post(deleted.extra_tags, follow=True))
    assert said.startswith("The services were not restored")


def test_undo_is_undone_for_an_hour_however_late_it_was(portal, alice, guests, address):
    browser = portal(alice)
    (recorded,) = sent(browser, address(), *guests).context["messages"]
    (deleted,) = browser.post(recorded.extra_tags, follow=True).context["messages"]
    Service.with_deleted.update(date_created=timezone.now() - timedelta(minutes=110))
    assert messages(browser.post(deleted.extra_tags, follow=True)) == ["3 services restored."]


def test_undo_is_not_undone_where_the_enrollment_was_deleted_since(portal, alice, guests, address):
    browser, abel = portal(alice), guests[0]
    (recorded,) = sent(browser, address(), abel).context["messages"]
    (deleted,) = browser.post(recorded.extra_tags, follow=True).context["messages"]
    abel.mark_deleted(by=alice)
    (said,) = messages(browser.post(deleted.extra_tags, follow=True))
    assert "enrollment" in said
    assert not Service.objects.exists()


def test_undo_takes_back_all_or_none(portal, alice, bob, charlie, guests, address):
    page = sent(portal(alice), address(), *guests)
    (message,) = page.context["messages"]
    rows, row = Service.with_deleted.all(), Service.objects.last()
    portal(bob).post(message.extra_tags)
    for change in (
        {"version": 2},
        {"date_deleted": timezone.now(), "deleted_by": alice},
        {"date_created": timezone.now() - timedelta(hours=2)},
        {"organization": charlie.organizations[0]},
    ):
        before = {name: getattr(row, name) for name in change}
        rows.filter(pk=row.pk).update(**change)
        if "date_created" in change:
            rows.update(**change)
        portal(alice).post(message.extra_tags)
        assert not rows.filter(deleted_by=alice).exclude(pk=row.pk).exists(), change
        rows.filter(pk=row.pk).update(**before)
    portal(alice).post(re.sub(r"/\d+/\?", f"/{2**63}/?", message.extra_tags))
    assert Service.objects.count() == 3


def test_who_has_it_already_is_marked_and_may_have_it_once_more(
    portal, alice, guests, meal, address
):
    abel = guests[0]
    ServiceFactory(enrollment=abel, service_type=meal, created_by=alice, date="2026-03-02")
    page = portal(alice).get(address())
    assert [bool(row.recorded) for row in page.context["rows"]] == [True, False, False]
    assert "Already recorded" in page.text
    sent(portal(alice), address(), abel)
    assert Service.objects.count() == 2


def test_somebody_elses_save_in_between_is_shown_before_it_is_doubled(
    portal, alice, bob, guests, meal, address
):
    abel, baker, _ = guests
    browser = portal(alice)
    form = opened(browser.get(address()))
    data = {name: form[name].value() for name in ("organization", "form_token")}
    data |= {"enrollments": [abel.pk, baker.pk], "units": ""}
    sent(portal(bob), address(), abel)
    page = browser.post(address(), data)
    assert errors(page)["enrollments"][0].startswith("Somebody recorded this service for 1 of them")
    assert [(row.is_ticked, bool(row.recorded)) for row in page.context["rows"]] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert Service.objects.count() == 1
    browser.post(address(), data | {"marked": [abel.pk]})
    assert Service.objects.count() == 3


def test_same_form_sent_twice_records_once(portal, alice, guests, address):
    browser = portal(alice)
    form = opened(browser.get(address()))
    data = {name: form[name].value() for name in ("organization", "form_token")}
    data |= {"enrollments": [one.pk for one in guests]}
    for _ in range(2):
        browser.post(address(), data)
    assert Service.objects.count() == 3
    assert Submission.objects.count() == 1


def test_list_has_who_was_enrolled_that_day(portal, alice, guests, address):
    abel, baker, _ = guests
    abel.exit_date, abel.destination = date(2026, 2, 1), 410
    abel.save()
    baker.entry_date = date(2026, 2, 2)
    baker.save()
    browser = portal(alice)
    assert listed(browser.get(address(day="02/01/2026"))) == ["Abel", "Smith"], "the exit counts"
    assert listed(browser.get(address())) == ["Baker", "Smith"]
    assert listed(browser.get(address(day="01/01/2026"))) == []


def test_caseload_is_of_the_user_alone(portal, alice, bob, guests, address):
    CaseAssignmentFactory(enrollment=guests[1], case_manager=bob)
    assert listed(portal(bob).get(address(""))) == ["Baker"]
    assert listed(portal(alice).get(address(""))) == []


def test_each_record_is_authorized(portal, alice, charlie, guests, bridge, address):
    """Another organization's project, a restricted client, an enrollment that is not listed."""
    theirs = EnrollmentFactory(organization=bridge, created_by=charlie)
    page = portal(alice).get(address(theirs.project_id))
    assert "project" in errors(page.context["list_form"])
    page = sent(portal(alice), address(), guests[0], theirs)
    assert errors(page)["enrollments"][0].startswith("Some of those you ticked are not in this")
    hidden = guests[1].client
    hidden.organization, hidden.visibility = bridge, Visibility.OWN_ORGANIZATION
    hidden.save()
    assert listed(portal(alice).get(address())) == ["Abel", "Smith"]
    sent(portal(alice), address(), *guests)
    assert not Service.objects.exists()


def test_odd_input_saves_nothing_and_odd_addresses_list_nobody(portal, alice, guests, address):
    for typed in (
        {"enrollments": []},
        {"enrollments": ["x", "-1", "9" * 30]},
        {"units": "-1"},
        {"units": "x"},
    ):
        assert sent(portal(alice), address(), guests[0], **typed).status_code == 200
    assert not Service.objects.exists()
    for query in ("?project=x", "?service_type=999&date=", "?project=&date=12/31/2099"):
        assert "rows" not in portal(alice).get(PAGE + query).context


def test_measured_service_needs_its_amount(portal, alice, guests, counseling, address):
    url = address(service=counseling)
    assert errors(sent(portal(alice), url, guests[0]))["units"] == ["Enter the minutes."]
    sent(portal(alice), url, guests[0], units="45")
    assert Service.objects.get().units == 45


def test_names_on_the_page_are_in_the_access_log_and_none_in_the_address(
    portal, alice, guests, address
):
    page = sent(portal(alice), address(), guests[0])
    assert "Abel" not in page.redirect_chain[-1][0]
    listed = ClientAccess.objects.filter(kind="list", page="attendance:attendance").get().listed
    assert set(listed) == {one.client_id for one in guests}


def test_statements_do_not_grow_with_the_clients(portal, alice, harbor, shelter, address, today):
    browser, counts = portal(alice), []
    for number in range(8):
        client = ClientFactory(organization=harbor, created_by=alice, last_name=f"N{number}")
        EnrollmentFactory(client=client, project=shelter, created_by=alice)
        if number not in (1, 7):
            continue
        browser.get(address())
        with CaptureQueriesContext(connection) as page:
            shown = browser.get(address())
        form = opened(shown)
        data = {name: form[name].value() for name in ("organization", "form_token")}
        ticked = [row.pk for row in shown.context["rows"]]
        with CaptureQueriesContext(connection) as save:
            browser.post(address(), data | {"enrollments": ticked, "marked": ticked})
        counts.append((len(page), len(save)))
    assert Service.objects.count() == 10
    assert counts[0] == counts[1]
    assert counts[0] <= (10, 18)


def test_list_counts_as_a_search_and_a_refused_save_keeps_what_was_typed(
    portal, alice, guests, address, settings
):
    browser, url = portal(alice), address()
    settings.USE_LIMITS = {"searches": UseLimit.parse("hour 1 1")}
    page = browser.get(url)
    form = opened(page)
    data = {name: form[name].value() for name in ("organization", "form_token")}
    assert "ssn" in page.context["rows"][0].client.get_deferred_fields()
    refused = browser.post(url, data | {"enrollments": [guests[0].pk], "units": "-1"})
    assert refused.status_code == 200
    assert [row.is_ticked for row in refused.context["rows"]] == [True, False, False]
    assert browser.get(url).status_code == 429


def test_refused_save_of_a_list_that_was_never_shown_opens_whom_it_shows(
    portal, alice, harbor, guests, address, settings
):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 2 2")}
    typed = {"organization": harbor.pk, "units": "-1"}
    refused = portal(alice).post(address(), typed)
    assert refused.status_code == 429
    assert "Abel" not in refused.text
    assert portal(alice).get(address()).status_code == 200
    assert listed(portal(alice).post(address(), typed)) == ["Abel", "Baker", "Smith"]


def test_project_has_pages(portal, alice, guests, address, monkeypatch):
    monkeypatch.setattr("casenotes.views.attendance.ON_A_PAGE", 2)
    browser = portal(alice)
    assert listed(browser.get(address())) == ["Abel", "Baker"]
    assert listed(browser.get(f"{address()}&page=2")) == ["Smith"]
