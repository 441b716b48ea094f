"""1.1 and 1.2: the organization to act for, and forms that remember theirs."""

import pytest
from django.urls import reverse

from agencies.models import Organization
from clients.models import Alert, ClientAccess, InterestedOther
from tests.factories import ClientFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.pages import errors, filled, messages, opened, send

SETTINGS = "/settings/"
HOME = "/"


@pytest.fixture
def uma(harbor, bridge):
    """Works for two organizations."""
    return UserFactory(at=[harbor, bridge])


@pytest.fixture
def person(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


def choose(browser, organization, **more):
    return browser.post(SETTINGS, {"organization": organization.pk, **more})


def add_page(client) -> str:
    return reverse("clients:add_interested_other", args=[client.pk])


def test_single_organization_is_chosen_by_itself(portal, alice, harbor):
    page = portal(alice).get(HOME)
    assert page.status_code == 200
    assert page.context["organization"] == harbor
    assert b"Harbor Services" in page.content


def test_user_of_several_is_asked_first(portal, uma):
    answer = portal(uma).get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith(SETTINGS)
    page = portal(uma).get(SETTINGS)
    assert b"Use these settings" in page.content
    assert b"Harbor Services" in page.content
    assert b"Bridge House" in page.content


def test_choice_stands_on_every_page_and_can_be_changed(portal, uma, harbor, bridge, person):
    browser = portal(uma)
    for organization in (harbor, bridge):
        assert choose(browser, organization).status_code == 302
        for page in (HOME, "/clients/", person.get_absolute_url(), "/duplicates/report/"):
            assert browser.get(page).context["organization"] == organization


def test_after_the_choice_one_arrives_where_one_was_going(portal, uma, harbor, person):
    browser = portal(uma)
    wanted = person.get_absolute_url()
    asked = browser.get(wanted, follow=True)
    assert asked.redirect_chain[-1][0].startswith(SETTINGS)
    data = filled(opened(asked), organization=harbor.pk, next=asked.wsgi_request.GET["next"])
    answer = browser.post(asked.request["PATH_INFO"], data)
    assert answer["Location"] == wanted


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x00",
        "evil",
        "clients:find",
        "settings",
        "http://[",
        "",
    ],
)
def test_next_is_honoured_only_for_own_addresses(portal, uma, harbor, next_page):
    answer = choose(portal(uma), harbor, next=next_page)
    assert answer.status_code == 302
    assert answer["Location"] == HOME


def test_own_address_is_honoured_as_next(portal, uma, harbor):
    assert choose(portal(uma), harbor, next="/clients/?a=1")["Location"] == "/clients/?a=1"


def test_user_without_access_is_told_whom_to_ask(portal, db):
    browser = portal(UserFactory())
    page = browser.get(HOME, follow=True)
    assert page.status_code == 200
    assert b"You do not have access to any organization yet" in page.content
    assert "Ask your agency's Data Quality Officer" in page.content.decode()
    assert choose(browser, OrganizationFactory()).status_code == 200
    assert browser.get(HOME).status_code == 302


@pytest.mark.parametrize("forged", ["stranger's", "0", "-1", "x", "", "9" * 40, "1\x00"])
def test_organization_of_others_cannot_be_chosen(portal, uma, harbor, forged):
    browser = portal(uma)
    choose(browser, harbor)
    forged = str(OrganizationFactory().pk) if forged == "stranger's" else forged
    page = browser.post(SETTINGS, {"organization": forged})
    assert errors(page)["organization"]
    assert browser.get(HOME).context["organization"] == harbor


def test_record_is_filed_under_the_organization_that_was_in_force_when_the_form_was_opened(
    portal, uma, harbor, bridge, person
):
    browser = portal(uma)
    choose(browser, harbor)
    form = opened(browser.get(add_page(person)))
    choose(browser, bridge)
    answer = browser.post(add_page(person), filled(form, type_description="Aunt"), follow=True)
    assert InterestedOther.objects.get().organization == harbor
    assert messages(answer)[-1] == (
        "Interested other saved for Harbor Services, which was in force when the form was opened."
    )
    assert answer.context["organization"] == bridge


def test_nothing_is_said_where_the_organization_did_not_change(portal, uma, harbor, person):
    browser = portal(uma)
    choose(browser, harbor)
    answer = send(browser, add_page(person), type_description="Aunt", follow=True)
    assert messages(answer)[-1] == "Interested other saved."


@pytest.mark.parametrize("forged", ["stranger's", "0", "-1", "x", "", None, "9" * 40, "1\x00"])
def test_forged_organization_saves_nothing_keeps_what_was_typed_and_offers_a_choice(
    *, portal, uma, harbor, bridge, person, forged
):
    browser = portal(uma)
    choose(browser, harbor)
    if forged == "stranger's":
        forged = str(OrganizationFactory().pk)
    page = send(browser, add_page(person), type_description="Aunt Agatha", organization=forged)
    assert errors(page)["organization"] == [
        "You do not have access to the organization that this form was opened for. "
        "Choose one of yours and save again."
    ]
    assert not InterestedOther.objects.exists()
    html = page.content.decode()
    assert 'value="Aunt Agatha"' in html
    assert f'<option value="{bridge.pk}"' in html
    answer = browser.post(add_page(person), filled(page.context["form"], organization=bridge.pk))
    assert answer.status_code == 302
    assert InterestedOther.objects.get().organization == bridge


@pytest.mark.parametrize("left", [1, 2])
def test_access_taken_away_while_the_form_was_open_loses_nothing_that_was_typed(
    *, portal, uma, harbor, bridge, person, left
):
    if left == 2:
        MembershipFactory(user=uma)
    browser = portal(uma)
    choose(browser, harbor)
    form = opened(browser.get(add_page(person)))
    uma.memberships.get(organization=harbor).delete()
    page = browser.post(add_page(person), filled(form, type_description="Aunt Agatha"))
    assert errors(page)["organization"]
    assert 'value="Aunt Agatha"' in page.content.decode()
    assert not InterestedOther.objects.exists()
    again = filled(page.context["form"], organization=bridge.pk)
    assert browser.post(add_page(person), again).status_code == 302
    assert InterestedOther.objects.get().organization == bridge


def test_form_can_be_sent_after_a_new_log_in_before_an_organization_is_chosen(
    portal, uma, harbor, person
):
    browser = portal(uma)
    choose(browser, harbor)
    form = opened(browser.get(add_page(person)))
    another_session = portal(uma)
    answer = another_session.post(add_page(person), filled(form, type_description="Aunt"))
    assert answer.status_code == 302
    assert InterestedOther.objects.get().organization == harbor
    assert ClientAccess.objects.latest("pk").organization == harbor


def test_form_never_chooses_an_organization_of_others(portal, uma, person):
    data = {"organization": OrganizationFactory().pk, "form_token": "", "text": "x"}
    answer = portal(uma).post(reverse("clients:add_alert", args=[person.pk]), data)
    assert answer.status_code in (200, 302)
    assert not Alert.objects.exists()


def test_administrator_acts_for_any_organization(portal, harbor, bridge):
    admin = UserFactory(is_superuser=True)
    page = portal(admin).get(SETTINGS)
    assert len(page.context["form"].fields["organization"].choices) == Organization.objects.count()
