"""Finish pressed twice at once, or beside a colleague: what was signed is recorded once."""

import pytest

from clients.models import Release
from consent import actions
from consent.actions import Answer
from enrollments.intake.finish import Refused, finish
from files.models import ClientFile, StoredFile
from tests.consent.intake.test_step import enrolled
from tests.enrollments.intake.conftest import new_lees
from tests.waits import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lees(transactional_db):
    return new_lees()


def test_finish_pressed_twice_at_once_records_once(walk, project, ann, cal, text, signers, alice):
    enrolled(walk, project, ann, cal)
    signers.sign(ann)
    drafts = [walk.fresh(), walk.fresh()]
    first, second = at_once(
        *[lambda draft=draft: finish(draft=draft, by=alice) for draft in drafts], refusal=Refused
    )
    assert first == second
    assert Release.objects.count() == ClientFile.objects.count() == StoredFile.objects.count() == 2


def test_answer_of_a_colleague_at_the_same_moment_is_kept(
    walk, project, ann, text, signers, alice, bob, harbor
):
    enrolled(walk, project, ann)
    signers.sign(ann)
    answer = Answer(
        kind=Release.Kind.REFUSED, organization=harbor, answered_on=walk.draft.started_at.date()
    )
    draft = walk.fresh()
    at_once(
        lambda: finish(draft=draft, by=alice),
        lambda: actions.record_release(clients=[ann], answer=answer, by=bob),
        refusal=Refused,
    )
    kinds = list(Release.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds in (["typed", "refused"], ["refused"])  # what was signed first is never the later
    assert ann.enrollments.count() == kinds.count("typed")
