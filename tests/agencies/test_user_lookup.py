"""The look-up of users (4.4): who is listed, and who never is."""

import pytest
from django.urls import reverse

from tests.factories import OrganizationFactory, UserFactory

URL = "/users/lookup/"
NEXT = "/clients/1/case-managers/add/"


@pytest.fixture
def search(portal, alice):
    browser = portal(alice)

    def search(organization, name="", **extra):
        query = {"organization": organization.pk, "name": name, **extra}
        return browser.get(URL, {"for": "id_case_manager", "next": NEXT} | query)

    return search


def found(page):
    return [row["user"].email for row in page.context["rows"]]


def test_address_is_the_one_that_is_known():
    assert reverse("agencies:user_lookup") == URL


def test_nothing_is_listed_before_the_search(portal, alice):
    page = portal(alice).get(URL)
    assert page.context.get("rows") is None
    assert page.context["form"].initial["organization"] == alice.organizations[0]
    for label in ("Name", "Organization", "Search"):
        assert label in page.text


def test_active_users_with_access_are_listed(search, harbor, alice, bob, dana):
    assert set(found(search(harbor))) == {alice.email, bob.email, dana.email}


def test_user_without_access_is_never_listed(search, harbor, bridge, alice, charlie, cass):
    UserFactory(email="nowhere@example.org")
    UserFactory(email="gone@harbor.example", at=[harbor], is_active=False)
    UserFactory(email="admin@coc.example", is_superuser=True)
    assert found(search(harbor)) == [alice.email]
    assert found(search(bridge)) == [charlie.email]


def test_membership_taken_away_takes_the_user_off_the_list(search, harbor, alice, bob):
    bob.memberships.all().delete()
    assert found(search(harbor)) == [alice.email]


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("jo", True),
        ("JOSE", True),
        ("núñ", True),
        ("jose nun", True),
        ("cruz", True),
        ("jose.n@", True),
        ("ose", False),
        ("jose smith", False),
    ],
)
def test_names_match_by_prefix_whatever_the_accents(search, bridge, name, is_found):
    UserFactory(
        email="jose.n@bridge.example", first_name="José", last_name="Núñez Cruz", at=[bridge]
    )
    assert bool(found(search(bridge, name))) is is_found


def test_twenty_five_are_listed_at_most(search, bridge):
    for number in range(25):
        UserFactory(email=f"n{number}@bridge.example", at=[bridge])
    page = search(bridge)
    assert len(found(page)) == 25
    assert "Type another letter" not in page.text
    UserFactory(email="n25@bridge.example", at=[bridge])
    page = search(bridge)
    assert len(found(page)) == 25
    assert "Type another letter" in page.text


def test_nobody_found_names_the_officer_of_that_organization(search, bridge, dana):
    officer = UserFactory(
        email="bea@bridge.example", first_name="Bea", last_name="Castle", dqo_at=[bridge]
    )
    gone = UserFactory(email="old@bridge.example", dqo_at=[bridge], is_active=False)
    page = search(bridge, "zzz")
    assert "contact the Data Quality Officer of Bridge House" in page.text
    assert "Bea Castle" in page.text
    assert officer.email in page.text
    assert gone.email not in page.text
    assert dana.email not in page.text


def test_organization_without_an_officer_names_the_administrator(search, db):
    page = search(OrganizationFactory(organization_name="New Agency"))
    assert "New Agency has no Data Quality Officer yet" in page.text


def test_choice_leads_back_to_the_page_without_javascript(search, bridge, charlie):
    page = search(bridge, next=f"{NEXT}?x=1&chosen=case_manager:5")
    assert page.context["rows"][0]["url"] == f"{NEXT}?x=1&chosen=case_manager%3A{charlie.pk}"
    markup = " ".join(page.text.split())
    assert f'data-choose="id_case_manager" data-value="{charlie.pk}"' in markup


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil", "/\\evil.example"],
)
def test_choice_leads_to_no_other_site(search, bridge, charlie, next_url):
    page = search(bridge, next=next_url)
    assert found(page) == [charlie.email]
    assert not page.context["rows"][0]["url"]
    assert page.context["next_url"] == ""


def test_pop_up_and_page_are_one_template(portal, alice):
    assert "<html" in portal(alice).get(URL).text
    assert "<html" not in portal(alice).get(URL, headers={"HX-Request": "true"}).text


@pytest.mark.parametrize("organization", ["", "x", "0", "9" * 30])
def test_unknown_organization_is_refused(portal, alice, organization):
    page = portal(alice).get(URL, {"organization": organization})
    assert page.status_code == 200
    assert page.context["form"].errors["organization"]


def test_look_up_costs_the_same_with_many_users(search, bridge, django_assert_max_num_queries):
    search(bridge)
    counts = []
    for number in (1, 20):
        for _ in range(number):
            UserFactory(at=[bridge])
        with django_assert_max_num_queries(7) as captured:
            search(bridge)
        counts.append(len(captured))
    assert counts[0] == counts[1]
