"""Tasks: what is asked, who may be given one, done and reopened, what the lists show."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cas.models import Notification
from clients.models import ClientAccess
from records.models import Visibility
from tasks.models import Task
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, UserFactory
from tests.pages import errors, messages, send
from tests.tasks.conftest import TODAY
from tests.tasks.factories import TaskFactory

TYPED = {"text": "Call about the lease", "due_on": "03/09/2026"}


def url(name, *args):
    return reverse(f"tasks:{name}", args=args)


@pytest.fixture
def typed(portal):
    """A function that types into Add New Task of a client and sends it."""

    def send_typed(user, client, *, working_for=None, **changed):
        browser = portal(user)
        session = browser.session
        session["organization"] = (working_for or user.organizations[0]).pk
        session.save()
        return send(browser, url("add_task", client.pk), **(TYPED | changed))

    return send_typed


def test_task_is_for_oneself_unless_somebody_is_chosen(portal, alice, harbor, john):
    answer = send(portal(alice), url("add_task", john.pk), follow=True, **TYPED)
    task = Task.objects.get()
    assert (task.assigned_to, task.created_by, task.organization) == (alice, alice, harbor)
    assert (task.text, task.due_on, task.enrollment) == (TYPED["text"], date(2026, 3, 9), None)
    assert task.visibility == Visibility.OWN_ORGANIZATION
    assert messages(answer) == ["Task saved."]


def test_task_belongs_to_an_enrollment_if_one_is_chosen(portal, alice, enrollment):
    browser = portal(alice)
    page = send(
        browser,
        url("add_task", enrollment.client_id),
        follow=True,
        enrollment=enrollment.pk,
        **TYPED,
    )
    assert Task.objects.get().enrollment == enrollment
    assert "Harbor Family Shelter" in page.text


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"text": "  "}, "text", "Enter what is to be done."),
        ({"due_on": ""}, "due_on", "Enter the day by which it is to be done."),
        ({"due_on": "03/01/2026"}, "due_on", "Enter today or a day to come."),
        ({"due_on": "02/30/2026"}, "due_on", "Enter a date that exists, as MM/DD/YYYY."),
        ({"assigned_to": ""}, "assigned_to", "This field is required."),
    ],
)
def test_what_is_refused_says_what_to_enter(typed, alice, john, changed, field, sentence):
    assert errors(typed(alice, john, **changed)) == {field: [sentence]}


def test_task_is_given_to_a_colleague_and_to_nobody_else(typed, alice, bob, charlie, john):
    assert typed(alice, john, assigned_to=bob.pk).status_code == 302
    assert Task.objects.get().assigned_to == bob
    assert errors(typed(alice, john, assigned_to=charlie.pk)) == {
        "assigned_to": ["Choose an active user of Harbor Services, whose task this is."]
    }


def test_task_is_not_given_to_who_is_not_active(typed, alice, bob, john):
    bob.is_active = False
    bob.save()
    assert errors(typed(alice, john, assigned_to=bob.pk)) == {
        "assigned_to": ["Choose an HMIS user who is active."]
    }


def test_task_is_not_given_to_a_colleague_who_cannot_see_the_client(typed, harbor, bridge, bob):
    both = UserFactory(at=[harbor, bridge])
    restricted = ClientFactory(organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    assert errors(typed(both, restricted, working_for=harbor, assigned_to=bob.pk)) == {
        "assigned_to": [f"{bob} cannot see this client. Choose a colleague who can."]
    }


def test_enrollment_of_another_client_is_not_offered(typed, alice, john, harbor):
    other = EnrollmentFactory(client=ClientFactory(organization=harbor))
    assert "enrollment" in errors(typed(alice, john, enrollment=other.pk))


def test_edit_keeps_an_enrollment_that_its_user_does_not_see(portal, alice, enrollment, bridge):
    task = TaskFactory(client=enrollment.client, enrollment=enrollment, created_by=alice)
    own = Visibility.OWN_ORGANIZATION
    type(enrollment).objects.filter(pk=enrollment.pk).update(organization=bridge, visibility=own)
    address = url("edit_task", *task.place)
    assert "Harbor Family Shelter" not in portal(alice).get(address).text
    send(portal(alice), address, text="Call again")
    task.refresh_from_db()
    assert (task.text, task.enrollment) == ("Call again", enrollment)


def test_other_organizations_never_see_a_task(portal, charlie, john, task):
    browser = portal(charlie)
    assert task.text not in browser.get(url("tasks", john.pk)).text
    assert task.text not in browser.get(john.get_absolute_url()).text
    for name in ("edit_task", "delete_task"):
        assert browser.get(url(name, john.pk, task.pk)).status_code == 404
    for name in ("done", "reopen", "restore_task"):
        assert browser.post(url(name, john.pk, task.pk)).status_code == 404
    task.refresh_from_db()
    assert task.is_open


def test_done_says_who_and_when_and_is_undone_with_one_click(portal, bob, john, task):
    browser = portal(bob)
    browser.post(url("done", john.pk, task.pk))
    task.refresh_from_db()
    assert (task.done_by, task.done_at) == (bob, timezone.now())
    page = browser.get(url("tasks", john.pk))
    assert task.text not in page.text
    (message,) = page.context["messages"]
    assert str(message) == "Task done."
    assert browser.post(message.extra_tags)["Location"] == url("tasks", john.pk)
    task.refresh_from_db()
    assert (task.is_open, task.done_by) == (True, None)
    assert task.text in browser.get(url("tasks", john.pk)).text


def test_undo_is_said_once_and_leads_back_to_the_list(portal, alice, john, task):
    browser = portal(alice)
    page = browser.post(url("done", john.pk, task.pk), {"next": url("mine")}, follow=True)
    (message,) = page.context["messages"]
    assert not browser.get(url("mine")).context["messages"]
    assert browser.post(message.extra_tags)["Location"] == url("mine")
    task.refresh_from_db()
    assert task.is_open


def test_second_click_on_done_changes_nothing(portal, alice, bob, john, task):
    portal(alice).post(url("done", john.pk, task.pk))
    portal(bob).post(url("done", john.pk, task.pk))
    task.refresh_from_db()
    assert task.done_by == alice
    assert task.events.count() == 2


def test_done_leads_back_to_the_list_where_it_was_pressed_and_nowhere_else(
    portal, alice, john, task
):
    browser = portal(alice)
    for wanted, place in [("/", "/"), ("https://evil.example/", "/"), ("", None)]:
        answer = browser.post(url("done", john.pk, task.pk), {"next": wanted})
        assert answer["Location"] == (place or url("tasks", john.pk))


def test_deleted_task_is_restored_by_who_deleted_it(portal, alice, john, task):
    browser = portal(alice)
    browser.post(url("delete_task", john.pk, task.pk))
    page = browser.get(url("tasks", john.pk))
    assert page.context["deleted"] == [task]
    browser.post(url("restore_task", john.pk, task.pk))
    assert Task.objects.get() == task


def test_task_of_a_deleted_kind_is_neither_done_nor_reopened(portal, alice, john, task):
    task.mark_deleted(by=alice)
    browser = portal(alice)
    for name in ("done", "reopen"):
        assert browser.post(url(name, john.pk, task.pk)).status_code == 404


def test_enrollment_with_a_task_is_not_deleted(portal, alice, enrollment):
    TaskFactory(client=enrollment.client, enrollment=enrollment)
    page = portal(alice).post(
        reverse("enrollments:delete_enrollment", args=[enrollment.client_id, enrollment.pk]),
        follow=True,
    )
    enrollment.refresh_from_db()
    assert enrollment.date_deleted is None
    assert "There are tasks on this enrollment" in page.text


@pytest.mark.parametrize(
    ("days", "urgency"), [(-1, "Overdue"), (0, "Due today"), (1, "")], ids=["late", "now", "ahead"]
)
def test_what_is_due_stands_out(john, days, urgency):
    assert TaskFactory(client=john, due_on=TODAY + timedelta(days=days)).urgency == urgency


def test_task_that_is_done_is_not_overdue(john, alice):
    task = TaskFactory(client=john, due_on=TODAY - timedelta(days=1))
    task.mark_done(by=alice)
    assert task.urgency == ""


def test_home_and_dashboard_show_what_is_due_first(portal, alice, bob, john):
    later = TaskFactory(client=john, due_on=TODAY + timedelta(days=9))
    first = TaskFactory(client=john, due_on=TODAY - timedelta(days=1))
    TaskFactory(client=john, assigned_to=bob, text="Something for Bob")
    browser = portal(alice)
    home = browser.get("/")
    assert home.context["tasks"] == [first, later]
    assert "Overdue" in home.text
    assert "Something for Bob" not in home.text
    assert "Something for Bob" in browser.get(john.get_absolute_url()).text


def test_home_lists_whose_tasks_it_shows_in_the_access_log(portal, alice, john, task):
    portal(alice).get("/")
    access = ClientAccess.objects.get(page="home")
    assert (access.user, access.listed) == (alice, [john.pk])


def test_task_of_a_client_who_is_not_visible_any_more_is_on_no_list(portal, alice, bridge, john):
    TaskFactory(client=john)
    john.organization = bridge
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    browser = portal(alice)
    assert browser.get("/").context["tasks"] == []
    assert browser.get(url("mine")).context["page"].rows == []


def test_my_tasks_are_mine_those_i_gave_and_those_i_did(portal, alice, bob, john):
    mine = TaskFactory(client=john)
    given = TaskFactory(client=john, assigned_to=bob, created_by=alice)
    did = TaskFactory(client=john)
    did.mark_done(by=alice)
    browser = portal(alice)
    for show, expected in {"": mine, "given": given, "done": did, "nonsense": mine}.items():
        page = browser.get(url("mine"), {"show": show}).context["page"]
        assert [row for row, _ in page.rows] == [expected], show


def test_list_names_who_cannot_do_a_task_any_more(portal, alice, bob, john):
    TaskFactory(client=john, assigned_to=bob)
    browser = portal(alice)
    assert "No access any more" not in browser.get(url("tasks", john.pk)).text
    bob.memberships.all().delete()
    assert "No access any more" in browser.get(url("tasks", john.pk)).text


def test_edit_asks_for_somebody_else_where_the_old_one_has_no_access(portal, alice, bob, john):
    task = TaskFactory(client=john, assigned_to=bob)
    bob.memberships.all().delete()
    page = send(portal(alice), url("edit_task", john.pk, task.pk), text="Write instead")
    assert "assigned_to" in errors(page)


def test_overdue_task_is_edited_without_another_day(portal, alice, john):
    task = TaskFactory(client=john, due_on=TODAY - timedelta(days=3))
    send(portal(alice), url("edit_task", john.pk, task.pk), text="Write instead")
    task.refresh_from_db()
    assert (task.text, task.due_on) == ("Write instead", TODAY - timedelta(days=3))


@pytest.mark.parametrize("name", ["mine", "home", "tasks"])
def test_queries_do_not_grow_with_the_tasks(portal, alice, bob, john, name):
    address = {"mine": url("mine"), "home": "/", "tasks": url("tasks", john.pk)}[name]
    browser = portal(alice)

    def count() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        return len(captured)

    TaskFactory(client=john)
    one = count()
    for number in range(6):
        other = ClientFactory(organization=john.organization, first_name=f"Jo{number}")
        task = TaskFactory(client=other, assigned_to=alice, created_by=bob)
        task.enrollment = EnrollmentFactory(client=other)
        task.save()
        TaskFactory(client=john, enrollment=EnrollmentFactory(client=john))
    assert count() <= one


def test_colleague_is_notified_until_the_task_is_done(portal, alice, bob, john):
    browser = portal(alice)
    send(browser, url("add_task", john.pk), assigned_to=bob.pk, **TYPED)
    notification = Notification.objects.get()
    assert (notification.recipient, notification.kind) == (bob, "task")
    answer = portal(bob).get(notification.get_absolute_url())
    assert answer["Location"] == url("tasks", john.pk)
    assert Notification.objects.of(bob).unanswered().count() == 0


def test_nobody_is_notified_of_the_own_task(portal, alice, john):
    send(portal(alice), url("add_task", john.pk), **TYPED)
    assert not Notification.objects.exists()
