"""Exit and its undoing (4.9)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enrollments import actions
from enrollments.forms.exit_fields import OF_MEMBER, name_of
from enrollments.models import CaseAssignment, Enrollment
from tests.enrollments.conftest import TODAY
from tests.enrollments.factories import (
    START,
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory
from tests.pages import errors, filled, messages, opened, send

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
RENTAL, SUBSIDIZED, OTHER = 410, 435, 17


@pytest.fixture
def exit_page(enrollment):
    return exit_of(enrollment)


def exit_of(enrollment):
    return reverse("enrollments:exit", args=[enrollment.client_id, enrollment.pk])


def undo_of(enrollment):
    return reverse("enrollments:undo_exit", args=[enrollment.client_id, enrollment.pk])


def now(enrollment, *names):
    row = Enrollment.objects.get(pk=enrollment.pk)
    return tuple(getattr(row, name) for name in names)


def warned(answer):
    return [issue.message for _, issue in opened(answer).warnings]


def typed_into(form, *, members=None, **typed):
    """What the form sends: for each member the same destination, those ticked who are given."""
    for one in form.candidates:
        if members is not None:
            typed[name_of(one, "leaves")] = "on" if one.pk in members else None
        for field in OF_MEMBER:
            if field in typed:
                typed[name_of(one, field)] = typed[field]
    return filled(form, **{name: value for name, value in typed.items() if name not in OF_MEMBER})


def ticked(form):
    return [card.member.pk for card in form.cards if card.leaves.value()]


def leave(browser, url, *, follow=False, **typed):
    return browser.post(url, typed_into(opened(browser.get(url)), **typed), follow=follow)


@pytest.mark.parametrize("field", ["move_in_date", "date_of_engagement"])
def test_exit_before_what_happened_in_the_enrollment_is_an_error(
    portal, alice, enrollment, exit_page, field
):
    Enrollment.objects.filter(pk=enrollment.pk).update(**{field: TODAY})
    answer = leave(portal(alice), exit_page, exit_date=f"{YESTERDAY:%m/%d/%Y}", destination="410")
    assert f"{TODAY:%m/%d/%Y}" in errors(answer)["exit_date"][0]


def awaited(portal, user, enrollment):
    page = portal(user).get(reverse("enrollments:enrollments", args=[enrollment.client_id]))
    return list(page.context["unanswered"])


def test_exit_leads_on_to_the_answers_at_exit_of_everybody_who_left(
    portal, alice, charlie, enrollment, child, exit_page
):
    assert awaited(portal, alice, enrollment) == []
    answer = leave(portal(alice), exit_page, destination=RENTAL, follow=True)
    assert "Exit assessment to do" in answer.text
    assert awaited(portal, alice, enrollment) == [enrollment, child]
    assert awaited(portal, charlie, enrollment) == [], "another organization does not answer"
    IncomeBenefitsFactory(enrollment=enrollment, data_collection_stage=3)
    assert awaited(portal, alice, enrollment) == [child]


def test_answers_at_an_exit_of_long_ago_are_not_asked_for(portal, alice, enrollment):
    gone = TODAY - timedelta(days=91)
    Enrollment.objects.filter(pk=enrollment.pk).update(entry_date=gone, exit_date=gone)
    assert awaited(portal, alice, enrollment) == []


def test_exit_has_its_defaults(portal, alice, enrollment, child, exit_page):
    form = opened(portal(alice).get(exit_page))
    assert form["exit_date"].value() == TODAY
    assert form["end_assignments"].value() is True
    assert ticked(form) == [enrollment.pk, child.pk]
    assert all("Permanent housing situations" in str(card.destination) for card in form.cards)


def test_member_who_is_no_head_leaves_alone_by_default(portal, alice, enrollment, child):
    assert ticked(opened(portal(alice).get(exit_of(child)))) == [child.pk]


def test_household_leaves_at_once(portal, alice, enrollment, child, exit_page):
    for one in (enrollment, child):
        CaseAssignmentFactory(enrollment=one, case_manager=alice)
    answer = leave(portal(alice), exit_page, destination=RENTAL, follow=True)
    assert messages(answer) == ["Exit saved for 2 members of the household."]
    for one in (enrollment, child):
        assert now(one, "exit_date", "destination", "is_open") == (TODAY, RENTAL, False)
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {TODAY}
    assert not CaseAssignment.objects.active_on(TODAY).exists()


def test_unticked_box_leaves_the_case_assignment_alone(portal, alice, enrollment, exit_page):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    leave(portal(alice), exit_page, destination=RENTAL, end_assignments=None)
    assert CaseAssignment.objects.get().ends_on is None


@pytest.mark.parametrize(
    ("exit_date", "sentence"),
    [
        ("03/03/2026", "Enter an exit date that is not in the future."),
        ("01/04/2026", "Enter an exit date that is not before the start date."),
        ("02/30/2026", "Enter a date that exists, as MM/DD/YYYY."),
    ],
)
def test_impossible_exit_date_is_refused(portal, alice, enrollment, exit_page, exit_date, sentence):
    answer = leave(portal(alice), exit_page, destination=RENTAL, exit_date=exit_date)
    assert sentence in errors(answer)["exit_date"]
    assert now(enrollment, "exit_date") == (None,)


def test_exit_on_the_day_of_the_start_is_accepted(portal, alice, enrollment, exit_page):
    browser = portal(alice)
    asked = leave(browser, exit_page, destination=RENTAL, exit_date="01/05/2026")
    confirmed = opened(asked).warnings_token
    browser.post(exit_page, typed_into(opened(asked), confirmed=confirmed))
    assert now(enrollment, "exit_date") == (START,)


def test_exit_before_the_move_in_is_refused(portal, alice, enrollment, exit_page):
    Enrollment.objects.update(move_in_date=YESTERDAY)
    answer = leave(portal(alice), exit_page, destination=RENTAL, exit_date="02/28/2026")
    assert "on or after the move-in date" in errors(answer)["exit_date"][0]


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ({"destination": RENTAL, "exit_date": "01/20/2026"}, "more than 30 days ago"),
        ({"destination": ""}, "Choose a destination"),
        ({"destination": SUBSIDIZED}, "Choose the kind of rental subsidy."),
        ({"destination": OTHER}, "Write where the client goes."),
    ],
)
def test_unlikely_exit_is_confirmed(portal, alice, enrollment, exit_page, typed, warning):
    browser = portal(alice)
    asked = leave(browser, exit_page, **typed)
    assert warning in warned(asked)[0]
    assert now(enrollment, "exit_date") == (None,)
    again = browser.post(exit_page, typed_into(opened(asked), confirmed="1"))
    assert again.status_code == 200
    token = opened(asked).warnings_token
    assert browser.post(exit_page, typed_into(opened(asked), confirmed=token)).status_code == 302
    assert now(enrollment, "is_open") == (False,)


def test_confirmation_is_of_the_warnings_that_were_shown(portal, alice, enrollment, exit_page):
    browser = portal(alice)
    asked = leave(browser, exit_page, destination="")
    token = opened(asked).warnings_token
    other = typed_into(opened(asked), confirmed=token, exit_date="01/20/2026")
    assert len(warned(browser.post(exit_page, other))) == 2
    assert now(enrollment, "exit_date") == (None,)


def test_confirmation_is_of_the_member_and_not_of_the_name(
    portal, alice, enrollment, child, exit_page
):
    namesake = EnrollmentFactory(
        household=enrollment.household,
        project=enrollment.project,
        client=ClientFactory(first_name="Grace", organization=enrollment.organization),
        relationship_to_hoh=2,
        created_by=alice,
    )
    browser = portal(alice)
    asked = leave(browser, exit_page, destination="", members=[child.pk])
    token = opened(asked).warnings_token
    other = typed_into(opened(asked), confirmed=token, members=[namesake.pk])
    again = opened(browser.post(exit_page, other))
    assert again.warnings_in_words == opened(asked).warnings_in_words, "the names are the same"
    assert now(namesake, "exit_date") == (None,)


def test_confirmation_of_a_date_is_of_those_who_were_ticked(
    portal, alice, enrollment, child, exit_page
):
    browser = portal(alice)
    late = {"destination": RENTAL, "exit_date": "01/20/2026"}
    asked = leave(browser, exit_page, **late, members=[child.pk])
    token = opened(asked).warnings_token
    everybody = typed_into(opened(asked), confirmed=token, members=[enrollment.pk, child.pk])
    again = opened(browser.post(exit_page, everybody))
    assert again.warnings_in_words == opened(asked).warnings_in_words
    assert now(enrollment, "exit_date") == (None,)
    assert now(child, "exit_date") == (None,)


def test_corrected_exit_is_asked_about_what_was_changed(
    portal, alice, enrollment, child, exit_page
):
    Enrollment.objects.filter(pk=enrollment.pk).update(
        exit_date="2026-01-20", destination=OTHER, other_destination=""
    )
    browser = portal(alice)
    assert leave(browser, exit_page).status_code == 302
    assert warned(leave(browser, exit_page, exit_date="01/19/2026")) == [
        "Check the exit date: it is more than 30 days ago.",
        "Exit the other members too, or choose another head of household: "
        "the head leaves before them.",
    ]
    assert warned(leave(browser, exit_page, destination="")) == [
        "Choose a destination, or data not collected."
    ]


def test_head_who_leaves_before_members_is_confirmed(portal, alice, enrollment, child, exit_page):
    asked = leave(portal(alice), exit_page, destination=RENTAL, members=[enrollment.pk])
    assert "the head leaves before them" in warned(asked)[0]
    place = [enrollment.client_id, enrollment.pk]
    assert reverse("enrollments:change_head", args=place) in asked.text


def test_member_who_leaves_before_the_head_needs_no_confirmation(portal, alice, enrollment, child):
    assert leave(portal(alice), exit_of(child), destination=RENTAL).status_code == 302
    assert now(enrollment, "exit_date") == (None,)


@pytest.mark.parametrize(
    ("destination", "kept"),
    [(SUBSIDIZED, (433, "")), (OTHER, (None, "a boat")), (RENTAL, (None, ""))],
)
def test_follow_ups_that_do_not_apply_are_not_stored(
    portal, alice, enrollment, exit_page, destination, kept
):
    leave(
        portal(alice),
        exit_page,
        destination=destination,
        destination_subsidy_type=433,
        other_destination="a boat",
    )
    assert now(enrollment, "destination_subsidy_type", "other_destination") == kept


def test_browser_is_told_when_the_follow_ups_apply(portal, alice, exit_page):
    (card,) = opened(portal(alice).get(exit_page)).cards
    name = card.destination.html_name
    conditions = [when for _, when in card.follow_ups]
    assert conditions == [f'[{{"{name}":["435"]}}]', f'[{{"{name}":["17"]}}]']


def test_nobody_ticked_is_refused(portal, alice, enrollment, exit_page):
    answer = leave(portal(alice), exit_page, destination=RENTAL, members=[])
    assert errors(answer) == {"__all__": ["Tick at least one member."]}


def test_member_of_another_household_is_refused(portal, alice, enrollment, exit_page):
    other = EnrollmentFactory(organization=enrollment.organization)
    answer = leave(portal(alice), exit_page, **{name_of(other, "leaves"): "on"})
    assert "Somebody else changed this household" in errors(answer)["__all__"][0]
    assert now(enrollment, "exit_date") == (None,)


def test_exit_before_an_assignment_begins_is_confirmed(portal, alice, enrollment, child, exit_page):
    CaseAssignmentFactory(enrollment=child, case_manager=alice, begins_on=TODAY)
    answer = leave(portal(alice), exit_page, destination=RENTAL, exit_date="03/01/2026")
    assert "begins after this exit date" in warned(answer)[0]
    assert now(enrollment, "exit_date") == now(child, "exit_date") == (None,)


def test_assignment_planned_beyond_the_exit_needs_the_box(portal, alice, enrollment, exit_page):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, ends_on=TOMORROW)
    answer = leave(portal(alice), exit_page, destination=RENTAL, end_assignments=None)
    assert "within those of its enrollment" in errors(answer)["__all__"][0]
    assert now(enrollment, "exit_date") == (None,)
    leave(portal(alice), exit_page, destination=RENTAL)
    assert CaseAssignment.objects.get().ends_on == TODAY


def test_exit_is_corrected_with_the_assignments_that_it_ended(portal, alice, enrollment, exit_page):
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    leave(portal(alice), exit_page, destination=RENTAL)
    leave(
        portal(alice), exit_page, destination=OTHER, other_destination="sea", exit_date="03/01/2026"
    )
    assert now(enrollment, "exit_date", "other_destination") == (YESTERDAY, "sea")
    assert CaseAssignment.objects.get().ends_on == YESTERDAY


def test_form_sent_twice_exits_once(portal, alice, enrollment, exit_page):
    browser = portal(alice)
    data = typed_into(opened(browser.get(exit_page)), destination=RENTAL)
    assert [browser.post(exit_page, data).status_code for _ in range(2)] == [302, 302]
    events = Enrollment.pgh_event_models["update"].objects.filter(pgh_obj=enrollment)
    assert events.filter(pgh_label="update").count() == 1


def test_exit_that_somebody_else_changed_meanwhile_is_refused(alice, enrollment):
    Enrollment.objects.filter(pk=enrollment.pk).update(exit_date=YESTERDAY)
    departure = actions.Departure(exit_date=TODAY, destination=RENTAL)
    with pytest.raises(ValidationError, match="Somebody else changed an exit"):
        actions.exit_household(
            members=[enrollment], departure=departure, end_assignments=True, by=alice
        )
    assert now(enrollment, "exit_date") == (YESTERDAY,)


# undoing


@pytest.fixture
def left(portal, alice, enrollment, child, exit_page):
    for one in (enrollment, child):
        CaseAssignmentFactory(enrollment=one, case_manager=alice)
    leave(portal(alice), exit_page, destination=RENTAL)
    return enrollment


def test_undo_opens_the_enrollments_and_the_assignments_again(portal, alice, left, child):
    answer = send(portal(alice), undo_of(left), follow=True)
    assert messages(answer) == ["Exit undone: the enrollment is active again."]
    for one in (left, child):
        assert now(one, "exit_date", "destination", "is_open") == (None, None, True)
    assert CaseAssignment.objects.active_on(TODAY).count() == 2


def test_undo_may_leave_the_assignments_ended(portal, alice, left):
    send(portal(alice), undo_of(left), continue_assignments=None)
    assert not CaseAssignment.objects.active_on(TODAY).exists()


def test_undo_for_one_member(portal, alice, left, child):
    send(portal(alice), undo_of(child), members=[child.pk])
    assert now(left, "is_open") + now(child, "is_open") == (False, True)


def test_undo_is_refused_where_a_newer_enrollment_overlaps(portal, alice, left):
    EnrollmentFactory(client=left.client, project=left.project, entry_date=TODAY)
    answer = send(portal(alice), undo_of(left), members=[left.pk])
    assert "already enrolled in this project on these dates" in errors(answer)["__all__"][0]
    assert now(left, "exit_date") == (TODAY,)
    assert not CaseAssignment.objects.active_on(TODAY).exists()


def test_undo_of_an_open_enrollment_leads_to_it(portal, alice, enrollment):
    assert portal(alice).get(undo_of(enrollment))["Location"] == enrollment.get_absolute_url()


# who may


@pytest.mark.parametrize("address", [exit_of, undo_of])
def test_other_organization_sees_the_enrollment_and_does_not_end_it(
    portal, charlie, enrollment, address
):
    assert portal(charlie).get(enrollment.get_absolute_url()).status_code == 200
    assert portal(charlie).get(address(enrollment)).status_code == 403
    assert portal(charlie).post(address(enrollment), {}).status_code == 403
