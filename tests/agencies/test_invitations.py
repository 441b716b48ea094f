"""Access begins with the answer of the invited, and the own organization keeps its say (16.2)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from agencies import actions
from agencies.models import Invitation, Membership, Role, SecurityEvent, User
from tests.factories import MembershipFactory, UserFactory
from tests.pages import messages

INVITE = reverse("admin:agencies_user_add")
LIST = reverse("admin:agencies_invitation_changelist")
PASSWORD = "four plain words here"
Kind = SecurityEvent.Kind


def invite(browser, organization, email, role="case_manager"):
    form = {"organization": organization.pk, "email": email, "role": role}
    return browser.post(INVITE, form | {"first_name": "Typed", "last_name": "Name"}, follow=True)


def answer(browser, invitation, key):
    address = reverse("agencies:answer_invitation", args=[invitation.pk, key])
    return browser.post(address, follow=True)


def do(browser, invitation, key):
    address = reverse("admin:agencies_invitation_do", args=[invitation.pk, key])
    return browser.post(address, follow=True)


@pytest.fixture
def boss(db):
    return UserFactory(email="admin@coc.example", is_superuser=True)


@pytest.fixture
def invited(portal, dana, harbor, charlie):
    """Harbor's officer has invited Bridge's Charlie."""
    invite(portal(dana), harbor, charlie.email)
    return Invitation.objects.get()


# Unasked (hole 8)


def test_officer_takes_in_nobody_who_has_not_accepted(portal, dana, harbor, charlie):
    """Neither access nor the name, wherever the officer looks."""
    charlie.last_name = "Zwingli"
    charlie.save()
    browser = portal(dana)
    pages = [invite(browser, harbor, "CHARLIE@bridge.example", role="dqo")]
    assert not charlie.memberships.filter(organization=harbor).exists()
    invitation = Invitation.objects.get()
    pages += [
        browser.get(address)
        for address in (
            LIST,
            reverse("admin:agencies_invitation_change", args=[invitation.pk]),
            reverse("admin:agencies_user_changelist"),
            reverse("admin:agencies_membership_changelist"),
            "/mail/",
            "/mail/?state=sent",
            "/",
        )
    ]
    for page in pages:
        assert "Zwingli" not in page.content.decode(), page.request
        assert "Bridge" not in page.content.decode(), page.request
    assert browser.get(reverse("admin:agencies_user_change", args=[charlie.pk])).status_code == 302


@pytest.mark.parametrize("kind", ["new", "other", "deactivated", "administrator"])
def test_answer_is_the_same_whoever_has_the_address(portal, dana, harbor, bridge, kind):
    address = "person@bridge.example"
    if kind != "new":
        UserFactory(
            email=address,
            at=[bridge],
            is_active=kind != "deactivated",
            is_superuser=kind == "administrator",
        )
    page = invite(portal(dana), harbor, address)
    invitation = Invitation.objects.get()
    assert messages(page) == [f"An invitation is on its way to {address}."]
    (row,) = page.context["cl"].result_list
    assert (row.email, row.role, row.is_open) == (address, "case_manager", True)
    again = invite(portal(dana), harbor, address, role="dqo")
    assert messages(again) == messages(page)
    assert Invitation.objects.get().pk == invitation.pk
    event = SecurityEvent.objects.filter(kind=Kind.INVITED).first()
    assert (event.subject, event.organization) == (None, harbor)


def test_account_of_the_invited_stays_as_it_is(portal, dana, harbor, charlie):
    before = User.objects.filter(pk=charlie.pk).values().get()
    invite(portal(dana), harbor, charlie.email)
    assert User.objects.filter(pk=charlie.pk).values().get() == before


# Accept, decline


def test_invited_user_accepts_and_works_for_both(portal, invited, charlie, harbor, deliver):
    deliver()
    (letter,) = mail.outbox
    assert letter.to == [charlie.email]
    assert "Harbor Services invites you" in letter.body
    assert re.search(r"http://testserver/settings/", letter.body)
    for name in ("Charlie", "Dana", "Typed"):
        assert name not in letter.subject + letter.body
    browser = portal(charlie)
    for page in ("/", "/settings/"):
        assert "Harbor Services invites you as case manager" in browser.get(page).content.decode()
    page = answer(browser, invited, "accept")
    assert "You now have access to Harbor Services." in messages(page)
    assert charlie.memberships.get(organization=harbor).role == Role.CASE_MANAGER
    assert charlie.memberships.count() == 2
    invited.refresh_from_db()
    assert (invited.state, invited.answered_at is None) == ("accepted", False)
    event = SecurityEvent.objects.get(kind=Kind.INVITATION_ACCEPTED)
    assert (event.user, event.organization) == (charlie, harbor)
    assert "invites you" not in browser.get("/settings/").content.decode()


def test_new_person_chooses_a_password_and_accepts(portal, client, dana, harbor, deliver):
    invite(portal(dana), harbor, "new@harbor.example", role="dqo")
    deliver()
    link = re.search(r"http://testserver(\S+/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    fields = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], fields)
    made = User.objects.get(email="new@harbor.example")
    assert (made.first_name, made.last_name) == ("Typed", "Name")
    client.post("/accounts/login/", {"login": made.email, "password": PASSWORD})
    page = client.get("/", follow=True)
    assert "Harbor Services invites you as Data Quality Officer" in page.content.decode()
    assert not made.memberships.exists()
    answer(client, Invitation.objects.get(), "accept")
    assert made.memberships.get().role == Role.DQO
    assert client.get("/").status_code == 200


def test_declined_invitation_gives_nothing_and_tells_no_name(
    portal, invited, dana, charlie, harbor
):
    page = answer(portal(charlie), invited, "decline")
    assert "Declined" in messages(page)[0]
    assert not charlie.memberships.filter(organization=harbor).exists()
    page = portal(dana).get(LIST)
    assert "Declined" in page.content.decode()
    assert charlie.first_name not in page.content.decode()
    event = SecurityEvent.objects.get(kind=Kind.INVITATION_DECLINED)
    assert event.organization != harbor


@pytest.mark.parametrize("key", ["accept", "decline", "take", "delete"])
def test_invitation_is_for_the_invited_alone(portal, invited, alice, dana, boss, harbor, key):
    for user in (alice, dana, boss):
        answer(portal(user), invited, key)
    invited.refresh_from_db()
    assert invited.state == "pending"
    assert invited.user.memberships.count() == 1


def test_invitation_is_answered_by_a_post(portal, invited, charlie):
    address = reverse("agencies:answer_invitation", args=[invited.pk, "accept"])
    assert portal(charlie).get(address).status_code == 405


@pytest.mark.parametrize("first", ["accept", "decline"])
@pytest.mark.parametrize("second", ["accept", "decline"])
def test_invitation_is_answered_once(portal, invited, charlie, harbor, first, second):
    browser = portal(charlie)
    answer(browser, invited, first)
    page = answer(browser, invited, second)
    assert "can no longer be answered" in messages(page)[0]
    here = charlie.memberships.filter(organization=harbor)
    assert here.count() == (1 if first == "accept" else 0)


def test_expired_invitation_is_not_accepted(portal, invited, dana, charlie, harbor, settings):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    browser = portal(charlie)
    assert "invites you" not in browser.get("/settings/").content.decode()
    answer(browser, invited, "accept")
    assert not charlie.memberships.filter(organization=harbor).exists()
    assert "Expired" in portal(dana).get(LIST).content.decode()
    do(portal(dana), invited, "again")
    invited.refresh_from_db()
    left = invited.expires_at - timezone.now()
    assert timedelta(settings.INVITATION_DAYS) - left < timedelta(minutes=1)
    answer(browser, invited, "accept")
    assert charlie.memberships.filter(organization=harbor).exists()


def test_invitation_taken_back_is_not_accepted_nor_mailed(
    portal, invited, dana, charlie, harbor, deliver
):
    page = do(portal(dana), invited, "withdraw")
    assert messages(page) == ["The invitation was withdrawn."]
    deliver()
    assert mail.outbox == []
    answer(portal(charlie), invited, "accept")
    assert not charlie.memberships.filter(organization=harbor).exists()
    again = do(portal(dana), invited, "again")
    assert "already" in messages(again)[0]


@pytest.mark.parametrize("key", ["again", "withdraw"])
def test_invitation_of_another_organization_is_out_of_reach(portal, invited, bridge, key, deliver):
    deliver()
    officer = UserFactory(dqo_at=[bridge])
    address = reverse("admin:agencies_invitation_do", args=[invited.pk, key])
    assert portal(officer).post(address).status_code == 404
    assert portal(invited.user).post(address).status_code == 302  # no officer: to the log-in
    deliver()
    assert len(mail.outbox) == 1
    invited.refresh_from_db()
    assert invited.state == "pending"


def test_deactivated_user_accepts_nothing(portal, invited, charlie, harbor):
    browser = portal(charlie)
    actions.deactivate(user=charlie)
    answer(browser, invited, "accept")
    assert not charlie.memberships.filter(organization=harbor).exists()


def test_user_whose_access_ended_is_invited_again(portal, invited, dana, charlie, harbor):
    answer(portal(charlie), invited, "accept")
    charlie.memberships.filter(organization=harbor).delete()
    invite(portal(dana), harbor, charlie.email, role="dqo")
    fresh = Invitation.objects.get(state="pending")
    answer(portal(charlie), fresh, "accept")
    assert charlie.memberships.get(organization=harbor).role == Role.DQO


def test_access_given_meanwhile_is_kept(portal, invited, charlie, harbor):
    MembershipFactory(user=charlie, organization=harbor, role=Role.DQO)
    answer(portal(charlie), invited, "accept")
    assert charlie.memberships.get(organization=harbor).role == Role.DQO


def test_one_invitation_of_an_organization_waits(invited):
    row = Invitation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError, match="invitation_pending_once"):
        row.save()


def test_officer_sends_so_many_invitations_a_day(portal, dana, harbor, settings, boss):
    settings.INVITATIONS_A_DAY = 2
    browser = portal(dana)
    answers = [invite(browser, harbor, f"p{n}@x.example").status_code for n in range(2)]
    assert answers == [200, 200]
    refused = invite(browser, harbor, "p3@x.example")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 80_000
    assert do(browser, Invitation.objects.first(), "again").status_code == 429
    new = UserFactory(at=[harbor], password="!")
    assert browser.post(of(new, "invite-again")).status_code == 429
    assert Invitation.objects.count() == 2
    assert invite(portal(boss), harbor, "p4@x.example").status_code == 200


# Who has a say in the account


@pytest.fixture
def shared(portal, invited, charlie, bridge, harbor):
    """Charlie, of Bridge first, works for Harbor as well; and Bridge's officer."""
    answer(portal(charlie), invited, "accept")
    return UserFactory(dqo_at=[bridge])


def of(user, key):
    return reverse("admin:agencies_user_do", args=[user.pk, key])


def test_own_organization_keeps_its_say(portal, shared, dana, charlie):
    """The officer of the organization that a user joined first; no other one but administrators."""
    assert shared.may_manage(charlie)
    assert not dana.may_manage(charlie)
    assert portal(dana).post(of(charlie, "deactivate")).status_code == 403
    charlie.refresh_from_db()
    assert charlie.is_active
    portal(shared).post(of(charlie, "deactivate"))
    charlie.refresh_from_db()
    assert not charlie.is_active


def test_officer_of_the_other_organization_ends_its_own_access_alone(
    portal, shared, dana, charlie, harbor, bridge
):
    own = charlie.memberships.get(organization=bridge)
    here = charlie.memberships.get(organization=harbor)
    assert not dana.may_manage_access(own)
    portal(dana).post(reverse("admin:agencies_membership_delete", args=[here.pk]), {"post": "yes"})
    assert [one.organization for one in charlie.memberships.all()] == [bridge]


def test_say_passes_on_when_the_first_access_ends(shared, dana, charlie, bridge):
    charlie.memberships.filter(organization=bridge).delete()
    assert dana.may_manage(charlie)
    assert not shared.may_manage(charlie)


def test_memberships_of_one_moment_have_one_home(dana, bridge, harbor):
    user = UserFactory(at=[bridge, harbor])
    Membership.objects.filter(user=user).update(date_created=timezone.now())
    assert UserFactory(dqo_at=[bridge]).may_manage(user)
    assert not dana.may_manage(user)
