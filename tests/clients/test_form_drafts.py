"""What is typed into any form is kept until it is saved (docs/adr/0029)."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agencies.use_limits import UseLimit
from clients.models import ClientAccess, FormDraft, InterestedOther
from records.models import Visibility
from tests.factories import ClientFactory
from tests.pages import filled, opened

URL = "/drafts/"


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def address(john):
    return reverse("clients:add_interested_other", args=[john.pk])


@pytest.fixture
def keep(portal, address):
    def send(by, token=None, *, typed_at=1, last_name="Smithers", **more):
        data = {
            "form_token": token or uuid.uuid4(),
            "user": by.pk,
            "typed_at": typed_at,
            "page": address,
            "title": "Add New Interested Other",
            "last_name": last_name,
        }
        return portal(by).post(URL, data | more)

    return send


def offered(portal, user, address):
    return portal(user).get(URL, {"page": address}).json()["draft"]


def test_typed_form_is_kept_and_offered_on_its_page(keep, portal, alice, address):
    assert keep(alice).json() == {"state": "kept"}
    assert offered(portal, alice, address)["fields"] == [["last_name", "Smithers"]]
    assert offered(portal, alice, address.replace("add/", "7/edit/")) is None


def test_kept_text_is_encrypted_in_the_database(keep, alice):
    keep(alice)
    raw = FormDraft.objects.extra(select={"raw": "typed_json::text"}).values_list("raw").get()[0]
    assert "Smithers" not in raw
    assert json.loads(FormDraft.objects.get().typed_json) == {"last_name": ["Smithers"]}


def test_later_state_stays_whichever_arrives_last(keep, portal, alice, address):
    token = uuid.uuid4()
    keep(alice, token, typed_at=2, last_name="later")
    assert keep(alice, token, typed_at=1, last_name="sooner").json() == {"state": "older"}
    assert offered(portal, alice, address)["fields"] == [["last_name", "later"]]


def test_saved_form_is_not_offered_even_if_its_autosave_arrives_late(keep, portal, alice, address):
    form = opened(portal(alice).get(address))
    typed = filled(form, type_description="Sister")
    keep(alice, typed["form_token"])
    portal(alice).post(address, typed)
    assert InterestedOther.objects.exists()
    assert offered(portal, alice, address) is None
    assert keep(alice, typed["form_token"], typed_at=9).json() == {"state": "saved"}
    call_command("clear_expired")
    assert not FormDraft.objects.exists()


def test_form_with_an_error_is_still_offered(keep, portal, alice, address):
    typed = filled(opened(portal(alice).get(address)), type_description="")
    keep(alice, typed["form_token"])
    portal(alice).post(address, typed)
    assert offered(portal, alice, address)


def test_continued_draft_replaces_the_one_it_goes_on_with(keep, portal, alice, address):
    keep(alice)
    first = offered(portal, alice, address)["id"]
    keep(alice, continued=first, last_name="Smithers-Jones")
    assert FormDraft.objects.get().fields == [("last_name", "Smithers-Jones")]


def test_draft_that_a_saved_form_went_on_with_is_not_offered_again(
    keep, portal, alice, bob, address
):
    keep(alice)
    continued = offered(portal, alice, address)["id"]
    form = opened(portal(alice).get(address))
    typed = filled(form, type_description="") | {"continued": continued}
    portal(alice).post(address, typed)
    assert offered(portal, alice, address), "an error saves nothing"
    theirs = filled(opened(portal(bob).get(address)), type_description="Aunt")
    portal(bob).post(address, theirs | {"continued": continued})
    assert offered(portal, alice, address), "a draft of somebody else"
    portal(alice).post(address, typed | {"type_description": "Sister"})
    assert set(InterestedOther.objects.values_list("type_description", flat=True)) == {
        *("Aunt", "Sister")
    }
    assert offered(portal, alice, address) is None


def test_page_of_an_error_carries_the_draft_that_its_form_goes_on_with(
    keep, portal, alice, address
):
    keep(alice)
    continued = offered(portal, alice, address)["id"]
    form = opened(portal(alice).get(address))
    typed = filled(form, type_description="") | {"continued": continued}
    again = portal(alice).post(address, typed)
    assert f'name="continued" value="{continued}"' in again.text
    portal(alice).post(address, filled(opened(again), type_description="Sister"))
    assert offered(portal, alice, address) is None


def test_draft_is_nobody_elses(keep, portal, alice, bob, address):
    keep(alice)
    assert offered(portal, bob, address) is None
    url = reverse("discard_form_draft", args=[FormDraft.objects.get().pk])
    assert portal(bob).post(url).status_code == 404
    assert keep(bob, user=alice.pk).status_code == 409
    assert portal(alice).get(url).status_code == 405
    assert portal(alice).post(url).status_code == 200
    assert not FormDraft.objects.exists()


def test_draft_about_a_client_whom_one_may_not_see_is_neither_kept_nor_shown(
    keep, portal, alice, charlie, john, address
):
    keep(charlie)
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    assert offered(portal, charlie, address) is None
    assert keep(charlie).status_code == 404
    assert not portal(charlie).get("/").context["form_drafts"]


def test_question_for_a_draft_tells_nobody_which_clients_there_are(portal, charlie, john, address):
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    nobody, anybody = "/clients/987654/edit/", ClientFactory(organization=john.organization)
    for page in (
        address,
        nobody,
        f"/clients/{anybody.pk}/edit/",
        "/clients/" + "9" * 30 + "/edit/",
    ):
        answer = portal(charlie).get(URL, {"page": page})
        assert (answer.status_code, answer.json()["draft"]) == (200, None)


def test_draft_of_a_page_that_was_not_opened_opens_the_client(
    keep, portal, alice, charlie, john, harbor, address, settings
):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 2 2")}
    others = ClientFactory.create_batch(3, organization=harbor)
    pages = [reverse("clients:edit", args=[one.pk]) for one in others]
    portal(alice).get(address)  # the first one
    assert [keep(alice).status_code for _ in range(3)] == [200] * 3
    assert [keep(alice, page=pages[0]).status_code for _ in range(3)] == [200] * 3
    assert keep(alice, page=pages[1]).status_code == 429
    assert ClientAccess.objects.get(page="form_drafts").client == others[0]
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    assert [keep(charlie).status_code for _ in range(3)] == [404, 404, 429]
    assert ClientAccess.objects.get(user=charlie).kind == ClientAccess.Kind.REFUSED


def test_home_names_a_page_that_listed_errors_by_its_title_alone(keep, portal, alice):
    keep(alice, title="Error: Add New Interested Other")
    [draft] = portal(alice).get("/").context["form_drafts"]
    assert draft.title == "Add New Interested Other"


def test_home_reads_no_more_than_its_line_shows(
    keep, portal, alice, john, address, django_assert_num_queries
):
    keep(alice)
    [draft] = portal(alice).get("/").context["form_drafts"]
    with django_assert_num_queries(0):
        assert (draft.client.sorted_name, draft.title) == (
            john.sorted_name,
            "Add New Interested Other",
        )
        assert draft.get_absolute_url() == address
    assert "typed_json" in draft.get_deferred_fields()
    assert {"ssn", "address1"} <= draft.client.get_deferred_fields()


@pytest.mark.parametrize("address", ["", "/nowhere/", "https://evil.example/", "/clients/0/edit/"])
def test_page_that_is_not_ours_keeps_nothing(keep, alice, address):
    assert keep(alice).status_code == 404
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("wrong", [{"form_token": "x"}, {"typed_at": "x"}, {"typed_at": "-1"}])
def test_what_no_form_sends_is_refused(keep, alice, wrong):
    assert keep(alice, **wrong).status_code == 400


def test_draft_follows_its_client_through_a_merge(keep, portal, alice, john, address):
    keep(alice)
    survivor = ClientFactory(organization=john.organization)
    FormDraft.objects.update(client=survivor)  # as a merge moves it
    there = reverse("clients:add_interested_other", args=[survivor.pk])
    assert offered(portal, alice, there)
    assert FormDraft.objects.get().get_absolute_url() == there


def test_keeping_is_no_view_and_no_use_of_the_session(keep, portal, alice, address):
    browser = portal(alice)
    browser.get(address)
    seen = browser.session["seen"]
    browser.get(URL, {"page": address})
    keep(alice)
    assert not ClientAccess.objects.exclude(page="clients:add_interested_other").exists()
    assert browser.session["seen"] == seen


def test_giving_back_what_was_typed_is_one_view_and_no_use_of_the_session(
    keep, portal, alice, john, address
):
    browser = portal(alice)
    browser.get(address)
    seen = browser.session["seen"]
    keep(alice)
    for _ in range(2):
        assert browser.get(URL, {"page": address}).json()["draft"]
    [view] = ClientAccess.objects.filter(page="form_drafts")
    assert (view.user, view.kind, view.listed) == (alice, ClientAccess.Kind.LIST, [john.pk])
    assert browser.session["seen"] == seen


def test_home_lists_what_was_left(keep, portal, alice, john, address):
    keep(alice, query="?search=1f", title="Add New Interested Other")
    home = portal(alice).get("/").text
    assert f'href="{address}?search=1f"' in home
    assert "Add New Interested Other" in home


def test_nothing_typed_stands_in_an_address(keep, alice):
    keep(alice, query="?name=Jane Doe")
    assert FormDraft.objects.get().query == ""


def test_old_drafts_go(keep, alice, settings):
    keep(alice)
    FormDraft.objects.update(at=timezone.now() - timedelta(days=settings.NOTE_DRAFT_DAYS, hours=1))
    call_command("clear_expired")
    assert not FormDraft.objects.exists()


def test_log_in_page_says_why_one_is_there(client, address):
    assert "your text is offered again" in client.get(address, follow=True).text
    assert "your text is offered again" not in client.get("/", follow=True).text
