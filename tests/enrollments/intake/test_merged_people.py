"""An unfinished intake goes on when somebody in it was merged, and when that was undone."""

import pytest

from clients.merge.execute import Choices, merge
from clients.merge.policies import Pair
from clients.merge.preview import Preview
from clients.merge.undo import undo
from clients.models import Client
from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment, IntakeDraft
from tests.factories import ClientFactory


@pytest.fixture
def twin(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice, first_name="Anne", last_name="Lee")


@pytest.fixture
def merged(dana):
    def do(survivor, gone):
        clients = Client.objects.select_related("organization").in_bulk([survivor.pk, gone.pk])
        preview = Preview(Pair(clients[survivor.pk], clients[gone.pk]), dana)
        choices = Choices(preview.digest)
        return merge(survivor=survivor.pk, gone=gone.pk, choices=choices, by=dana)

    return do


def draft_of(client, alice, harbor, *others):
    draft = IntakeDraft(created_by=alice, organization=harbor, client=client, step="program")
    answers = draft.answers
    answers.people = [one.pk for one in others]
    typed = {f"c{one.pk}-enroll": ["on"] for one in (client, *others)}
    draft.answers.content["typed"] = {
        "family": {"member": [str(one.pk) for one in others]},
        "program": typed | {f"c{client.pk}-relationship_to_hoh": ["1"]},
    }
    answers.household = {
        "project": 1,
        "members": [{"client": one.pk, "relationship": None} for one in (client, *others)],
    }
    answers.mark(Step.PROGRAM, done=True)
    draft.save()
    draft.keep()
    return draft


def opened(draft):
    fresh = IntakeDraft.objects.select_related("client").get(pk=draft.pk)
    fresh.answers.follow_merges()
    return fresh


def names(draft, step="program"):
    return set(draft.answers.content["typed"][step])


def household(draft):
    return [one["client"] for one in draft.answers.household["members"]]


def test_answers_of_the_first_one_name_who_remains(merged, alice, harbor, ann, ben, twin):
    draft = draft_of(ann, alice, harbor, ben)
    merged(twin, ann)
    now = opened(draft)
    assert now.client == twin
    assert names(now) == {
        f"c{twin.pk}-enroll",
        f"c{twin.pk}-relationship_to_hoh",
        f"c{ben.pk}-enroll",
    }
    assert (now.answers.people, household(now)) == ([twin.pk, ben.pk],) * 2
    assert Step.PROGRAM in now.answers.done


def test_answers_of_one_who_comes_along_name_who_remains(merged, alice, harbor, ann, ben, twin):
    draft = draft_of(ben, alice, harbor, ann)
    merged(twin, ann)
    now = opened(draft)
    assert now.client == ben
    assert (now.answers.people, household(now)) == ([ben.pk, twin.pk],) * 2
    assert now.answers.content["typed"]["family"]["member"] == [str(twin.pk)]


def test_stored_answers_name_who_remains(merged, alice, harbor, ann, ben, twin):
    draft = draft_of(ben, alice, harbor, ann)
    draft.answers.stored = {"income": {f"c{ann.pk}-earned": ["1"]}}
    draft.keep()
    merged(twin, ann)
    assert opened(draft).answers.stored == {"income": {f"c{twin.pk}-earned": ["1"]}}


@pytest.mark.parametrize("kept", [True, False], ids=["opened-since", "left-alone"])
def test_undo_brings_the_names_back(merged, dana, alice, harbor, ann, ben, twin, kept):
    draft = draft_of(ben, alice, harbor, ann)
    before = (names(draft), draft.answers.people, household(draft))
    done = merged(twin, ann)
    if kept:
        opened(draft).keep()
    undo(merge_id=done.pk, by=dana)
    now = opened(draft)
    assert (names(now), now.answers.people, household(now)) == before


def test_chain_is_followed_and_taken_back(merged, dana, alice, harbor, ann, ben, twin):
    third = ClientFactory(organization=harbor)
    draft = draft_of(ben, alice, harbor, ann)
    first = merged(twin, ann)
    opened(draft).keep()
    second = merged(third, twin)
    opened(draft).keep()
    assert household(opened(draft)) == [ben.pk, third.pk]
    undo(merge_id=second.pk, by=dana)
    opened(draft).keep()
    assert household(opened(draft)) == [ben.pk, twin.pk]
    undo(merge_id=first.pk, by=dana)
    assert household(opened(draft)) == [ben.pk, ann.pk]


@pytest.mark.parametrize("first_stays", [True, False])
def test_two_who_became_one_are_asked_once(merged, alice, harbor, ann, twin, first_stays):
    draft = draft_of(ann, alice, harbor, twin)
    draft.answers.content["typed"]["program"][f"c{twin.pk}-enroll"] = ["no"]
    draft.keep()
    survivor, gone = (ann, twin) if first_stays else (twin, ann)
    merged(survivor, gone)
    now = opened(draft)
    assert now.answers.people == [survivor.pk] == household(now)
    assert now.answers.content["typed"]["program"][f"c{survivor.pk}-enroll"] == [
        "on" if first_stays else "no"
    ]
    assert Step.PROGRAM not in now.answers.done


def test_draft_of_one_person_costs_no_query(alice, harbor, ann, django_assert_num_queries):
    draft = IntakeDraft.objects.select_related("client").get(pk=draft_of(ann, alice, harbor).pk)
    with django_assert_num_queries(0):
        draft.answers.follow_merges()


def test_page_that_was_opened_before_is_saved_under_who_remains(
    merged, portal, alice, harbor, project, ann, twin
):
    draft = draft_of(ann, alice, harbor)
    browser = portal(alice)
    page = draft.url_of("program")
    assert browser.get(page).status_code == 200
    merged(twin, ann)
    answer = browser.post(
        page,
        {
            "next": "1",
            "seen": "0",
            "tab": "a",
            "project": str(project.pk),
            f"c{ann.pk}-known": "1",
            f"c{ann.pk}-enroll": "on",
            f"c{ann.pk}-entry_date": "01/05/2026",
            f"c{ann.pk}-relationship_to_hoh": "1",
        },
    )
    now = opened(draft)
    assert answer.status_code in (200, 302)
    assert now.answers.content["typed"]["program"][f"c{twin.pk}-entry_date"] == ["01/05/2026"]
    assert not Enrollment.objects.exists()
