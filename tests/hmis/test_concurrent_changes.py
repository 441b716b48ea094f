"""3.5, whatever is edited: the second to save sees what changed meanwhile, and chooses."""

from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from files.models import DocumentCheck
from tests.cas.factories import EventFactory
from tests.casenotes.factories import ServiceFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    EnrollmentFactory,
)
from tests.factories import (
    AlertFactory,
    ClientFactory,
    InterestedOtherFactory,
)
from tests.files.factories import file_of
from tests.pages import errors, filled, opened, send
from tests.waits import at_once


@pytest.fixture(autouse=True)
def _march(time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=True)


@dataclass
class Edited:
    """A row, the page that edits it, a box of the page with three values, and another box.

    A value is as typed; `beside` is what the other person changes that nobody else touches.
    """

    row: object
    page: str
    name: str
    field: str
    before: str
    mine: str
    theirs: str
    beside: tuple[str, str]

    @property
    def url(self):
        within = [self.row.enrollment_id] if self.page.endswith("current_living") else []
        return reverse(self.page, args=[self.row.client_id, *within, self.row.pk])

    def value(self, field=None):
        self.row.refresh_from_db()
        column = (field or self.field).rpartition("-")[2]  # without whose it is
        value = getattr(self.row, column)
        return f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value or "")


def alert(client):
    row = AlertFactory(client=client, text="Call first", begins_on=date(2026, 2, 1))
    texts = ("Call first", "Call after ten", "Ring twice")
    return Edited(row, "clients:edit_alert", "alert", "text", *texts, ("ends_on", "03/09/2026"))


def interested_other(client):
    row = InterestedOtherFactory(client=client, cell_phone="617-555-0100")
    phones = ("617-555-0100", "617-555-0101", "617-555-0102")
    page = "clients:edit_interested_other"
    return Edited(row, page, "interested other", "cell_phone", *phones, ("city", "Lowell"))


def client_file(client):
    row = file_of(client, document_name="State ID")
    names = ("State ID", "State ID, front", "Driver license")
    page = "files:edit_client_file"
    return Edited(row, page, "client file", "document_name", *names, ("category", "id"))


def document_check(client):
    row = DocumentCheck(
        client=client,
        organization=client.organization,
        checklist="homeless",
        item="Current homelessness",
        acceptable_document="Letter",
        verified_on=date(2026, 2, 1),
    )
    row.stamp(by=client.created_by)
    row.save()
    words = ("Letter", "Letter from a shelter", "Self-certification")
    page = "files:edit_document_check"
    beside = ("verified_on", "02/09/2026")
    return Edited(row, page, "document check", "acceptable_document", *words, beside)


def service(client):
    enrollment = EnrollmentFactory(client=client)
    row = ServiceFactory(enrollment=enrollment, units=2)
    units = ("2.00", "3.00", "4.00")
    beside = ("date", "02/21/2026")
    return Edited(row, "casenotes:edit_service", "service", "units", *units, beside)


def assignment(client):
    row = CaseAssignmentFactory(enrollment=EnrollmentFactory(client=client))
    days = ("", "03/20/2026", "04/20/2026")
    page, beside = "enrollments:edit_case_assignment", ("begins_on", "01/07/2026")
    return Edited(row, page, "case assignment", "ends_on", *days, beside)


def contact(client):
    enrollment = EnrollmentFactory(client=client, project__project_type=4)
    row = CurrentLivingSituationFactory(enrollment=enrollment, location_details="The bridge")
    words = ("The bridge", "The bridge, east", "The station")
    beside = ("information_date", "02/09/2026")
    page = "enrollments:edit_current_living"
    name = "current living situation"
    return Edited(row, page, name, "location_details", *words, beside)


def event(client):
    row = EventFactory(enrollment=EnrollmentFactory(client=client), event_date=date(2026, 2, 20))
    days = ("02/20/2026", "02/21/2026", "02/22/2026")
    beside = ("location_crisis_or_ph_housing", "Harbor Family Shelter")
    return Edited(row, "cas:edit_event", "event", "event_date", *days, beside)


def stored_exit(client):
    row = EnrollmentFactory(client=client, exit_date=date(2026, 2, 20), destination=410)
    days = ("02/20/2026", "02/21/2026", "02/22/2026")
    where_to = f"c{client.pk}-destination", "411"
    return Edited(row, "enrollments:exit", "exit", "exit_date", *days, where_to)


KINDS = [alert, interested_other, client_file, document_check, service, assignment, contact]
KINDS += [event, stored_exit]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def edited(request, harbor, alice, bob, cas_organization):
    harbor.is_cas = True
    harbor.save()
    return request.param(ClientFactory(organization=harbor, created_by=alice))


@pytest.fixture
def second(portal, alice, bob, edited):
    """Alice has the page open while Bob saves; returns what she gets, and how she saves again."""

    def save(*, mine, theirs):
        browser = portal(alice)
        form = opened(browser.get(edited.url))
        assert send(portal(bob), edited.url, **theirs).status_code == 302
        answer = browser.post(edited.url, filled(form, **mine))
        if answer.status_code == 200:
            again = answer.context["form"]
            answer.send = lambda **typed: browser.post(edited.url, filled(again, **typed))
        return answer

    return save


def test_both_values_are_shown_and_nothing_is_saved(second, edited):
    answer = second(mine={edited.field: edited.mine}, theirs={edited.field: edited.theirs})
    assert "Bob User" in answer.text
    assert f"changed this {edited.name} while you were editing" in answer.text
    assert f"Keep what I typed: {edited.mine}" in answer.text
    assert f"s: {edited.theirs}" in answer.text
    assert edited.value() == edited.theirs
    assert errors(answer.send())[f"choose_{edited.field}"]


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_what_is_chosen_is_saved(second, edited, choice):
    answer = second(mine={edited.field: edited.mine}, theirs={edited.field: edited.theirs})
    assert answer.send(**{f"choose_{edited.field}": choice}).status_code == 302
    assert edited.value() == getattr(edited, choice)


def test_what_only_the_other_changed_is_merged(second, edited):
    beside, value = edited.beside
    answer = second(mine={edited.field: edited.mine}, theirs={beside: value})
    assert edited.value() == edited.before
    assert answer.send().status_code == 302
    assert (edited.value(), edited.value(beside)) == (edited.mine, value)


def test_alone_nothing_is_asked(portal, alice, edited):
    assert send(portal(alice), edited.url, **{edited.field: edited.mine}).status_code == 302
    assert edited.value() == edited.mine


def test_exit_that_two_people_enter_is_chosen_between(portal, alice, bob, harbor):
    enrollment = EnrollmentFactory(client=ClientFactory(organization=harbor, created_by=alice))
    url = reverse("enrollments:exit", args=[enrollment.client_id, enrollment.pk])
    browser = portal(alice)
    form = opened(browser.get(url))
    where_to = f"c{enrollment.client_id}-destination"
    theirs = {"exit_date": "02/20/2026", where_to: "410"}
    assert send(portal(bob), url, **theirs).status_code == 302
    answer = browser.post(url, filled(form, **{"exit_date": "02/25/2026", where_to: "411"}))
    enrollment.refresh_from_db()
    assert (enrollment.exit_date, enrollment.destination) == (date(2026, 2, 20), 410)
    again = answer.context["form"]
    choices = {"choose_exit_date": "mine", f"choose_{where_to}": "theirs"}
    assert browser.post(url, filled(again, **choices)).status_code == 302
    enrollment.refresh_from_db()
    assert (enrollment.exit_date, enrollment.destination) == (date(2026, 2, 25), 410)


@pytest.mark.parametrize(
    ("choice", "saved"), [("mine", (2, date(2026, 2, 25))), ("theirs", (1, date(2026, 2, 24)))]
)
def test_result_that_two_people_record_is_chosen_with_its_date(
    portal, alice, bob, harbor, choice, saved
):
    client = ClientFactory(organization=harbor, created_by=alice)
    row = EventFactory(enrollment=EnrollmentFactory(client=client))
    url = reverse("cas:event_result", args=[client.pk, row.pk])
    browser = portal(alice)
    form = opened(browser.get(url))
    theirs = {"result": "1", "result_date": "02/24/2026"}
    assert send(portal(bob), url, **theirs).status_code == 302
    answer = browser.post(url, filled(form, result="2", result_date="02/25/2026"))
    assert "Bob User" in answer.text
    row.refresh_from_db()
    assert row.referral_result == 1
    again = answer.context["form"]
    assert browser.post(url, filled(again, choose_result=choice)).status_code == 302
    row.refresh_from_db()
    assert (row.referral_result, row.result_date) == saved


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("edited", [alert, assignment], indirect=True, ids=["alert", "assignment"])
def test_two_who_save_at_the_same_moment(portal, alice, bob, edited):
    browsers = [portal(alice), portal(bob)]
    sent = [
        filled(opened(browser.get(edited.url)), **{edited.field: value})
        for browser, value in zip(browsers, (edited.mine, edited.theirs), strict=True)
    ]
    pairs = zip(browsers, sent, strict=True)
    answers = at_once(*(partial(browser.post, edited.url, form) for browser, form in pairs))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    assert [change.now for change in loser.context["form"].changes] == [edited.value()]
