"""What programs ask at exit: W5, R15-R20, V9 (columns of Exit.csv)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from enrollments import actions
from enrollments.forms.exit_fields import name_of
from enrollments.models import Enrollment
from hud.choices import ProjectType
from hud.elements import FIELDS, element, of_programs
from tests.enrollments.factories import CaseAssignmentFactory
from tests.enrollments.intake.conftest import MY_DAY
from tests.enrollments.intake.test_exit_workflow import (
    begin,
    desk,
    destinations_of,
    exit_of,
    family,
    typed,
)
from tests.pages import errors, filled, opened

__all__ = ["begin", "desk", "family"]  # fixtures

RHY_TLP, VASH, HOPWA, COC_PREVENTION = 24, 20, 13, 1


def asked(form, row) -> set[str]:
    """The elements that the exit asks of a member."""
    return {one.number for one in form.program_questions[row.pk]}


def send(desk, row, **answers):
    """Leave, with answers to programs; the warnings are confirmed."""
    url = exit_of(row)
    form = opened(desk.get(url))
    who = {name_of(row, name): value for name, value in answers.items()}
    data = typed(form, destinations={row.client_id: "410"}, **who)
    answer = desk.post(url, data | {"finish": "1"})
    if answer.status_code == 200 and answer.context["form"].is_valid():
        token = answer.context["form"].warnings_token
        answer = desk.post(url, data | {"finish": "1", "confirmed": token})
    return answer


@pytest.mark.parametrize("kind", ProjectType.values)
def test_nobody_without_such_a_funder_sees_one_more_question(desk, funded, family, kind):
    funded(34, kind)
    form = opened(desk.get(exit_of(family[0])))
    of_everybody = {"leaves", "destination", "destination_subsidy_type", "other_destination"}
    for card in form.cards:
        names = {one.removeprefix(f"{card.prefix}-") for one in form.fields if one[0] == "c"}
        assert of_everybody <= names
        assert card.programs == []
    assert not names & {one.name for one in of_programs("Exit")}


@pytest.mark.parametrize(
    ("funder", "kind", "of_head", "of_child"),
    [
        (RHY_TLP, ProjectType.TRANSITIONAL_HOUSING, {15, 16, 17, 18, 19, 20}, set()),
        (RHY_TLP, ProjectType.STREET_OUTREACH, {15, 16}, set()),
        (RHY_TLP, ProjectType.HOMELESSNESS_PREVENTION, {15, 16, 18, 20}, set()),
        (VASH, ProjectType.PSH, {"V9"}, set()),
        (HOPWA, ProjectType.PSH, {"W5"}, {"W5"}),
        (COC_PREVENTION, ProjectType.PSH, set(), set()),
        (COC_PREVENTION, ProjectType.HOMELESSNESS_PREVENTION, {"W5"}, {"W5"}),
    ],
)
def test_exit_asks_what_the_program_wants_of_each_member(
    desk, funded, family, funder, kind, of_head, of_child
):
    funded(funder, kind)
    head, _, child = family
    form = opened(desk.get(exit_of(head)))
    numbers = {f"R{one}" if isinstance(one, int) else one for one in of_head}
    assert asked(form, head) == numbers
    assert asked(form, child) == of_child


def test_answers_are_stored_shown_corrected_and_undone(desk, funded, family, today):
    funded(RHY_TLP)
    spouse = family[1]
    answers = {
        "project_completion_status": "3",
        "early_exit_reason": "2",
        "exchange_for_sex": "1",
        "count_of_exchange_for_sex": "8",
        "counseling_received": "1",
        "family_counseling": "1",
        "session_count_at_exit": "12",
        "aftercare_provided": "0",
        "aftercare_date": f"{today:{MY_DAY}}",
        "telephone": "1",  # of aftercare that was not provided
    }
    assert send(desk, spouse, **answers).status_code == 302
    row = Enrollment.objects.get(pk=spouse.pk)
    stored = {name: getattr(row, name) for name in answers}
    assert stored == {name: int(text) for name, text in answers.items() if text.isdecimal()} | {
        "aftercare_date": today,
        "telephone": None,
    }
    page = desk.get(row.get_absolute_url()).content.decode()
    for text in ("Answers at the exit", "Non-compliance with project rules", ">12<"):
        assert text in page

    corrected = send(desk, row, project_completion_status="1", early_exit_reason="2")
    assert corrected.status_code == 302
    row.refresh_from_db()
    assert (row.project_completion_status, row.early_exit_reason) == (1, None)
    assert row.session_count_at_exit == 12, "what was not changed stays"

    url = reverse("enrollments:undo_exit", args=[row.client_id, row.pk])
    assert desk.post(url, filled(opened(desk.get(url)))).status_code == 302
    row.refresh_from_db()
    assert not any(getattr(row, one.name) for one in of_programs("Exit"))
    assert row.exit_date is None


def test_unanswered_never_blocks(desk, funded, family):
    funded(RHY_TLP)
    assert send(desk, family[1]).status_code == 302
    row = Enrollment.objects.get(pk=family[1].pk)
    assert row.exit_date
    assert row.exchange_for_sex is None


@pytest.mark.parametrize(
    ("funder", "answers", "field", "text"),
    [
        (
            HOPWA,
            {"housing_assessment": "1", "subsidy_information": "11"},
            "subsidy_information",
            "fits the housing assessment",
        ),
        (
            RHY_TLP,
            {"aftercare_provided": "1", "aftercare_date": "01/01/2001"},
            "aftercare_date",
            "within 180 days after the exit",
        ),
        (
            RHY_TLP,
            {"counseling_received": "1", "session_count_at_exit": "0"},
            "session_count_at_exit",
            "Enter 1 or more.",
        ),
    ],
)
def test_what_cannot_be_is_an_error(desk, funded, family, funder, answers, field, text):
    funded(funder)
    answer = send(desk, family[1], **answers)
    assert text in errors(answer)[name_of(family[1], field)][0]
    assert Enrollment.objects.get(pk=family[1].pk).exit_date is None


def test_workflow_keeps_the_answers_and_writes_them_at_finish(begin, funded, family):
    funded(RHY_TLP)
    head, spouse, child = family
    answers = {
        name_of(head, "exchange_for_sex"): "0",
        name_of(spouse, "destination_safe_client"): "1",
    }
    walk = begin(head, destinations=destinations_of(family, [410, 422, 329]), **answers)
    assert not Enrollment.objects.exclude(exit_date=None).exists()
    exit_page = walk.see("exit").context["form"]
    assert exit_page[name_of(head, "exchange_for_sex")].value() == "0"
    review = walk.see("review").text
    assert FIELDS["exchange_for_sex"].label in review
    walk.finish()
    rows = {row.pk: row for row in Enrollment.objects.all()}
    assert rows[head.pk].exchange_for_sex == 0
    assert rows[spouse.pk].destination_safe_client == 1
    assert rows[child.pk].exchange_for_sex is None


def test_exploitation_is_read_by_own_organization_and_case_managers_alone(
    portal, desk, funded, family, charlie, today
):
    funded(RHY_TLP)
    row = family[1]
    answers = {"exchange_for_sex": "1", "project_completion_status": "1"}
    assert send(desk, row, **answers).status_code == 302
    sensitive, plain = FIELDS["exchange_for_sex"].label, "Completed project"
    assert element("R15").is_sensitive
    own, other = (
        user.get(row.get_absolute_url()).content.decode() for user in (desk, portal(charlie))
    )
    assert sensitive in own
    assert sensitive not in other
    assert plain in own
    assert plain in other
    day = today - timedelta(days=1)
    CaseAssignmentFactory(enrollment=family[0], case_manager=charlie, begins_on=day)
    assert sensitive not in portal(charlie).get(row.get_absolute_url()).content.decode()


def test_exit_that_somebody_answered_in_the_meantime_is_refused(desk, funded, family, alice, today):
    funded(VASH)
    row = family[1]
    stale = Enrollment.objects.get(pk=row.pk)
    leave = actions.Departure(exit_date=today)
    actions.exit_household(members=[row], departure=leave, end_assignments=False, by=alice)
    with pytest.raises(Exception, match="Somebody else changed an exit"):
        actions.exit_household(members=[stale], departure=leave, end_assignments=False, by=alice)


def test_funders_of_a_household_are_read_once(
    desk, funded, family, django_assert_max_num_queries, project
):
    url = exit_of(family[0])
    desk.get(url)
    with django_assert_max_num_queries(100) as before:
        desk.get(url)
    funded(RHY_TLP)
    with django_assert_max_num_queries(len(before)):
        desk.get(url)
