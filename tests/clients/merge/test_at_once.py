"""A merge and somebody else at the same moment: nothing is lost, nothing is done twice."""

import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from casenotes.models import CaseNote
from clients.merge.execute import Choices, Refused, merge
from clients.models import Client, ClientMerge
from enrollments.models import Enrollment
from tests.at_once.waiting import waiting
from tests.casenotes.factories import CaseNoteFactory
from tests.clients.merge.conftest import previewed
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import filled, opened
from tests.waits import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_thread():
    """Run something in a thread of its own; the thread and a list of what came out of it."""
    threads = []

    def begin(action):
        result = []

        def run():
            try:
                result.append(action())
            except Refused as refusal:
                result.append(refusal)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        threads.append(thread)
        return thread, result

    yield begin
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()


def do_merge(survivor, gone, by):
    choices = Choices(previewed(survivor, gone, by).digest)
    return lambda: merge(survivor=survivor.pk, gone=gone.pk, choices=choices, by=by)


def test_two_merges_of_one_pair_merge_once(in_thread, dana, john, jon):
    with transaction.atomic():
        first = do_merge(john, jon, dana)
        second = do_merge(jon, john, dana)
        first()
        thread, result = in_thread(second)
        wait_until(waiting)
    thread.join(timeout=30)
    assert isinstance(result[0], Refused)
    assert ClientMerge.objects.count() == 1
    assert Client.objects.get(pk=jon.pk).merged_into == john
    assert Client.objects.get(pk=john.pk).merged_into is None


def test_merge_gives_way_to_a_writer_within_a_second(in_thread, dana, john, jon):
    action = do_merge(john, jon, dana)
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=jon.pk)
        thread, result = in_thread(action)
        thread.join(timeout=30)
        assert not thread.is_alive()
    assert "Somebody else is changing" in str(result[0])
    assert Client.objects.get(pk=jon.pk).merged_into is None


def test_note_that_waited_for_the_merge_follows_the_person(in_thread, dana, john, jon):
    def write():
        return CaseNoteFactory(
            client=jon, organization=jon.organization, created_by=jon.created_by
        ).pk

    with transaction.atomic():
        do_merge(john, jon, dana)()
        thread, result = in_thread(write)
        wait_until(waiting)
    thread.join(timeout=30)
    assert CaseNote.objects.get(pk=result[0]).client == john


@pytest.mark.usefixtures("patient_merge")
def test_note_that_is_being_written_calls_for_a_new_preview(in_thread, dana, john, jon):
    action = do_merge(john, jon, dana)
    with transaction.atomic():
        note = CaseNoteFactory(client=jon)
        thread, result = in_thread(action)
        wait_until(waiting)
    thread.join(timeout=30)
    assert "These records have changed" in str(result[0])
    note.refresh_from_db()
    assert note.client == jon


@pytest.fixture
def enroll(bridge, charlie, jon):
    """Bridge House enrolls Jon, for its own eyes."""

    def write():
        return EnrollmentFactory(
            client=jon, organization=bridge, created_by=charlie, visibility="own"
        )

    return write


def test_restricted_enrollment_that_waited_for_the_merge_follows_the_person(
    in_thread, enroll, dana, charlie, john, jon
):
    with transaction.atomic():
        do_merge(john, jon, dana)()
        thread, result = in_thread(enroll)
        wait_until(waiting)
    thread.join(timeout=30)
    (row,) = Enrollment.objects.visible_to(charlie)
    assert (row.pk, row.client) == (result[0].pk, john)


@pytest.mark.usefixtures("patient_merge")
def test_restricted_enrollment_that_is_being_written_moves_and_is_not_told_of(
    in_thread, enroll, dana, charlie, john, jon
):
    """A note of the officer's own agency would call for a new preview here."""
    action = do_merge(john, jon, dana)
    with transaction.atomic():
        enroll()
        thread, result = in_thread(action)
        wait_until(waiting)
    thread.join(timeout=30)
    assert isinstance(result[0], ClientMerge)
    assert Enrollment.objects.visible_to(charlie).get().client == john


def test_edit_that_waited_for_the_merge_is_compared_with_who_remains(
    in_thread, portal, dana, alice, john, jon
):
    """Neither lost, nor saved over the record that stays, nor answered with Not found."""
    browser = portal(alice)
    page = reverse("clients:edit", args=[jon.pk])
    data = filled(opened(browser.get(page)), phone="617-555-0777")
    with transaction.atomic():
        do_merge(john, jon, dana)()
        thread, result = in_thread(lambda: browser.post(page, data))
        wait_until(waiting)
    thread.join(timeout=30)
    (answer,) = result
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form.instance.pk == john.pk
    assert "phone" in {change.name for change in form.changes}
    client = Client.objects.get(pk=john.pk)
    assert (client.first_name, client.phone) == ("John", "617-555-0142")
    answer = browser.post(
        page,
        filled(form, **{f"choose_{one.name}": "mine" for one in form.changes if one.is_conflict}),
    )
    assert answer.status_code == 302
    assert Client.objects.get(pk=john.pk).phone == "617-555-0777"


@pytest.mark.usefixtures("patient_merge")
def test_edit_before_the_merge_calls_for_a_new_preview(in_thread, dana, john, jon):
    action = do_merge(john, jon, dana)
    with transaction.atomic():
        Client.objects.filter(pk=jon.pk).update(phone="1")
        thread, result = in_thread(action)
        wait_until(waiting)
    thread.join(timeout=30)
    assert "These records have changed" in str(result[0])


def test_failed_merge_leaves_nothing_behind(dana, john, jon, monkeypatch):
    CaseNoteFactory(client=jon)
    action = do_merge(john, jon, dana)

    def fails(*args, **options):
        raise RuntimeError

    monkeypatch.setattr("clients.merge.execute.ClientMerge.objects.create", fails)
    with pytest.raises(RuntimeError):
        action()
    assert Client.objects.get(pk=jon.pk).merged_into is None
    assert CaseNote.objects.get().client == jon
    assert not john.aliases.exists()


def test_merges_side_by_side_do_not_wait(in_thread, dana, harbor, john, jon):
    others = ClientFactory.create_batch(2, organization=harbor)
    action = do_merge(*others, dana)
    with transaction.atomic():
        do_merge(john, jon, dana)()
        thread, result = in_thread(action)
        thread.join(timeout=30)
        assert isinstance(result[0], ClientMerge)
