"""Autosave: what is kept of half a note, for whom, and for how long (6.7)."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.use_limits import UseLimit
from casenotes.models import NoteDraft
from clients.form_drafts import copy_keys
from clients.models import ClientAccess
from tests.factories import ClientFactory
from tests.pages import opened


@pytest.fixture
def keep(portal, john):
    """Return a function that sends a state of a form as the page does."""

    def send(user, *, token=None, client=john, note=None, typed_by=None, **typed):
        name, args = ("draft_of", [client.pk, note.pk]) if note else ("draft", [client.pk])
        data = {
            "form_token": str(token or uuid.uuid4()),
            "typed_at": "1000",
            "user": str((typed_by or user).pk),
            "title": "Papers",
            "text": "Met John",
            "services-TOTAL_FORMS": "0",
            "services-INITIAL_FORMS": "0",
        }
        return portal(user).post(reverse(f"casenotes:{name}", args=args), data | typed)

    return send


def test_state_is_kept_encrypted(keep, alice):
    assert keep(alice).json() == {"state": "kept"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed_json FROM casenotes_notedraft")
        (stored,) = cursor.fetchone()
    assert "John" not in stored
    assert NoteDraft.objects.get().typed["text"] == "Met John"


def test_draft_about_somebody_whose_page_was_not_opened_opens_the_client(
    keep, portal, alice, john, harbor, settings
):
    others = ClientFactory.create_batch(2, organization=harbor)
    portal(alice).get(reverse("casenotes:add", args=[john.pk]))
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
    assert [keep(alice).status_code for _ in range(2)] == [200] * 2
    assert [keep(alice, client=others[0]).status_code for _ in range(2)] == [200] * 2
    assert keep(alice, client=others[1]).status_code == 429
    opened_by_it = ClientAccess.objects.filter(page="casenotes:draft", kind="view")
    assert opened_by_it.get().client == others[0]
    assert {one.client for one in NoteDraft.objects.all()} == {john, others[0]}


def test_one_form_has_one_draft_and_two_forms_have_two(keep, alice):
    token = uuid.uuid4()
    keep(alice, token=token)
    keep(alice, token=token, text="Met John again", typed_at="2000")
    keep(alice, text="Another note")
    assert sorted(one.typed["text"] for one in NoteDraft.objects.all()) == [
        "Another note",
        "Met John again",
    ]


def test_state_that_arrives_late_does_not_replace_a_later_one(keep, alice):
    token = uuid.uuid4()
    keep(alice, token=token, text="later", typed_at="2000")
    assert keep(alice, token=token, text="earlier").json() == {"state": "older"}
    assert NoteDraft.objects.get().typed["text"] == "later"


def test_state_that_arrives_twice_is_kept_once(keep, alice):
    token = uuid.uuid4()
    keep(alice, token=token)
    kept = NoteDraft.objects.get()
    assert keep(alice, token=token).json() == {"state": "kept"}
    assert NoteDraft.objects.get().at == kept.at


def test_empty_form_leaves_the_last_state_that_was_not(keep, alice):
    token = uuid.uuid4()
    keep(alice, token=token)
    keep(alice, token=token, text=" ", title="", typed_at="2000")
    assert NoteDraft.objects.get().typed["text"] == "Met John"


def test_text_of_one_user_is_not_kept_for_another(keep, alice, bob):
    assert keep(bob, typed_by=alice).status_code == 409
    assert not NoteDraft.objects.exists()


def test_draft_is_offered_to_its_user_alone(keep, portal, alice, bob, john):
    keep(alice)
    draft, url = NoteDraft.objects.get(), reverse("casenotes:notes", args=[john.pk])
    assert "Met John" in portal(alice).get(url).content.decode()
    assert "Met John" not in portal(bob).get(url).content.decode()
    assert not opened(portal(bob).get(draft.continue_url)).is_bound
    assert portal(bob).post(draft.discard_url).status_code == 404


def test_discarded_draft_is_restored_with_undo(keep, portal, alice, bob, john):
    keep(alice)
    draft, browser = NoteDraft.objects.get(), portal(alice)
    page = browser.post(draft.discard_url, follow=True).content.decode()
    assert draft.restore_url in page
    assert "Unsaved note" not in page
    assert not browser.get("/").context["note_drafts"]
    assert portal(bob).post(draft.restore_url).status_code == 404
    assert "Unsaved note" in browser.post(draft.restore_url, follow=True).content.decode()
    assert browser.get("/").context["note_drafts"] == [draft]


def test_draft_of_a_note_that_was_saved_in_the_meantime_is_discarded_without_an_error(keep, alice):
    keep(alice)
    draft = NoteDraft.objects.get()
    NoteDraft.objects.all().delete()
    draft.discard()
    draft.restore()
    assert not NoteDraft.objects.exists()


def test_whoever_goes_on_typing_has_the_discarded_draft_back(keep, portal, alice):
    token = uuid.uuid4()
    keep(alice, token=token)
    portal(alice).post(NoteDraft.objects.get().discard_url)
    keep(alice, token=token)  # the copy of a page that closed
    assert not NoteDraft.objects.waiting().exists()
    keep(alice, token=token, text="Met John again", typed_at="2000")
    assert NoteDraft.objects.waiting().get().typed["text"] == "Met John again"


def test_discarded_drafts_are_deleted_after_an_hour(keep, portal, alice, john):
    keep(alice)
    gone = NoteDraft.objects.get()
    portal(alice).post(gone.discard_url)
    call_command("clear_expired", stdout=StringIO())
    assert NoteDraft.objects.exists()
    NoteDraft.objects.update(discarded_at=timezone.now() - timedelta(hours=2))
    assert portal(alice).post(gone.restore_url).status_code == 404
    call_command("clear_expired", stdout=StringIO())
    assert not NoteDraft.objects.exists()
    assert portal(alice).post(gone.restore_url).status_code == 404


def test_continuing_gives_the_form_a_token_of_its_own_and_calls_nothing_an_error(
    keep, portal, alice, john
):
    token = uuid.uuid4()
    keep(alice, token=token, title="", date="99/99/9999")
    draft = NoteDraft.objects.get()
    form = opened(portal(alice).get(draft.continue_url))
    assert form["text"].value() == "Met John"
    assert form["date"].value() == "99/99/9999"
    assert not form.errors
    assert str(form["form_token"].value()) != str(token)
    keep(alice, token=form["form_token"].value(), continued=str(draft.pk), text="Met John, 2")
    assert [one.typed["text"] for one in NoteDraft.objects.all()] == ["Met John, 2"]


def test_draft_of_a_note_leads_to_its_page(keep, portal, alice, note):
    keep(alice, note=note, client=note.client, version="1", opened="x")
    draft = NoteDraft.objects.get()
    assert f"/case-notes/{note.pk}/edit/" in draft.continue_url
    assert opened(portal(alice).get(draft.continue_url))["text"].value() == "Met John"


def test_home_lists_drafts_of_clients_who_may_be_seen(keep, portal, alice, john):
    keep(alice)
    assert "Case note" in portal(alice).get("/").content.decode()
    john.mark_deleted(by=alice)
    assert not portal(alice).get("/").context["note_drafts"]


def test_home_reads_the_names_of_a_client_and_no_more(
    keep, portal, alice, django_assert_num_queries
):
    keep(alice)
    [draft] = portal(alice).get("/").context["note_drafts"]
    with django_assert_num_queries(0):
        assert (draft.client.sorted_name, draft.title) == ("Smith, John", "Papers")
        assert str(draft.pk) in draft.continue_url
    assert {"ssn", "address1"} <= draft.client.get_deferred_fields()


@pytest.mark.parametrize(
    "wrong", [{"form_token": "x"}, {"typed_at": "x"}, {"typed_at": "9" * 30}, {"typed_at": "-1"}]
)
def test_broken_state_is_refused(keep, alice, wrong):
    assert keep(alice, **wrong).status_code == 400


def test_stranger_keeps_no_draft(keep, charlie, john, note):
    john.visibility = "own"
    john.save()
    assert keep(charlie).status_code == 404
    john.visibility = "all"
    john.save()
    assert keep(charlie, note=note, client=john).status_code == 404


def test_autosave_on_a_page_is_no_view_of_the_client(keep, portal, alice, john):
    portal(alice).get(reverse("casenotes:add", args=[john.pk]))
    seen = list(ClientAccess.objects.all())
    keep(alice)
    assert list(ClientAccess.objects.all()) == seen


def test_autosave_prolongs_no_session(keep, portal, alice, john, time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    browser = portal(alice)
    browser.get("/")
    seen = browser.session["seen"]
    time_machine.move_to("2026-03-02T17:20:00Z", tick=False)
    data = {"form_token": str(uuid.uuid4()), "typed_at": "1", "user": alice.pk, "text": "x"}
    assert browser.post(reverse("casenotes:draft", args=[john.pk]), data).status_code == 200
    assert browser.session["seen"] == seen
    time_machine.move_to("2026-03-02T17:31:00Z", tick=False)
    answer = browser.post(reverse("casenotes:draft", args=[john.pk]), data)
    assert answer.status_code == 302  # logged out


def test_old_drafts_are_cleared(keep, alice, capsys):
    keep(alice)
    NoteDraft.objects.update(at=timezone.now() - timedelta(days=29))
    call_command("clear_expired")
    assert NoteDraft.objects.exists()
    NoteDraft.objects.update(at=timezone.now() - timedelta(days=31))
    call_command("clear_expired")
    assert not NoteDraft.objects.exists()


def test_keys_of_the_browsers_copies_are_each_users_own_and_change_every_week(
    alice, bob, time_machine
):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    this, last = copy_keys(alice).split()
    assert this != last
    assert not {this, last} & set(copy_keys(bob).split())
    time_machine.move_to("2026-03-09T17:00:00Z", tick=False)
    assert copy_keys(alice).split()[1] == this
    time_machine.move_to("2026-03-16T17:00:00Z", tick=False)
    assert this not in copy_keys(alice)
