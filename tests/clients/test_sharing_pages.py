"""Data Quality ▸ Sharing: what is set, what a change would hide, and saving it."""

import pytest
from django.urls import reverse

from agencies.models import SharingPolicy
from clients.sharing_effects import effects
from enrollments.models import Enrollment
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ReleaseFactory, UserFactory
from tests.pages import errors

LIST, POLICY = reverse("admin:sharing"), reverse("admin:sharing_policy")


def page_of(organization) -> str:
    return reverse("admin:sharing_organization", args=[organization.pk])


def preview(browser, url, chosen, seen):
    return browser.post(url, {"sharing": chosen, "seen": seen, "preview": ""})


def save(browser, url, chosen, seen, previewed=None):
    previewed = chosen if previewed is None else previewed
    typed = {"sharing": chosen, "seen": seen, "previewed": previewed, "save": ""}
    return browser.post(url, typed, follow=True)


@pytest.fixture
def administrator(db, harbor):
    return UserFactory(is_superuser=True, is_staff=True)


def test_list_shows_the_policy_and_the_own_organizations(portal, dana, harbor, bridge):
    text = portal(dana).get(LIST).text
    assert "Harbor Services" in text
    assert "Bridge House" not in text
    assert POLICY not in text


def test_preview_counts_what_would_be_hidden(portal, dana, harbor, bridge, john):
    released, partly = (ClientFactory(organization=harbor) for _ in range(2))
    ReleaseFactory(client=released)
    ReleaseFactory(client=partly, covers=bridge)
    ClientFactory(organization=harbor, visibility="own")
    ClientFactory(organization=bridge)
    for client in (john, released, partly):
        EnrollmentFactory(client=client)
    CaseNoteFactory(client=john, visibility="all")
    CaseNoteFactory(client=john, visibility="own")
    page = preview(portal(dana), page_of(harbor), "required", "coc")
    found = {one.label: one.number for one in page.context["effects"]}
    assert (found["Clients"], found["Enrollments"], found["Case notes"]) == ("2", "2", "1")
    assert "What would be hidden from other organizations" in page.text
    harbor.refresh_from_db()
    assert harbor.sharing == ""


def test_parts_hide_records_and_no_client(harbor, john):
    EnrollmentFactory(client=john)
    labels = [one.label for one in effects({harbor.pk: ("open", "parts")})]
    assert "Enrollments" in labels
    assert "Clients" not in labels
    assert [one.label for one in effects({harbor.pk: ("parts", "required")})] == ["Clients"]
    assert effects({harbor.pk: ("parts", "parts")}) == []


def test_many_rows_are_counted_as_far_as_they_are_looked_at(monkeypatch, harbor, john):
    monkeypatch.setattr("clients.sharing_effects.MOST", 2)
    for _ in range(3):
        EnrollmentFactory(client=ClientFactory(organization=harbor))
    (clients,) = effects({harbor.pk: ("parts", "required")})
    assert clients.number == "2 or more"
    assert Enrollment.objects.count() == 3


def test_officer_saves_what_was_previewed(portal, dana, harbor):
    browser = portal(dana)
    page = save(browser, page_of(harbor), "required", "coc")
    assert "Sharing of Harbor Services saved. It is in force now." in page.text
    harbor.refresh_from_db()
    assert (harbor.sharing, harbor.sharing_in_force) == ("required", "required")


def test_another_choice_than_the_previewed_one_is_previewed_first(portal, dana, harbor):
    page = save(portal(dana), page_of(harbor), "required", "coc", previewed="parts")
    assert page.context["is_previewed"]
    harbor.refresh_from_db()
    assert harbor.sharing == ""


def test_second_to_save_sees_what_was_set_since(portal, dana, harbor):
    browser = portal(dana)
    save(browser, page_of(harbor), "parts", "coc")
    page = save(browser, page_of(harbor), "required", "coc")
    (refusal,) = errors(page)["__all__"]
    assert refusal.startswith("Somebody else has changed this to Consent for parts.")


def test_choice_that_shares_more_than_the_coc_is_not_offered(portal, dana, harbor, policy):
    policy("required")
    page = portal(dana).get(page_of(harbor))
    assert [value for value, _ in page.context["form"].fields["sharing"].choices] == ["coc"]
    refused = preview(portal(dana), page_of(harbor), "parts", "coc")
    assert errors(refused) == {"sharing": ["Choose one of the listed settings."]}


def test_other_organization_is_404_and_the_policy_403_for_an_officer(portal, dana, bridge, alice):
    assert portal(dana).get(page_of(bridge)).status_code == 404
    assert save(portal(dana), page_of(bridge), "parts", "coc").status_code == 404
    assert portal(dana).get(POLICY).status_code == 403
    assert portal(dana).post(POLICY, {"sharing": "parts", "seen": "open"}).status_code == 403
    assert portal(alice).get(LIST).status_code in (302, 403)


def test_administrator_sets_the_policy_and_it_is_in_the_history(portal, administrator, harbor):
    browser = portal(administrator)
    assert preview(browser, POLICY, "required", "open").context["hides"]
    page = save(browser, POLICY, "required", "open")
    assert "Sharing policy of the CoC saved." in page.text
    assert SharingPolicy.objects.get().policy == "required"
    assert "Consent required" in page.text.partition("History of the policy")[2]
    assert not preview(browser, POLICY, "open", "required").context["hides"]
