"""Two people at one intake or one enrollment in the same moment."""

import pytest
from django.utils import timezone

from enrollments.intake.draft.start import start
from enrollments.intake.finish import Refused, finish
from enrollments.models import Enrollment, Household, IntakeDraft
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.intake.conftest import Walk, new_lees
from tests.enrollments.intake.test_begin import UNIVERSAL, place
from tests.enrollments.intake.test_concurrent_changes import answer, enroll_two, income, opened
from tests.factories import UserFactory
from tests.html_forms import form_with
from tests.waits import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lees(transactional_db):
    return new_lees()


def test_two_at_once_make_one_household(walk, project, ann, ben, alice):
    walk.enroll(project, ann, ben)
    first, second = at_once(*[lambda: finish(draft=walk.draft, by=alice)] * 2, refusal=Refused)
    assert first == second
    assert (Household.objects.count(), Enrollment.objects.count()) == (1, 2)


def test_two_people_enrolling_one_client_at_once_end_with_one_open_enrollment(
    walk, portal, project, harbor, ann, ben, alice
):
    bob = UserFactory(email="bob2@harbor.example", at=[harbor])
    theirs = Walk(portal(bob), start(by=bob, organization=harbor, client=ann))
    walk.enroll(project, ann)
    theirs.enroll(project, ann, ben)
    outcomes = at_once(
        lambda: finish(draft=walk.draft, by=alice),
        lambda: finish(draft=theirs.draft, by=bob),
        refusal=Refused,
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 1
    since = f"{timezone.localdate():%m/%d/%Y}"
    assert f"since {since}: exit that enrollment first." in str(refused[0])
    assert Enrollment.objects.filter(client=ann, exit_date=None).count() == 1
    assert Household.objects.count() == 1


def test_two_finishing_at_once_do_not_overwrite_each_other(lees, portal, alice, bob, ann):
    enroll_two(lees)
    enrollment = Enrollment.objects.get(client=ann)
    walks = {one: opened(portal(one), enrollment) for one in (alice, bob)}
    answer(walks[alice], ann, "8")
    answer(walks[bob], ann, "9")
    outcomes = at_once(
        lambda: finish(draft=walks[alice].fresh(), by=alice),
        lambda: finish(draft=walks[bob].fresh(), by=bob),
        refusal=Refused,
    )
    refused = [isinstance(one, Refused) for one in outcomes]
    assert sorted(refused) == [False, True]
    assert income(ann).income_from_any_source == (9 if refused[0] else 8)


def test_two_first_saves_at_once_begin_one_draft(portal, project, alice, ann):
    enrollment = EnrollmentFactory(client=ann, project=project, created_by=alice)
    name = f"c{enrollment.client_id}-enrollment_coc"
    browsers = [portal(alice), portal(alice)]
    form = form_with(browsers[0].get(place(enrollment, UNIVERSAL)).text, name)
    url = place(enrollment, f"{UNIVERSAL}autosave/")
    at_once(*[lambda one=one: one.post(url, form.filled(**{name: "MA-501"})) for one in browsers])
    assert IntakeDraft.objects.count() == 1
