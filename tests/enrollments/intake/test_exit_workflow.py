"""A household exits in one workflow: who, when, where to, the exit assessment, Finish (4.9)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import Client
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_for, steps_of
from enrollments.intake.steps.review import ASKED_MORE
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
    IntakeDraft,
)
from hud.choices import DataCollectionStage
from hud.rules.sources import INCOME
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    HouseholdFactory,
    IncomeBenefitsFactory,
)
from tests.enrollments.intake.conftest import MY_DAY, Walk, began
from tests.factories import ClientFactory
from tests.pages import filled, messages, opened

pytestmark = pytest.mark.django_db
Kind = IntakeDraft.Kind
MOST_QUERIES = 15
INCOME_TYPED = {
    "income_from_any_source": "1",
    "ssi": "on",
    "ssi_amount": "100",
    "shown": [source.field for source in INCOME.sources],
}


@pytest.fixture
def family(alice, project, ann, ben, cal, today):
    """Ann (Self), Ben and Cal, enrolled sixty days ago, Alice their case manager."""
    return enrolled(alice, project, ann, ben, cal, since=today - timedelta(days=60))


def enrolled(user, project, *clients, since):
    household = HouseholdFactory()
    rows = [
        EnrollmentFactory(
            household=household,
            client=client,
            project=project,
            entry_date=since,
            relationship_to_hoh=1 if place == 0 else 2,
            created_by=user,
        )
        for place, client in enumerate(clients)
    ]
    for row in rows:
        CaseAssignmentFactory(enrollment=row, case_manager=user, begins_on=since)
        IncomeBenefitsFactory(
            enrollment=row, information_date=since, income_from_any_source=1, ssi=1, ssi_amount=967
        )
    return rows


def exit_of(enrollment):
    return reverse("enrollments:exit", args=[enrollment.client_id, enrollment.pk])


def typed(form, *, destinations, **more):
    """What the exit step sends: those with a destination are ticked."""
    data = dict(more)
    for one in form.candidates:
        prefix = f"c{one.client_id}"
        data[f"{prefix}-leaves"] = "on" if one.client_id in destinations else None
        data[f"{prefix}-destination"] = destinations.get(one.client_id, "")
    return filled(form, **data)


@pytest.fixture
def desk(portal, alice):
    return portal(alice)


@pytest.fixture
def begin(desk):
    """Send the exit page on to the exit assessment."""

    def press(enrollment, **choices):
        url = exit_of(enrollment)
        answer = desk.post(url, typed(opened(desk.get(url)), **choices) | {"next": "1"})
        assert answer.status_code == 302, answer.context["form"].errors
        draft = IntakeDraft.objects.paused().get()
        assert answer["Location"] == draft.get_absolute_url()
        return Walk(desk, draft)

    return press


def destinations_of(rows, codes):
    return {row.client_id: str(code) for row, code in zip(rows, codes, strict=True)}


def test_family_leaves_each_to_a_destination_of_its_own(begin, desk, family, today):
    head, *_ = family
    walk = begin(head, destinations=destinations_of(family, [410, 422, 329]))
    assert not Enrollment.objects.exclude(exit_date=None).exists(), "nothing is filed before Finish"
    income = walk.see(Step.INCOME)
    assert "Filled in with the last answers." in income.text
    assert walk.draft.get_absolute_url() == walk.url(Step.BARRIERS)
    walk.save(Step.BARRIERS, {f"c{head.client_id}-response_6": "1"})
    walk.save(Step.INCOME, {f"c{head.client_id}-income_from_any_source": "0"})
    review = walk.see(Step.REVIEW)
    for words in ("Rental by client, no ongoing housing subsidy", f"{today:%m/%d/%Y}"):
        assert words in review.text
    answer = walk.finish()
    assert answer["Location"] == reverse("enrollments:enrollments", args=[head.client_id])
    page = desk.get(answer["Location"])
    assert messages(page) == ["Exit saved for 3 members of the household."]
    assert not page.context["unanswered"], "the exit assessment is done"
    rows = Enrollment.objects.order_by("pk")
    assert [(row.exit_date, row.destination) for row in rows] == [
        (today, code) for code in (410, 422, 329)
    ]
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {today}
    at_exit = {"data_collection_stage": DataCollectionStage.EXIT, "information_date": today}
    assert IncomeBenefits.objects.filter(**at_exit).count() == 3
    assert Disability.objects.filter(**at_exit).count() == 18
    assert not HealthAndDV.objects.exists(), "HUD asks 4.11 at no exit"
    own = IncomeBenefits.objects.get(enrollment=head, **at_exit)
    assert own.income_from_any_source == 0


def test_member_leaves_alone_and_is_asked_alone(begin, family):
    head, spouse, child = family
    walk = begin(spouse, destinations=destinations_of([spouse], [410]))
    sections = walk.see(Step.INCOME).context["page"].forms
    assert [one.member.client for one in sections] == [spouse.client]
    walk.finish()
    assert set(Enrollment.objects.filter(exit_date=None)) == {head, child}
    at_exit = IncomeBenefits.objects.filter(data_collection_stage=DataCollectionStage.EXIT)
    assert [row.enrollment for row in at_exit] == [spouse]


def test_exit_of_a_child_alone_has_no_step_that_asks_nothing(begin, family):
    child = family[2]
    walk = begin(child, destinations=destinations_of([child], [422]))
    assert steps_of(walk.fresh()) == (Step.EXIT, Step.BARRIERS, Step.INSURANCE, Step.REVIEW)
    page = walk.see(Step.REVIEW)
    assert page.context["summaries"].keys() == {Step.BARRIERS, Step.INSURANCE}
    assert f'id="review-{Step.INCOME}"' not in page.text


def test_first_page_shows_the_steps_that_are_certain_whoever_leaves(desk, family):
    """HUD asks no child about income: with a child who may leave alone it is not certain."""
    head, _, child = family

    def bar():
        return [one["label"] for one in desk.get(exit_of(head)).context["steps"]]

    of_all = [Step.EXIT.label, Step.BARRIERS.label, Step.INSURANCE.label, Step.REVIEW.label]
    assert bar() == of_all
    Client.objects.filter(pk=child.client_id).update(dob=head.client.dob)
    assert bar() == [one.label for one in steps_for(Kind.DEPARTURE)]
    Client.objects.filter(pk=child.client_id).update(dob=child.client.dob)
    Enrollment.objects.filter(pk=child.pk).update(exit_date=child.entry_date)
    assert Step.INCOME.label in bar()


def test_step_comes_back_once_somebody_leaves_who_is_asked_it(begin, family):
    *asked, child = family
    walk = begin(child, destinations=destinations_of([child], [422]))
    form = opened(walk.see(Step.EXIT))
    walk.save(Step.EXIT, typed(form, destinations=destinations_of(family, [410, 410, 422])))
    assert {Step.INCOME, Step.BENEFITS} < set(steps_of(walk.fresh()))
    sections = walk.see(Step.INCOME).context["page"].forms
    assert [one.member.client for one in sections] == [one.client for one in asked]


def test_child_who_is_found_to_be_an_adult_is_asked_before_finish(begin, family, today):
    child = family[2]
    walk = begin(child, destinations=destinations_of([child], [422]))
    Client.objects.filter(pk=child.client_id).update(dob=today - timedelta(days=40 * 365))
    done = walk.browser.post(f"/intake/{walk.draft.pk}/finish/", follow=True)
    assert ASKED_MORE in messages(done)[0]
    walk.save(Step.EXIT, typed(opened(walk.see(Step.EXIT)), destinations={child.client_id: "422"}))
    assert Step.INCOME in steps_of(walk.fresh())


def test_end_case_assignment_may_be_unticked(begin, family):
    walk = begin(family[0], destinations=destinations_of(family, [410] * 3), end_assignments=None)
    walk.finish()
    assert set(CaseAssignment.objects.values_list("ends_on", flat=True)) == {None}


def test_who_leaves_can_be_changed_on_the_first_step(begin, family, today):
    head, spouse, child = family
    walk = begin(head, destinations=destinations_of(family, [410] * 3))
    form = opened(walk.see(Step.EXIT))
    day = today - timedelta(days=2)
    data = typed(form, destinations=destinations_of([child], [422]), exit_date=f"{day:{MY_DAY}}")
    assert walk.save(Step.EXIT, data)["Location"] == walk.url(Step.BARRIERS)
    sections = walk.see(Step.BARRIERS).context["page"].forms
    assert [one.member.client for one in sections] == [child.client]
    walk.finish()
    child.refresh_from_db()
    assert (child.exit_date, child.destination) == (day, 422)
    assert set(Enrollment.objects.filter(exit_date=None)) == {head, spouse}


def test_one_destination_is_used_for_the_whole_household(desk, family):
    head, *_ = family
    url = exit_of(head)
    data = typed(opened(desk.get(url)), destinations=destinations_of(family, [410, "", ""]))
    answer = desk.post(url, data | {"copy": f"c{head.client_id}"})
    shown = [str(card.destination.value()) for card in opened(answer).cards]
    assert shown == ["410"] * 3
    assert not answer.context["is_sent"]
    assert not Enrollment.objects.exclude(exit_date=None).exists()


@pytest.mark.parametrize("button", ["next", "finish"])
def test_unlikely_exit_is_confirmed_before_either_way_on(desk, family, button):
    url = exit_of(family[0])
    data = typed(opened(desk.get(url)), destinations=destinations_of(family, [410, 410, ""]))
    asked = desk.post(url, data | {button: "1"})
    (text,) = opened(asked).warnings_in_words
    assert text == "Cal Lee: Choose a destination, or data not collected."
    token = opened(asked).warnings_token
    assert desk.post(url, data | {button: "1", "confirmed": token}).status_code == 302


def test_what_was_confirmed_is_not_asked_again_on_review(begin, desk, family):
    url = exit_of(family[0])
    data = typed(opened(desk.get(url)), destinations=destinations_of(family, [410, 410, ""]))
    token = opened(desk.post(url, data | {"next": "1"})).warnings_token
    desk.post(url, data | {"next": "1", "confirmed": token})
    walk = Walk(desk, IntakeDraft.objects.get())
    assert walk.see(Step.REVIEW).context["warnings"] == []
    walk.finish()
    assert not Enrollment.objects.filter(exit_date=None).exists()


def test_exit_survives_a_log_out_and_is_offered_again(begin, desk, family):
    walk = begin(family[0], destinations=destinations_of(family, [410] * 3))
    desk.logout()
    desk.force_login(walk.draft.created_by)
    page = desk.get(exit_of(family[0]))
    assert page.context["paused"] == walk.draft
    assert walk.draft.get_absolute_url() in page.text


def test_opening_the_exit_page_leaves_no_draft(desk, family):
    desk.get(exit_of(family[0]))
    assert not IntakeDraft.objects.exists()


def test_somebody_who_left_since_is_said_on_review_and_nothing_is_written(begin, family, today):
    head, _, child = family
    walk = begin(head, destinations=destinations_of(family, [410] * 3))
    Enrollment.objects.filter(pk=child.pk).update(exit_date=today, destination=422)
    assert "Somebody else changed this household" in walk.see(Step.REVIEW).text
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    head.refresh_from_db()
    assert head.exit_date is None
    assert not IncomeBenefits.objects.filter(
        data_collection_stage=DataCollectionStage.EXIT
    ).exists()


def test_finish_pressed_twice_exits_once(begin, family):
    walk = begin(family[0], destinations=destinations_of(family, [410] * 3))
    assert [walk.finish().status_code for _ in range(2)] == [302, 302]
    at_exit = IncomeBenefits.objects.filter(data_collection_stage=DataCollectionStage.EXIT)
    assert at_exit.count() == 3


def test_exit_after_an_undone_one_writes_over_its_answers(begin, family, today):
    head, *_ = family
    before = IncomeBenefitsFactory(
        enrollment=head,
        data_collection_stage=DataCollectionStage.EXIT,
        information_date=today - timedelta(days=9),
        income_from_any_source=1,
    )
    walk = begin(head, destinations=destinations_of(family, [410] * 3))
    walk.save(Step.INCOME, {f"c{head.client_id}-income_from_any_source": "0"})
    walk.finish()
    before.refresh_from_db()
    assert (before.information_date, before.income_from_any_source) == (today, 0)


def test_answers_after_an_exit_are_asked_of_all_who_left_together(desk, family, today):
    for row in family:
        Enrollment.objects.filter(pk=row.pk).update(exit_date=today, destination=410)
    head, *_ = family
    place = [head.client_id, head.pk]
    walk = began(desk, reverse("enrollments:exit_answers", args=place))
    assert IntakeDraft.objects.get() == walk.draft
    assert len(walk.see(Step.BARRIERS).context["page"].forms) == 3
    walk.finish()
    at_exit = IncomeBenefits.objects.filter(data_collection_stage=DataCollectionStage.EXIT)
    assert at_exit.count() == 3


@pytest.fixture
def twelve(alice, harbor, project, today):
    births = [date(1980, 1, 1), date(1982, 2, 2), *(date(2012 + n, 3, 3) for n in range(10))]
    clients = [
        ClientFactory(organization=harbor, created_by=alice, first_name=f"No{n}", dob=birth)
        for n, birth in enumerate(births)
    ]
    return enrolled(alice, project, *clients, since=today - timedelta(days=60))


def test_household_of_twelve_exits_within_fifteen_queries_a_page(
    begin, desk, twelve, django_assert_max_num_queries
):
    head, *_ = twelve
    with django_assert_max_num_queries(MOST_QUERIES):
        desk.get(exit_of(head))
    walk = begin(head, destinations=destinations_of(twelve, [410] * 12))
    for step in steps_for(Kind.DEPARTURE):
        with django_assert_max_num_queries(MOST_QUERIES):
            page = walk.see(step)
        assert page.status_code == 200
    everything = {
        f"c{row.client_id}-{name}": value for row in twelve for name, value in INCOME_TYPED.items()
    }
    assert walk.save(Step.INCOME, everything).status_code == 302
    walk.finish()
    assert not Enrollment.objects.filter(exit_date=None).exists()
    at_exit = IncomeBenefits.objects.filter(data_collection_stage=DataCollectionStage.EXIT)
    assert {row.total_monthly_income for row in at_exit} == {100, None}
