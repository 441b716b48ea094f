"""Who is notified of a task, and when that is over (as of other notifications, R10)."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cas.mail.plan import escalatable
from cas.models import Notification
from records.models import Visibility
from tasks import actions
from tests.tasks.factories import TaskFactory


@pytest.fixture
def given(john, alice, bob):
    """What Alice asked Bob to do for John."""
    task = TaskFactory.build(
        client=john, organization=john.organization, created_by=alice, assigned_to=bob
    )
    return actions.save_task(task=task, by=alice)


def waiting(user):
    return [one.subject for one in Notification.objects.of(user).unanswered()]


def test_task_of_a_colleague_notifies_once_however_often_it_is_saved(given, alice, bob):
    actions.save_task(task=given, by=alice)
    assert waiting(bob) == [f"task:{given.pk}"]
    assert waiting(alice) == []


@pytest.mark.parametrize("end", ["done", "deleted"])
def test_task_that_is_over_waits_for_nobody(given, alice, bob, end):
    if end == "done":
        actions.finish(task=given, by=alice)
    else:
        given.mark_deleted(by=alice)
    assert waiting(bob) == []


def test_task_that_is_reopened_notifies_again(given, alice, bob):
    actions.finish(task=given, by=alice)
    actions.reopen(task=given, by=alice)
    assert waiting(bob) == [f"task:{given.pk}"]


def test_task_given_to_somebody_else_is_taken_from_the_first(given, alice, bob, dana):
    given.assigned_to = dana
    actions.save_task(task=given, by=alice)
    assert (waiting(bob), waiting(dana)) == ([], [f"task:{given.pk}"])


def test_task_that_comes_back_notifies_again_though_it_was_opened(given, alice, bob, dana):
    Notification.objects.of(bob).open()
    for user in (dana, bob):
        given.assigned_to = user
        actions.save_task(task=given, by=alice)
    assert waiting(bob) == [f"task:{given.pk}"]


def test_nobody_is_notified_of_a_client_out_of_sight(john, alice, charlie):
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    task = TaskFactory(client=john)
    task.assigned_to = charlie
    actions.save_task(task=task, by=alice)
    assert waiting(charlie) == []


def test_coordinated_access_is_not_bothered_with_tasks(given, portal, cass):
    assert not escalatable(timezone.now()).exists()
    assert given.client.display_name not in portal(cass).get(reverse("deliveries:unanswered")).text
    row = Notification.objects.get()
    address = reverse("deliveries:notification", args=[row.public_id])
    assert portal(cass).get(address).status_code == 404


def test_mail_says_neither_the_task_nor_whom_it_is_about(given, bob, settings):
    settings.SITE_URL = "https://hmis.example/"
    call_command("send_mail")
    (letter,) = mail.outbox
    assert letter.to == [bob.email]
    assert letter.subject.startswith("Task notification ")
    for text in (given.text, given.client.first_name, given.client.last_name):
        assert text not in f"{letter.subject} {letter.body}"
