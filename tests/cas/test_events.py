"""Coordinated Access, Events: recorded, edited, their results, deleted with undo (1.4, 4.20)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cas.models import Event, Notification
from clients.models import ClientAccess
from tests.cas.conftest import TODAY
from tests.cas.factories import EventFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ProjectFactory
from tests.pages import errors, filled, messages, opened, send

TOMORROW = f"{TODAY + timedelta(days=1):%m/%d/%Y}"


def page_of(name, thing):
    if isinstance(thing, Event):
        return reverse(f"cas:{name}", args=[thing.client_id, thing.pk])
    return reverse(f"cas:{name}", args=[thing.pk])


@pytest.fixture
def referral(enrollment, cass, cas_organization):
    return EventFactory(enrollment=enrollment, organization=cas_organization, created_by=cass)


# recording


def test_event_is_recorded_and_the_case_manager_notified(portal, cass, alice, assigned, john):
    answer = send(
        portal(cass),
        page_of("add_event", john),
        follow=True,
        what="hud-14",
        location_crisis_or_ph_housing="Ropewalk Lane",
    )
    assert messages(answer) == [f"Event saved. Notified: {alice}."]
    event = Event.objects.get()
    assert (event.event, event.kind, event.event_date) == (14, "hud", TODAY)
    assert (event.enrollment, event.created_by) == (assigned.enrollment, cass)
    assert event.location_crisis_or_ph_housing == "Ropewalk Lane"
    assert "Referral to PSH project resource opening" in answer.text
    assert Notification.objects.get().recipient == alice


def test_only_case_manager_who_records_it_is_not_notified(portal, alice, assigned, john):
    answer = send(portal(alice), page_of("add_event", john), follow=True, what="removed")
    assert messages(answer) == ["Event saved. The other case managers have already been notified."]
    assert Event.objects.get().kind == "removed"
    assert not Notification.objects.exists()


def test_client_without_a_case_manager_is_said_to_have_none(portal, cass, enrollment, john):
    answer = send(portal(cass), page_of("add_event", john), follow=True, what="removed")
    assert messages(answer) == ["Event saved. This client has no active case manager to notify."]


def test_form_begins_with_today_and_the_only_open_enrollment(portal, cass, enrollment, john):
    form = opened(portal(cass).get(page_of("add_event", john)))
    assert form["event_date"].value() == TODAY
    assert form["enrollment"].value() == str(enrollment.pk)


def test_form_offers_all_of_huds_events_and_those_of_10_1(portal, cass, enrollment, john):
    page = portal(cass).get(page_of("add_event", john)).text
    for label in (
        "Referral to Prevention Assistance project",
        "Referral to a Housing Stability Voucher",
        "Matched to an opening",
        "Documents missing",
        "Documents verified",
        "Removed from the queue",
    ):
        assert label in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"what": ""}, "Choose what happened."),
        ({"event_date": TOMORROW}, "Enter a date that is not in the future."),
        ({"event_date": "01/04/2026"}, "Enter a day on or after the project start, 01/05/2026."),
        ({"event_date": ""}, "This field is required."),
        ({"enrollment": ""}, "Choose the enrollment that it belongs to."),
        (
            {"what": "hud-4", "location_crisis_or_ph_housing": "A"},
            "Leave this empty: only a referral to an opening or a voucher names the housing.",
        ),
    ],
)
def test_impossible_event_is_refused_with_an_instruction(
    portal, cass, enrollment, john, typed, sentence
):
    answer = send(portal(cass), page_of("add_event", john), **({"what": "hud-10"} | typed))
    assert sentence in [text for texts in errors(answer).values() for text in texts]
    assert not Event.objects.exists()


@pytest.mark.parametrize("what", ["hud-0", "hud-19", "hud-x", "hud", "nonsense", "hud-", "\x00"])
def test_forged_event_is_refused(portal, cass, enrollment, john, what):
    answer = send(portal(cass), page_of("add_event", john), what=what)
    assert "what" in errors(answer)


def test_enrollment_of_another_client_is_refused(portal, cass, enrollment, john):
    other = EnrollmentFactory()
    answer = send(portal(cass), page_of("add_event", john), what="hud-10", enrollment=other.pk)
    assert "enrollment" in errors(answer)


def test_client_without_an_enrollment_is_explained(portal, cass, john):
    answer = portal(cass).get(page_of("add_event", john))
    assert "An event cannot be recorded now" in answer.text


def test_double_click_records_once(portal, cass, enrollment, john):
    browser = portal(cass)
    data = filled(opened(browser.get(page_of("add_event", john))), what="hud-10")
    for _ in range(2):
        assert browser.post(page_of("add_event", john), data).status_code == 302
    assert Event.objects.count() == 1


def test_event_of_a_restricted_enrollment_is_restricted(portal, cass, alice, john, shelter):
    enrollment = EnrollmentFactory(client=john, project=shelter, visibility="own")
    send(portal(alice), page_of("add_event", john), what="hud-10", event_date="01/06/2026")
    event = Event.objects.get()
    assert (event.enrollment, event.visibility) == (enrollment, "own")
    assert portal(cass).get(page_of("event", event)).status_code == 404


# the result


@pytest.mark.parametrize(
    ("chosen", "result", "no_show", "words"),
    [
        ("1", 1, False, "Successful referral: client accepted"),
        ("3", 3, False, "Unsuccessful referral: provider rejected"),
        ("no_show", 2, True, "Unsuccessful referral: no show"),
    ],
)
def test_result_is_recorded(portal, cass, referral, chosen, result, no_show, words):
    browser = portal(cass)
    answer = send(browser, page_of("event_result", referral), follow=True, result=chosen)
    assert words in answer.text
    referral.refresh_from_db()
    assert (referral.referral_result, referral.no_show) == (result, no_show)
    assert referral.result_date == TODAY
    assert opened(browser.get(page_of("event_result", referral)))["result"].value() == chosen


def test_result_is_notified(portal, cass, alice, assigned, referral):
    send(portal(cass), page_of("event_result", referral), result="1")
    assert Notification.objects.of(alice).get().kind == "accepted"


def test_result_is_taken_back(portal, cass, alice, assigned, referral):
    browser = portal(cass)
    for result in ("1", ""):
        send(browser, page_of("event_result", referral), result=result)
    referral.refresh_from_db()
    assert (referral.referral_result, referral.result_date) == (None, None)
    assert not Notification.objects.unanswered().filter(kind="accepted")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"result_date": ""}, "Enter the day of the result."),
        ({"result_date": TOMORROW}, "Enter a date that is not in the future."),
        (
            {"result_date": "02/01/2026"},
            "Date of result cannot be before the date of the event.",
        ),
    ],
)
def test_impossible_result_is_refused(portal, cass, referral, typed, sentence):
    answer = send(portal(cass), page_of("event_result", referral), **({"result": "1"} | typed))
    assert sentence in [text for texts in errors(answer).values() for text in texts]
    referral.refresh_from_db()
    assert not referral.has_result


@pytest.mark.parametrize(
    ("event", "field"), [(2, "prob_sol_div_rr_result"), (5, "referral_case_manage_after")]
)
def test_problem_solving_and_follow_up_have_huds_own_question(
    portal, cass, enrollment, event, field
):
    row = EventFactory(enrollment=enrollment, event=event, created_by=cass)
    row.organization = cass.organizations[0]
    row.save()
    answer = send(portal(cass), page_of("event_result", row), **{field: "1"}, follow=True)
    row.refresh_from_db()
    assert getattr(row, field) == 1
    assert ": Yes" in answer.text


def test_event_that_hud_does_not_list_has_no_result(portal, cass, referral):
    Event.objects.update(kind="removed", event=None)
    assert portal(cass).get(page_of("event_result", referral)).status_code == 404
    assert "Record result" not in portal(cass).get(page_of("event", referral)).text


# changing and deleting


def test_event_is_edited(portal, cass, referral):
    form = opened(portal(cass).get(page_of("edit_event", referral)))
    assert form["what"].value() == "hud-10"
    send(portal(cass), page_of("edit_event", referral), what="matched")
    referral.refresh_from_db()
    assert (referral.kind, referral.event) == ("matched", None)


def test_event_with_a_result_keeps_its_kind(portal, cass, referral):
    Event.objects.update(referral_result=1)
    answer = send(portal(cass), page_of("edit_event", referral), what="removed")
    assert errors(answer)["what"] == [
        "Remove the result first: it belongs to another kind of event."
    ]


def test_event_is_deleted_and_restored(portal, cass, assigned, referral):
    browser = portal(cass)
    send(browser, page_of("event_result", referral), result="1")
    answer = browser.post(page_of("delete_event", referral), follow=True)
    assert messages(answer)[-1] == "Event deleted."
    assert "Restore" in answer.text
    assert not Event.objects.exists()
    assert not Notification.objects.unanswered()
    answer = browser.post(page_of("restore_event", referral), follow=True)
    assert Event.objects.get() == referral
    assert Notification.objects.unanswered().get().kind == "accepted"


def test_other_organization_reads_and_does_not_change(portal, alice, referral):
    browser = portal(alice)
    page = browser.get(page_of("event", referral))
    assert "Referral to Emergency Shelter bed opening" in page.text
    assert ">Edit</a>" not in page.text
    for name in ("edit_event", "event_result", "delete_event"):
        assert browser.get(page_of(name, referral)).status_code == 403


def test_dqo_of_the_filing_organization_changes_it_and_another_does_not(
    portal, dana, cass, referral
):
    assert portal(cass).get(page_of("edit_event", referral)).status_code == 200
    assert portal(dana).get(page_of("edit_event", referral)).status_code == 403


def test_events_of_a_restricted_client_are_not_there_for_others(
    portal, john, cass, alice, referral
):
    john.visibility = "own"
    john.save()
    assert portal(cass).get(page_of("events", john)).status_code == 404
    assert portal(alice).get(page_of("events", john)).status_code == 200


def test_views_and_changes_are_in_the_access_log(portal, cass, referral, john):
    browser = portal(cass)
    browser.get(page_of("events", john))
    browser.get(page_of("edit_event", referral))
    pages = ClientAccess.objects.filter(user=cass).order_by("pk").values_list("page", "kind")
    assert list(pages) == [("cas:events", "view"), ("cas:edit_event", "change")]


def test_list_costs_the_same_with_many_rows(portal, alice, enrollment, john):
    browser = portal(alice)

    def cost():
        browser.get(page_of("events", john))
        with CaptureQueriesContext(connection) as captured:
            browser.get(page_of("events", john))
        return len(captured)

    EventFactory(enrollment=enrollment)
    few = cost()
    for _ in range(12):
        other = EnrollmentFactory(client=john, project=ProjectFactory())
        EventFactory(enrollment=other, referral_result=1)
    assert cost() == few <= 9


def test_user_of_another_organization_may_be_notified_too(
    portal, cass, charlie, bridge, enrollment, john
):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=charlie, organization=bridge)
    send(portal(cass), page_of("add_event", john), what="missing")
    assert Notification.objects.get().recipient == charlie


# rows of other systems


def odd(enrollment, cass, values):
    """An event as another system's file has it: marked with the rules that it breaks."""
    rules = [
        *("event_result_only_of_a_referral", "event_result_date_of_a_result"),
        *("event_result_not_before_event", "event_housed_after_problem_solving"),
        *("event_aftercare_after_follow_up", "event_location_of_an_opening"),
    ]
    organization = cass.organizations[0]
    return EventFactory(
        enrollment=enrollment,
        organization=organization,
        created_by=cass,
        breaks=rules,
        **values,
    )


ODD = [
    {"event": 2, "referral_result": 1, "result_date": TODAY},
    {"event": 2, "result_date": TODAY},
    {"event": 10, "prob_sol_div_rr_result": 1, "referral_case_manage_after": 8},
    {"event": 10, "referral_result": 7},
    {"event": 1, "location_crisis_or_ph_housing": "Ropewalk Lane"},
    {"event": 10, "referral_result": 1, "result_date": TODAY - timedelta(days=900)},
]


@pytest.mark.parametrize("values", ODD, ids=str)
def test_event_of_another_system_is_shown_and_edited(portal, cass, enrollment, values):
    event, browser = odd(enrollment, cass, values), portal(cass)
    for name in ("event", "edit_event", "event_result"):
        assert browser.get(page_of(name, event)).status_code == 200
    assert browser.get(page_of("events", event.client)).status_code == 200


@pytest.mark.parametrize("values", ODD[:3], ids=str)
def test_answers_that_hud_asks_of_other_events_can_be_taken_out(portal, cass, enrollment, values):
    event, browser = odd(enrollment, cass, values), portal(cass)
    own = {2: "prob_sol_div_rr_result", 10: "result"}[event.event]
    form = opened(browser.get(page_of("event_result", event)))
    assert own in form.fields
    empty = dict.fromkeys(set(form.compared) - {own}, "")
    assert send(browser, page_of("event_result", event), **empty).status_code == 302
    event.refresh_from_db()
    assert not event.has_result
    assert event.result_date is None
    event.breaks = []
    event.validate_constraints()


def test_event_says_what_happened_in_huds_words_where_there_are_some():
    assert Event(event=10).display_name == "Referral to Emergency Shelter bed opening"
    assert Event(kind="removed").display_name == "Removed from the queue"
