"""A form carries a one-time token: sent twice, it is saved once."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

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
            barrier.wait(timeout=10)
            answers.append(one.post(add, data))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert Alert.objects.count() == 1
