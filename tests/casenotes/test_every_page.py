"""Every page of notes and services, by role: who gets what, and which verbs there are."""

import uuid

import pytest
from django.http import QueryDict
from django.urls import reverse

from casenotes.models import NoteDraft, NoteSearch
from records.models import Visibility
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.casenotes.pages import PAGES

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
NAMES_A_NOTE = {name for name, (_, given) in PAGES.items() if "note_id" in given}
CHANGES_A_SERVICE = {"casenotes:edit_service", "casenotes:delete_service"}
# of the user alone
OWN_ROWS = {"casenotes:found", "casenotes:discard_draft", "casenotes:restore_draft"}


@pytest.fixture
def addresses(john, alice, enrollment):
    """A function from a page's name to its address, the searches and drafts being `user`'s."""
    still_open, locked, gone = (
        CaseNoteFactory(client=john, created_by=alice, title="Secret", read_only=read_only)
        for read_only in (False, True, False)
    )
    gone.mark_deleted(by=alice)
    service = ServiceFactory(enrollment=enrollment, created_by=alice)
    deleted = ServiceFactory(enrollment=enrollment, created_by=alice)
    deleted.mark_deleted(by=alice)

    def address(name, user=alice):
        search = NoteSearch(user=user, client=john)
        search.criteria = {"text": "secret"}
        search.save()
        draft = NoteDraft(user=user, client=john, form_token=uuid.uuid4(), typed_at=1)
        draft.typed = QueryDict()
        draft.save()
        note = locked if name in ("casenotes:print", "casenotes:pdf") else still_open
        given = {
            "client_id": john.pk,
            "note_id": gone.pk if name == "casenotes:restore" else note.pk,
            "service_id": deleted.pk if name == "casenotes:restore_service" else service.pk,
            "search_id": search.pk,
            "draft_id": draft.pk,
            "first": service.pk,
            "last": service.pk,
            "moment": 1,
        }
        query = f"?note={locked.pk}" if name.endswith("_several") else ""
        return reverse(name, kwargs={part: given[part] for part in PAGES[name][1]}) + query

    return address


def in_force(browser, organization):
    session = browser.session
    session["organization"] = organization.pk
    session.save()
    return browser


def test_logged_out_user_gets_the_log_in_page(client, addresses):
    for name in PAGES:
        for verb in VERBS:
            answer = client.generic(verb, addresses(name))
            assert answer.status_code == 302, (verb, name)
            assert answer["Location"].startswith(reverse("account_login")), (verb, name)


@pytest.mark.parametrize("role", ["case manager", "DQO", "administrator"])
def test_own_organization_opens_every_page(portal, people, addresses, harbor, role):
    browser = in_force(portal(people[role]), harbor)
    for name, (verbs, _) in PAGES.items():
        if "GET" in verbs:
            is_refused = name == "casenotes:deleted" and role == "case manager"
            answer = browser.get(addresses(name, people[role]))
            assert answer.status_code == (403 if is_refused else 200), name


@pytest.mark.parametrize("role", ["stranger", "CAS administrator"])
def test_stranger_gets_404_for_a_restricted_client(portal, people, addresses, john, role):
    john.visibility = Visibility.OWN_ORGANIZATION
    john.save()
    browser = portal(people[role])
    for name, (verbs, _) in PAGES.items():
        for verb in verbs:
            data = {"user": people[role].pk} if "draft" in name else {}
            url = addresses(name)
            answer = browser.post(url, data) if verb == "POST" else browser.get(url)
            assert answer.status_code == 404, (verb, name)
            assert b"Secret" not in answer.getvalue()


@pytest.mark.parametrize("role", ["stranger", "CAS administrator"])
def test_other_organization_finds_no_note_of_a_shared_client(portal, people, addresses, role):
    browser = portal(people[role])
    for name, (verbs, _) in PAGES.items():
        answer = browser.generic(verbs[0], addresses(name))
        if name in NAMES_A_NOTE - {"casenotes:draft_of"} | OWN_ROWS:
            assert answer.status_code == 404, name
        elif name in CHANGES_A_SERVICE | {"casenotes:restore_service"}:
            assert answer.status_code == 403, name
        assert b"Secret" not in answer.getvalue()


def test_wrong_verb_gets_405(portal, people, addresses, harbor):
    browser = in_force(portal(people["DQO"]), harbor)
    for name, (verbs, _) in PAGES.items():
        for verb in set(VERBS) - set(verbs):
            answer = browser.generic(verb, addresses(name, people["DQO"]))
            assert answer.status_code == 405, (verb, name)


@pytest.mark.parametrize("wrong", [0, 2**63, int("9" * 200)])
@pytest.mark.parametrize("part", ["client_id", "note_id", "service_id"])
def test_what_does_not_exist_is_404(portal, bob, john, part, wrong):
    browser = portal(bob)
    parts = {"client_id": john.pk, "note_id": 1, "service_id": 1, part: wrong}
    parts |= {
        "search_id": uuid.uuid4(),
        "draft_id": uuid.uuid4(),
        "first": 1,
        "last": 1,
        "moment": 1,
    }
    for name, (verbs, given) in PAGES.items():
        if part in given:
            url = reverse(name, kwargs={one: parts[one] for one in given})
            data = {"user": bob.pk} if verbs[0] == "POST" else {}
            method = browser.post if verbs[0] == "POST" else browser.get
            assert method(url, data).status_code == 404, name
