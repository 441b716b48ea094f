"""A merge, or its undo, gives a member to another client while somebody waits for the household."""

import pytest
from django.core.exceptions import ValidationError

from clients.merge.execute import merge
from clients.merge.undo import undo
from enrollments.actions import Departure, exits
from enrollments.models import Enrollment
from tests.at_once.waiting import one_after_the_other

pytestmark = pytest.mark.usefixtures("patient_merge")


@pytest.fixture
def leave(case):
    """A function that gives the exit of a member as it is read now; it says why it is refused."""

    def leave_of(row):
        members = [Enrollment.objects.get(pk=row.pk)]
        departure = Departure(exit_date=case.today, destination=410)

        def do():
            try:
                exits.exit_household(
                    members=members,
                    departure=departure,
                    end_assignments=True,
                    by=case.population.alice,
                )
            except ValidationError as error:
                return error.messages
            return []

        return do

    return leave_of


def test_member_who_is_merged_away_is_followed(case, leave):
    row = Enrollment.objects.get(pk=case.enrollment.pk)
    choices = case.choices(case.twin, case.john)

    def merge_away():
        people = {"survivor": case.twin.pk, "gone": case.john.pk}
        return merge(**people, choices=choices, by=case.population.dana)

    _, refused = one_after_the_other([case.john.pk], merge_away, leave(row))
    row.refresh_from_db()
    assert refused == []
    assert (row.client_id, row.exit_date) == (case.twin.pk, case.today)


def test_member_whom_the_undo_of_a_merge_gives_back_is_refused(case, leave):
    """Nobody has locked the client whose enrollment it is again."""
    merged = case.merged
    row = Enrollment.objects.get(client=case.john, project=case.population.others)

    def take_apart():
        return undo(merge_id=merged.pk, by=case.population.dana)

    _, refused = one_after_the_other([case.john.pk], take_apart, leave(row))
    row.refresh_from_db()
    assert refused == [exits.CONCURRENT_CHANGE]
    assert (row.client_id, row.exit_date) == (merged.merged_id, None)
