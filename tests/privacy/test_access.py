"""Who takes and answers requests, and makes copies: officers of the organization in force."""

import pytest
from django.urls import reverse

from agencies import limits
from agencies.models import LimitedUse, Membership, SecurityEvent
from clients.models import ClientAccess, SSNReveal
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory

PAGES = {
    "requests": ["get"],
    "add_request": ["get", "post"],
    "request": ["get", "post"],
    "letter": ["get"],
    "copy": ["get", "post"],
    "hold": ["get", "post"],
    "lift_hold": ["get", "post"],
}
VERBS = [(name, verb) for name, verbs in PAGES.items() for verb in verbs]


@pytest.fixture
def address(harbor, alice):
    client = ClientFactory(organization=harbor, created_by=alice)
    asked = ClientRequestFactory(client=client)
    hold = LegalHoldFactory(client=client)

    def of(name, **changed):
        args = [changed.get("client", client).pk]
        args += [asked.pk] if name in ("request", "letter") else []
        args += [hold.pk] if name == "lift_hold" else []
        return reverse(f"privacy:{name}", args=args)

    of.client, of.asked, of.hold = client, asked, hold
    return of


def in_force(browser, client):
    """The browser of somebody who works for the organization of the client now."""
    session = browser.session
    session["organization"] = client.organization_id
    session.save()
    return browser


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_officers_and_administrators_alone(portal, address, alice, dana, charlie, name, verb):
    administrator = UserFactory(is_superuser=True, is_staff=True)
    for user, status in ((alice, 403), (charlie, 403), (dana, 200), (administrator, 200)):
        browser = in_force(portal(user), address.client) if user.is_superuser else portal(user)
        answer = getattr(browser, verb)(address(name))
        assert answer.status_code == (
            302 if (name, verb, status) == ("lift_hold", "post", 200) else status
        )


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_client_whom_the_officer_may_not_see_is_absent(portal, address, bridge, name, verb):
    officer = UserFactory(dqo_at=[bridge])
    address.client.visibility = "own"
    address.client.save()
    assert getattr(portal(officer), verb)(address(name)).status_code == 404


@pytest.mark.parametrize("name", ["request", "letter", "lift_hold"])
def test_what_another_organization_took_is_absent(portal, address, bridge, name):
    browser = portal(UserFactory(dqo_at=[bridge]))
    verb = "post" if name == "lift_hold" else "get"
    assert getattr(browser, verb)(address(name)).status_code == 404
    page = browser.get(address("requests")).content.decode()
    assert address.asked.get_absolute_url() not in page
    assert address.hold.reason not in page


def test_case_manager_here_and_officer_elsewhere_is_no_officer_here(portal, address, alice, bridge):
    MembershipFactory(user=alice, organization=bridge, role="dqo")
    browser = in_force(portal(alice), address.client)
    assert browser.get(address("copy")).status_code == 403


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_copy_is_logged_with_what_was_left_out(portal, address, dana, kind):
    browser = portal(dana)
    answer = browser.post(address("copy"), {"kind": kind, "has_full_ssn": "on"})
    assert answer.status_code == 200
    b"".join(answer)
    views = ClientAccess.objects.filter(client=address.client, user=dana)
    assert set(views.values_list("kind", flat=True)) == {"copy", "ssn"}
    assert SSNReveal.objects.get(client=address.client).user == dana
    event = SecurityEvent.objects.get(kind="record_copied")
    assert event.client == address.client.pk
    assert event.detail == {"kind": kind, "notes": 0, "notes_withheld": 0, "full_ssn": True}


def test_opening_the_page_makes_no_copy(portal, address, dana):
    portal(dana).get(address("copy"))
    assert not SecurityEvent.objects.filter(kind="record_copied").exists()


def test_whole_ssn_is_given_by_those_who_may_reveal_it(portal, address, dana):
    Membership.objects.filter(user=dana).update(may_reveal_ssn=False)
    browser = portal(dana)
    assert "has_full_ssn" not in browser.get(address("copy")).context["form"].fields
    answer = browser.post(address("copy"), {"kind": "pdf", "has_full_ssn": "on"})
    assert answer.status_code == 200
    assert not SSNReveal.objects.exists()
    assert SecurityEvent.objects.get(kind="record_copied").detail["full_ssn"] is False


def test_whole_ssn_counts_towards_the_limit_of_reveals(portal, address, dana, monkeypatch):
    counted = []
    monkeypatch.setattr(limits, "require", lambda user, kind: counted.append(kind))
    portal(dana).post(address("copy"), {"kind": "pdf", "has_full_ssn": "on"})
    assert counted.count(LimitedUse.REVEALS) == 1
