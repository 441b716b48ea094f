"""A form carries a one-time token: sent twice, it is saved once."""

import threading
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clients.models import Alert
from clients.views import records
from records.models import Submission
from tests.factories import ClientFactory, OrganizationFactory, UserFactory
from tests.pages import filled, messages, opened


@pytest.fixture
def person(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def add(person):
    return reverse("clients:add_alert", args=[person.pk])


def test_same_token_twice_makes_one_record_and_shows_the_first_ones_page(portal, alice, add):
    browser = portal(alice)
    data = filled(opened(browser.get(add)), text="Call first")
    first = browser.post(add, data)
    second = browser.post(add, data)
    assert Alert.objects.count() == 1
    assert second["Location"] == first["Location"]
    assert messages(browser.get(second["Location"])) == [
        "Alert saved.",
        "This has already been saved.",
    ]


def test_each_opening_of_a_form_has_a_token_of_its_own(portal, alice, add):
    browser = portal(alice)
    tokens = {filled(opened(browser.get(add)))["form_token"] for _ in range(3)}
    assert len(tokens) == 3


def test_token_of_another_user_is_not_honoured(portal, alice, bob, add):
    browser, other = portal(alice), portal(bob)
    data = filled(opened(browser.get(add)), text="Call first")
    browser.post(add, data)
    answer = other.post(add, data | {"text": "Bob's own"})
    assert answer.status_code == 302
    assert answer["Location"] == add
    assert Alert.objects.count() == 1


def test_form_with_errors_is_sent_again_with_the_same_token(portal, alice, add):
    browser = portal(alice)
    page = browser.post(add, filled(opened(browser.get(add)), text=""))
    assert page.context["form"].errors
    assert not Submission.objects.exists()
    again = filled(page.context["form"], text="Call first")
    assert browser.post(add, again).status_code == 302
    assert browser.post(add, again).status_code == 302
    assert Alert.objects.count() == 1


def test_exception_rolls_everything_back_and_frees_the_token(portal, alice, add, monkeypatch):
    browser = portal(alice)
    data = filled(opened(browser.get(add)), text="Call first")

    def breaks_after_saving(self, what):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(records.AlertForm, "saved", breaks_after_saving)
        with pytest.raises(RuntimeError):
            browser.post(add, data)
    assert not Alert.objects.exists()
    assert not Submission.objects.exists()
    assert browser.post(add, data).status_code == 302
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("token", [None, "", "junk", "\x00", "1" * 33, "٣" * 32])
def test_form_without_a_good_token_never_breaks(portal, alice, add, token):
    browser = portal(alice)
    data = filled(opened(browser.get(add)), text="Call first", form_token=token)
    answer = browser.post(add, data)
    assert answer.status_code in (200, 302)
    assert Alert.objects.count() == (answer.status_code == 302)


@pytest.mark.django_db(transaction=True)
def test_edit_without_a_token_is_saved_all_the_same(portal):
    harbor = OrganizationFactory()
    alice = UserFactory(at=[harbor])
    person = ClientFactory(organization=harbor, created_by=alice)
    browser = portal(alice)
    page = reverse("clients:edit", args=[person.pk])
    data = filled(opened(browser.get(page)), phone="617-555-0142", form_token=None)
    assert browser.post(page, data).status_code == 302
    person.refresh_from_db()
    assert person.phone == "617-555-0142"


def test_answer_that_saved_nothing_leaves_the_token_good(portal, alice, harbor):
    """Sent to Find Client because no search is there, the form was not saved."""
    data = {"form_token": str(uuid.uuid4()), "organization": harbor.pk, "last_name": "Smith"}
    browser = portal(alice)
    for _ in range(2):
        answer = browser.post(reverse("clients:add"), data, follow=True)
        assert messages(answer) == ["Search first: the client may already be in the system."]


ASKED_FOR = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"}
GONE_BACK_TO = {"Sec-Fetch-Mode": "navigate"}
SENT = "You have sent this form already."


@pytest.fixture
def saved(portal, alice, add):
    """Alice's browser, in which she has saved an alert."""
    browser = portal(alice)
    data = filled(opened(browser.get(add, headers=ASKED_FOR)), text="Call first")
    assert browser.post(add, data, headers=ASKED_FOR).status_code == 302
    return browser


def sent_from(page, **typed):
    """What is sent from a page, with the marker that it has where it was gone back to."""
    before = page.context["form"].sent_before
    marker = {"sent_before": str(before.pk)} if before else {}
    assert bool(before) is (SENT in page.text) is ('name="sent_before"' in page.text)
    return filled(page.context["form"], **typed) | marker


def test_who_goes_back_and_saves_again_is_asked_first(saved, person, add):
    data = sent_from(saved.get(add, headers=GONE_BACK_TO), text="Call first")
    question = saved.post(add, data, headers=ASKED_FOR)
    at = date_format(localtime(Submission.objects.get().at), "TIME_FORMAT")
    assert f"You saved this form at {at}. Save it again?" in question.text
    assert question.context["client"] == person, "the page says whose record it is"
    assert f'Client ID <b class="num">{person.pk}</b>' in question.text
    assert Alert.objects.count() == 1
    kept = dict(question.context["typed"])
    assert kept == {name: str(data[name]) for name in data if name != "sent_before"}
    for _ in "12":  # and a double click on the answer is one
        assert saved.post(add, kept | {"save_again": "1"}).status_code == 302
    assert Alert.objects.count() == 2


def test_two_alike_records_from_two_forms_are_never_asked_about(portal, alice, add):
    browser = portal(alice)
    pages = [browser.get(add, headers=ASKED_FOR) for _ in range(2)]
    for page in pages:
        data = sent_from(page, text="Call first")
        assert browser.post(add, data, headers=ASKED_FOR).status_code == 302
    third = sent_from(browser.get(add, headers=ASKED_FOR), text="Call first")
    assert "sent_before" not in third
    assert browser.post(add, third, headers=ASKED_FOR).status_code == 302
    assert Alert.objects.count() == 3


def test_form_that_makes_no_second_record_asks_nothing(saved, alice, add):
    alert = Alert.objects.get()
    edit = reverse("clients:edit_alert", args=[alert.client_id, alert.pk])
    data = filled(opened(saved.get(edit, headers=ASKED_FOR)), text="Call at noon")
    assert saved.post(edit, data, headers=ASKED_FOR).status_code == 302
    again = sent_from(saved.get(edit, headers=GONE_BACK_TO), text="Call at two")
    assert saved.post(edit, again, headers=ASKED_FOR).status_code == 302
    assert Alert.objects.get().text == "Call at two"


def test_browser_that_does_not_tell_who_goes_back_is_asked_nothing(portal, alice, add):
    browser = portal(alice)
    for _ in "12":
        data = sent_from(browser.get(add, headers=GONE_BACK_TO), text="Call first")
        assert browser.post(add, data, headers=GONE_BACK_TO).status_code == 302
    assert Alert.objects.count() == 2
    assert settings.SENT_COOKIE_NAME not in browser.cookies


def test_part_of_a_page_is_never_taken_for_one_that_was_gone_back_to(saved, add):
    sent_from(saved.get(add, headers={"Sec-Fetch-Mode": "cors"}), text="Call first")
    assert SENT not in saved.get(add, headers={"Sec-Fetch-Mode": "cors"}).text


def test_what_another_user_saved_is_nothing_to_ask_about(saved, portal, bob, add):
    other = portal(bob)
    other.cookies[settings.SENT_COOKIE_NAME] = saved.cookies[settings.SENT_COOKIE_NAME].value
    assert SENT not in other.get(add, headers=GONE_BACK_TO).text


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_record():
    harbor = OrganizationFactory()
    alice = UserFactory(at=[harbor])
    person = ClientFactory(organization=harbor, created_by=alice)
    add = reverse("clients:add_alert", args=[person.pk])
    browser = Browser()
    browser.force_login(alice)
    data = filled(opened(browser.get(add)), text="Call first")
    barrier, answers = threading.Barrier(4), []

    def press():
        try:
            one = Browser()
            one.cookies = browser.cookies
            barrier.wait(timeout=30)
            answers.append(one.post(add, data))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert Alert.objects.count() == 1
