"""A deletion is said once, with Undo; it is authorized again, and refused after others' changes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casenotes.models import CaseNote, Service
from clients.models import Alert, Client, ClientAlias, IdentityChange
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import AlertFactory, ClientFactory
from tests.files.factories import file_of
from tests.pages import messages, send


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice, updated_by=alice)


@pytest.fixture
def enrollment(john, alice):
    return EnrollmentFactory(client=john, created_by=alice, updated_by=alice)


@pytest.fixture
def note(enrollment, alice):
    note = CaseNoteFactory(client=enrollment.client, created_by=alice, enrollment=enrollment)
    ServiceFactory(enrollment=enrollment, note=note, created_by=alice)
    return note


def undo_of(page):
    """The address behind the one message of a page."""
    (message,) = page.context["messages"]
    assert f'action="{message.extra_tags}"' in page.text
    return message.extra_tags


def deleted(browser, name, *place, **typed):
    return undo_of(browser.post(reverse(name, args=place), typed, follow=True))


@pytest.mark.parametrize("make", [AlertFactory, file_of], ids=["alert", "file"])
def test_deletion_is_said_in_one_message_and_undone(portal, alice, john, make):
    row, browser = make(client=john) if make is AlertFactory else make(john), portal(alice)
    undo = undo_of(browser.post(row.delete_url, follow=True))
    assert undo == row.restore_url
    browser.post(undo, follow=True)
    row.refresh_from_db()
    assert row.date_deleted is None
    assert messages(browser.post(undo, follow=True)) == [], "twice does no harm"


def test_undo_is_authorized_again(portal, alice, charlie, john):
    alert, browser = AlertFactory(client=john), portal(alice)
    undo = undo_of(browser.post(alert.delete_url, follow=True))
    assert portal(charlie).post(undo).status_code == 403
    alice.memberships.all().delete()
    assert browser.post(undo).status_code != 200
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("who", "minutes", "status"),
    [("bob", 5, 403), ("alice", 59, 302), ("alice", 61, 403), ("dana", 61, 302)],
)
@pytest.mark.parametrize("what", ["file", "enrollment"])
def test_restored_by_who_deleted_it_for_an_hour_and_by_an_officer(
    portal, request, john, alice, enrollment, time_machine, what, who, minutes, status
):
    time_machine.move_to(timezone.now(), tick=False)
    row = file_of(john) if what == "file" else enrollment
    row.mark_deleted(by=alice)
    time_machine.shift(timedelta(minutes=minutes))
    browser = portal(request.getfixturevalue(who))
    assert browser.post(row.restore_url).status_code == status
    assert type(row).objects.filter(pk=row.pk).exists() == (status == 302)


@pytest.mark.parametrize(("who", "comes_back"), [("alice", True), ("bob", False)])
def test_undo_is_refused_once_somebody_else_changed_what_it_belongs_to(
    portal, alice, bob, enrollment, who, comes_back
):
    service, browser = ServiceFactory(enrollment=enrollment, created_by=alice), portal(alice)
    undo = undo_of(browser.post(service.delete_url, follow=True))
    enrollment.stamp(by={"alice": alice, "bob": bob}[who])
    enrollment.save()
    (said,) = messages(browser.post(undo, follow=True))
    assert Service.objects.exists() == comes_back
    assert ("changed the enrollment since" in said) != comes_back


def test_note_is_undone_with_its_services_by_who_deleted_it(portal, alice, bob, note):
    place = [note.client_id, note.pk]
    typed = {"action": "delete", "services": "on"}
    undo = deleted(portal(alice), "casenotes:change", *place, **typed)
    assert not CaseNote.objects.exists()
    assert not Service.objects.exists()
    assert portal(bob).post(undo).status_code == 403, "a colleague who did not delete it"
    answer = portal(alice).post(undo, follow=True)
    assert messages(answer) == ["Case note restored."]
    again = portal(alice).post(undo, follow=True)
    assert again.status_code == 200, "pressed twice"
    assert messages(again) == []
    assert Service.objects.get().note == CaseNote.objects.get() == note


def test_note_is_not_undone_after_an_hour_or_anothers_change(portal, alice, bob, note):
    note.mark_deleted(by=alice, at=timezone.now() - timedelta(minutes=61))
    undo = reverse("casenotes:restore", args=[note.client_id, note.pk])
    assert portal(alice).post(undo).status_code == 403
    note.mark_deleted(by=alice)
    note.enrollment.stamp(by=bob)
    note.enrollment.save()
    (said,) = messages(portal(alice).post(undo, follow=True))
    assert said.startswith("It was not restored: Bob")
    assert not CaseNote.objects.exists()


def test_pop_up_says_it_and_the_page_under_it_has_undo(portal, alice, note):
    browser, place = portal(alice), [note.client_id, note.pk]
    answer = browser.post(
        reverse("casenotes:change", args=place),
        {"action": "delete"},
        headers={"HX-Request": "true"},
    )
    assert "Note deleted." in answer.text
    page = browser.get(reverse("casenotes:notes", args=[note.client_id]))
    assert undo_of(page) == reverse("casenotes:restore", args=place)


@pytest.fixture
def without_aliases(portal, alice, john):
    """Undo of Alice's save for Harbor, which deleted both aliases of John."""
    for first in ("Johnny", "Jack"):
        ClientAlias(client=john, first_name=first, last_name="Smith").save()
    browser = portal(alice)
    url = reverse("clients:edit", args=[john.pk])
    page = send(browser, url, follow=True, aliases=[])
    assert messages(page) == ["Client saved. 2 aliases deleted."]
    return undo_of(page)


def aliases():
    return sorted(ClientAlias.objects.values_list("first_name", flat=True))


def test_aliases_are_restored(portal, alice, john, without_aliases):
    assert messages(portal(alice).post(without_aliases, follow=True)) == ["Aliases restored."]
    assert aliases() == ["Jack", "Johnny"]
    (said,) = messages(portal(alice).post(without_aliases, follow=True))
    assert "changed since" in said, "once"
    assert aliases() == ["Jack", "Johnny"]


def test_aliases_are_not_restored_by_others_later_or_after_a_change(
    portal, alice, bob, john, without_aliases
):
    assert "changed since" in messages(portal(bob).post(without_aliases, follow=True))[0]
    saved = Client.objects.filter(pk=john.pk)
    saved.update(date_updated=timezone.now() - timedelta(minutes=61))
    assert "changed since" in messages(portal(alice).post(without_aliases, follow=True))[0]
    saved.update(date_updated=timezone.now())
    send(portal(bob), reverse("clients:edit", args=[john.pk]), phone="617-555-0100")
    assert "changed since" in messages(portal(alice).post(without_aliases, follow=True))[0]
    assert aliases() == []


def test_alias_that_was_corrected_has_no_undo(portal, alice, john):
    ClientAlias(client=john, first_name="Jon", last_name="Smith").save()
    url = reverse("clients:edit", args=[john.pk])
    page = send(portal(alice), url, follow=True, aliases=[("John", "Smith")])
    assert messages(page) == ["Client saved."]


def test_undo_of_aliases_is_for_the_organization_of_the_save(
    portal, alice, bridge, without_aliases
):
    *place, organization, restore, end = without_aliases.split("/")
    assert int(organization) == alice.organizations[0].pk
    elsewhere = "/".join([*place, str(bridge.pk), restore, end])
    assert portal(alice).post(elsewhere).status_code == 403
    assert aliases() == []


def test_another_organizations_undo_of_aliases_is_reviewed_too(portal, charlie, john):
    ClientAlias(client=john, first_name="Jack", last_name="Smith").save()
    page = send(portal(charlie), reverse("clients:edit", args=[john.pk]), follow=True, aliases=[])
    portal(charlie).post(undo_of(page))
    assert aliases() == ["Jack"]
    assert IdentityChange.objects.filter(groups=["aliases"]).count() == 2
    assert Client.objects.get(pk=john.pk).updated_by == charlie
