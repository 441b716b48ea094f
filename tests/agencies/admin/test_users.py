"""Officers invite, deactivate and reactivate; they reset second factors and end access (11.1)."""

import time

import pghistory
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import actions
from agencies.models import FactorReset, Invitation, Role, SecurityEvent, User
from agencies.models.user import INVITED
from records.history import note
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.pages import messages

INVITE = reverse("admin:agencies_user_add")
PASSWORD = "four plain words here"


@pytest.fixture
def boss(db):
    return UserFactory(email="admin@coc.example", is_superuser=True)


def invite(browser, organization, email="new@harbor.example", **values):
    form = {
        "organization": organization.pk,
        "email": email,
        "first_name": "Nora",
        "last_name": "Quist",
        "role": "case_manager",
    }
    return browser.post(INVITE, form | values, follow=True)


def link(letter) -> str:
    return next(word for word in letter.body.split() if word.startswith("http"))


def page(user) -> str:
    return reverse("admin:agencies_user_change", args=[user.pk])


def do(user, key) -> str:
    return reverse("admin:agencies_user_do", args=[user.pk, key])


def set_password(browser, address, password=PASSWORD):
    form = browser.get(address, follow=True)
    return form, browser.post(
        form.redirect_chain[-1][0] if form.redirect_chain else address,
        {"password1": password, "password2": password},
    )


# Invite


def test_invited_user_sets_a_password_and_logs_in(portal, client, dana, harbor, deliver):
    answer = invite(portal(dana), harbor)
    deliver()
    assert messages(answer) == ["An invitation is on its way to new@harbor.example."]
    made = User.objects.get(email="new@harbor.example")
    assert made.organizations == []
    assert made.is_invited
    (letter,) = mail.outbox
    assert letter.to == ["new@harbor.example"]
    set_password(client, link(letter))
    client.post("/accounts/login/", {"login": made.email, "password": PASSWORD})
    assert "Harbor Services invites you" in client.get("/", follow=True).content.decode()


def test_invitation_names_nobody(portal, dana, harbor, deliver):
    invite(portal(dana), harbor)
    deliver()
    (letter,) = mail.outbox
    text = letter.subject + letter.body
    for name in ("Nora", "Quist", "Dana", dana.last_name, "new@harbor.example"):
        assert name not in text, name


def test_link_is_good_once_and_for_its_hours(
    portal, client, dana, harbor, settings, time_machine, deliver
):
    time_machine.move_to("2026-11-24 09:00:00 +00:00", tick=False)
    invite(portal(dana), harbor)
    deliver()
    address = link(mail.outbox[0])
    time_machine.shift(settings.PASSWORD_RESET_TIMEOUT + 1)
    assert "no longer works" in client.get(address, follow=True).content.decode()
    time_machine.shift(-2)
    set_password(client, address)
    assert User.objects.get(email="new@harbor.example").check_password(PASSWORD)
    again = type(client)().get(address, follow=True)
    assert "no longer works" in again.content.decode()


def test_link_is_sent_again_to_a_member_without_a_password(portal, client, dana, harbor, deliver):
    """As earlier releases made them."""
    browser = portal(dana)
    invite(browser, harbor)
    deliver()
    made = User.objects.get(email="new@harbor.example")
    MembershipFactory(user=made, organization=harbor)
    assert "Send the link again" in browser.get(page(made)).content.decode()
    browser.post(do(made, "invite-again"))
    deliver()
    assert len(mail.outbox) == 2
    set_password(client, link(mail.outbox[1]))
    made.refresh_from_db()
    assert made.check_password(PASSWORD)
    assert "Send the link again" not in browser.get(page(made)).content.decode()
    browser.post(do(made, "invite-again"))
    deliver()
    assert len(mail.outbox) == 2


def test_mail_that_cannot_be_sent_loses_no_invitation(portal, dana, harbor, settings, deliver):
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = invite(portal(dana), harbor)
    deliver()
    assert messages(answer) == ["An invitation is on its way to new@harbor.example."]
    assert Invitation.objects.filter(email="new@harbor.example").exists()
    settings.EMAIL_BACKEND = locmem
    call_command("send_mail")
    (letter,) = mail.outbox
    assert letter.to == ["new@harbor.example"]


def test_officer_is_not_told_where_else_somebody_works(portal, dana, harbor, bridge, charlie):
    browser = portal(dana)
    MembershipFactory(user=charlie, organization=harbor)
    lists = ["admin:agencies_user_changelist", "admin:agencies_membership_changelist"]
    history = reverse("admin:agencies_user_history", args=[charlie.pk])
    for address in [*map(reverse, lists), page(charlie), history, do(charlie, "deactivate")]:
        html = browser.get(address).content.decode()
        assert "Bridge" not in html, address
        assert "Harbor" in html, address


def test_what_another_organization_did_to_an_account_is_its_own_history(
    portal, dana, harbor, bridge, charlie
):
    officer = UserFactory(dqo_at=[bridge])
    with pghistory.context(user=officer.pk, organization=bridge.pk):
        User.objects.filter(pk=charlie.pk).update(first_name="Charles")
        note(charlie, INVITED)
    browser = portal(dana)
    invite(browser, harbor, email=charlie.email)
    actions.accept_invitation(invitation=Invitation.objects.get().pk, by=charlie)
    page = browser.get(reverse("admin:agencies_user_history", args=[charlie.pk]))
    found = {(entry.who, entry.what.split(" ", 2)[-1]) for entry in page.context["entries"]}
    assert found == {(str(dana), "invited"), (str(dana), "added")}
    assert len(page.context["entries"]) == 2


def test_person_with_access_is_not_invited_again(portal, dana, harbor, bob):
    answer = invite(portal(dana), harbor, email="BOB@harbor.example")
    assert "already has access to Harbor Services" in answer.content.decode()
    assert mail.outbox == []


def test_officer_invites_into_no_other_organization(portal, dana, bridge):
    answer = invite(portal(dana), bridge)
    assert answer.context["form"].errors["organization"]
    assert not User.objects.filter(email="new@harbor.example").exists()
    assert "Bridge" not in portal(dana).get(INVITE).content.decode()


def test_administrators_membership_is_not_shown_to_officers(portal, dana, harbor, boss):
    MembershipFactory(user=boss, organization=harbor)
    browser = portal(dana)
    for name in ("user", "membership"):
        html = browser.get(reverse(f"admin:agencies_{name}_changelist")).content.decode()
        assert boss.email not in html
    answer = invite(browser, harbor, email=boss.email)
    assert messages(answer) == [f"An invitation is on its way to {boss.email}."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", ""),
        ("first_name", ""),
        ("last_name", "\u202eevil"),
        ("role", "administrator"),
        ("organization", "999999999999999999999"),
    ],
)
def test_invitation_says_what_is_wrong(portal, dana, harbor, field, value):
    form = {"email": "new@harbor.example", "first_name": "N", "last_name": "Q"}
    form |= {"role": "dqo", "organization": harbor.pk, field: value}
    answer = portal(dana).post(INVITE, form)
    assert answer.context["form"].errors[field]
    assert mail.outbox == []


def test_administrator_invites_into_any_organization(portal, boss, bridge):
    invite(portal(boss), bridge, email="new@bridge.example", role="dqo")
    (invitation,) = User.objects.get(email="new@bridge.example").invitations.all()
    assert (invitation.organization, invitation.role) == (bridge, Role.DQO)


# Deactivate, reactivate


def test_deactivation_ends_every_session_at_once(portal, dana, bob):
    desk, phone = portal(bob), portal(bob)
    assert desk.get("/").status_code == phone.get("/").status_code == 200
    browser = portal(dana)
    assert "Every session ends immediately" in browser.get(do(bob, "deactivate")).content.decode()
    browser.post(do(bob, "deactivate"))
    bob.refresh_from_db()
    assert not bob.is_active
    for device in (desk, phone):
        assert device.get("/")["Location"].startswith("/accounts/login/")


def test_old_sessions_do_not_come_back_with_the_user(portal, dana, bob):
    desk, browser = portal(bob), portal(dana)
    browser.post(do(bob, "deactivate"))
    browser.post(do(bob, "activate"))
    bob.refresh_from_db()
    assert bob.is_active
    assert desk.get("/").status_code == 302
    assert portal(bob).get("/").status_code == 200


def test_question_changes_nothing(portal, dana, bob):
    for key in ("deactivate", "reset-second-factor", "activate", "invite-again"):
        assert portal(dana).get(do(bob, key)).status_code == 200
    bob.refresh_from_db()
    assert bob.is_active
    assert bob.sessions_round == 0


def test_somebody_who_joined_another_organization_first_is_not_deactivated(
    portal, dana, bridge, harbor
):
    bob = UserFactory(first_name="Bob", at=[bridge, harbor])
    browser = portal(dana)
    question = browser.get(do(bob, "deactivate")).content.decode()
    assert "organization that this user joined first" in question
    assert "End access to Harbor Services" in question
    for key in ("deactivate", "reset-second-factor", "invite-again"):
        assert browser.post(do(bob, key)).status_code == 403, key
    form = {"first_name": "Robert", "last_name": "B", "email": bob.email}
    assert browser.post(page(bob), form).status_code == 403
    bob.refresh_from_db()
    assert bob.is_active
    assert bob.first_name == "Bob"


def test_inviting_somebody_gives_no_power_over_the_account(portal, dana, harbor, charlie):
    """Else any officer could take the second factor of any user away."""
    TOTP.activate(charlie, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    browser = portal(dana)
    invite(browser, harbor, email=charlie.email)
    assert browser.post(do(charlie, "reset-second-factor")).status_code == 404
    actions.accept_invitation(invitation=Invitation.objects.get().pk, by=charlie)
    assert browser.post(do(charlie, "reset-second-factor")).status_code == 403
    assert Authenticator.objects.filter(user=charlie).exists()


def test_nobody_does_it_to_the_own_account(portal, dana, boss):
    for person in (dana, boss):
        for key in ("deactivate", "reset-second-factor"):
            assert portal(person).post(do(person, key)).status_code == 403
        person.refresh_from_db()
        assert person.is_active


def test_officer_of_both_organizations_may(portal, dana, bob, bridge):
    MembershipFactory(user=bob, organization=bridge)
    MembershipFactory(user=dana, organization=bridge, role="dqo")
    portal(dana).post(do(bob, "deactivate"))
    bob.refresh_from_db()
    assert not bob.is_active


def test_case_manager_elsewhere_is_no_officer_there(portal, dana, bridge, harbor):
    bob = UserFactory(at=[bridge, harbor])
    MembershipFactory(user=dana, organization=bridge, role="case_manager")
    assert portal(dana).post(do(bob, "deactivate")).status_code == 403


def test_officer_does_nothing_to_an_administrator(portal, dana, harbor, boss):
    MembershipFactory(user=boss, organization=harbor)
    for key in ("deactivate", "reset-second-factor"):
        assert portal(dana).post(do(boss, key)).status_code == 404
    boss.refresh_from_db()
    assert boss.is_active


def test_administrator_deactivates_whoever_works_anywhere(portal, boss, bob, bridge):
    MembershipFactory(user=bob, organization=bridge)
    portal(boss).post(do(bob, "deactivate"))
    bob.refresh_from_db()
    assert not bob.is_active


def test_open_work_is_listed_with_hand_over(portal, dana, harbor, bob, bridge):
    enrollment = EnrollmentFactory(client=ClientFactory(organization=harbor, first_name="Xaver"))
    mine = CaseAssignmentFactory(enrollment=enrollment, case_manager=bob)
    elsewhere = EnrollmentFactory(client=ClientFactory(organization=bridge))
    CaseAssignmentFactory(enrollment=elsewhere, case_manager=bob, organization=bridge, access=False)
    access = reverse(
        "admin:agencies_membership_delete", args=[bob.memberships.get(organization=harbor).pk]
    )
    for address in (do(bob, "deactivate"), page(bob), access):
        html = portal(dana).get(address).content.decode()
        assert reverse("enrollments:hand_over", args=[enrollment.client_id, mine.pk]) in html
        assert f"Client {elsewhere.client_id}," not in html
        assert "Xaver" not in html


# The second factor


@pytest.fixture
def with_factor(bob):
    TOTP.activate(bob, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return bob


def confirmed(browser):
    """A browser whose user has just entered the password once more."""
    browser.post("/accounts/reauthenticate/", {"password": "pass-phrase-for-tests"})
    return browser


def reset(browser, user, **values):
    form = {"identified": "in_person"} | values
    return confirmed(browser).post(do(user, "reset-second-factor"), form)


def test_second_factor_is_reset_and_sessions_end(portal, dana, with_factor):
    desk = portal(with_factor)
    assert desk.get("/").status_code == 200
    reset(portal(dana), with_factor)
    assert not Authenticator.objects.filter(user=with_factor).exists()
    assert desk.get("/").status_code == 302


def test_reset_is_in_the_history_with_who_did_it(portal, dana, with_factor):
    browser = portal(dana)
    reset(browser, with_factor)
    event = with_factor.events.get(pgh_label="second factor reset")
    assert event.pgh_context["user"] == dana.pk
    html = browser.get(reverse("admin:agencies_user_history", args=[with_factor.pk])).content
    assert "second factor reset" in html.decode()
    assert str(dana) in html.decode()


def test_reset_is_offered_where_there_is_a_factor(portal, dana, bob):
    browser = portal(dana)
    assert "Reset two-step" not in browser.get(page(bob)).content.decode()
    reset(browser, bob)
    assert not bob.events.filter(pgh_label="second factor reset").exists()


# After a reset (ASVS 6.4.4)


SET_UP = "/accounts/2fa/totp/activate/"


def log_in(browser, user):
    credentials = {"login": user.email, "password": "pass-phrase-for-tests"}
    return browser.post("/accounts/login/", credentials)


def set_up(browser):
    """Whether a new app can be set up."""
    page = browser.get(SET_UP)
    if page.status_code != 200:
        return False
    secret = page.context["form"].secret
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return browser.post(SET_UP, {"code": shown}).status_code == 302


def test_reset_asks_how_the_person_was_identified(portal, dana, with_factor):
    browser = portal(dana)
    assert "How did you verify" in browser.get(do(with_factor, "reset-second-factor")).text
    for typed in ("", "trust me"):
        answer = reset(browser, with_factor, identified=typed)
        assert answer.status_code == 200
        assert Authenticator.objects.filter(user=with_factor).exists()
    reset(browser, with_factor, identified="called_back")
    kept = FactorReset.objects.get()
    assert (kept.user, kept.by, kept.identified) == (with_factor, dana, "called_back")
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.FACTOR_RESET)
    assert (event.user, event.subject) == (dana, with_factor)
    assert event.detail == {"identified": "called_back"}


def test_reset_asks_the_officer_for_the_own_password(portal, dana, with_factor):
    answer = portal(dana).post(do(with_factor, "reset-second-factor"), {"identified": "video"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=with_factor).exists()


@pytest.mark.parametrize("required", [True, False])
def test_password_alone_sets_up_no_new_factor(
    portal, client, dana, with_factor, deliver, settings, required
):
    settings.MFA_REQUIRED = required
    reset(portal(dana) if not required else _without_middleware(portal, dana), with_factor)
    deliver()
    thief = type(client)()
    log_in(thief, with_factor)
    assert thief.get(SET_UP)["Location"] == "/two-step-reset/"
    assert thief.post(SET_UP, {"code": "123456"})["Location"] == "/two-step-reset/"
    assert "Open the link in the e-mail" in thief.get("/two-step-reset/").content.decode()
    assert not set_up(thief)
    (letter,) = mail.outbox
    assert letter.to == [with_factor.email]
    assert not {"Bob", "Dana", with_factor.last_name} & set(letter.body.split())
    address = link(letter)
    assert client.get(address)["Location"].startswith("/accounts/login/")
    log_in(client, with_factor)
    assert client.get(address)["Location"] == SET_UP
    assert set_up(client)
    assert FactorReset.objects.get().ended_at


def _without_middleware(portal, officer):
    """An officer who has a factor, confirmed just now."""
    TOTP.activate(officer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ")
    return portal(officer)


def test_link_is_for_its_user_its_hours_and_one_app(
    portal, client, dana, alice, with_factor, deliver, time_machine, settings
):
    time_machine.move_to("2026-11-24 09:00:00 +00:00", tick=False)
    reset(portal(dana), with_factor)
    deliver()
    address = link(mail.outbox[0])
    other = portal(alice)
    assert "no longer works" in other.get(address, follow=True).content.decode()
    log_in(client, with_factor)
    time_machine.shift(settings.PASSWORD_RESET_TIMEOUT + 1)
    with_factor.refresh_from_db()
    late = portal(with_factor)
    assert late.get(address)["Location"] == "/two-step-reset/"
    reset(portal(dana), with_factor)  # once more, with a new link
    deliver()
    fresh = link(mail.outbox[1])
    with_factor.refresh_from_db()
    browser = portal(with_factor)
    assert browser.get(address)["Location"] == "/two-step-reset/"
    browser.get(fresh)
    confirmed(browser)
    assert set_up(browser)
    Authenticator.objects.all().delete()
    assert portal(with_factor).get(fresh)["Location"] == "/two-step-reset/"


def test_user_who_never_had_a_reset_sets_up_an_app_without_a_link(client, alice):
    log_in(client, alice)
    assert set_up(client)


# Roles and access


def role_of(user, organization) -> str:
    return user.memberships.get(organization=organization).role


def test_officer_changes_a_colleagues_role(portal, dana, harbor, bob):
    membership = bob.memberships.get()
    address = reverse("admin:agencies_membership_change", args=[membership.pk])
    portal(dana).post(address, {"role": "dqo"})
    assert role_of(bob, harbor) == "dqo"
    portal(dana).post(address, {"role": "administrator"})
    portal(dana).post(address, {"role": "case_manager"})
    assert role_of(bob, harbor) == "case_manager"


def test_officer_changes_and_ends_no_own_access(portal, dana, harbor):
    membership = dana.memberships.get()
    change = reverse("admin:agencies_membership_change", args=[membership.pk])
    delete = reverse("admin:agencies_membership_delete", args=[membership.pk])
    assert portal(dana).post(change, {"role": "case_manager"}).status_code == 403
    assert portal(dana).post(delete, {"post": "yes"}).status_code == 403
    assert role_of(dana, harbor) == "dqo"


def test_access_ends_for_the_own_organization_alone(portal, dana, harbor, bob, bridge):
    MembershipFactory(user=bob, organization=bridge)
    membership = bob.memberships.get(organization=harbor)
    address = reverse("admin:agencies_membership_delete", args=[membership.pk])
    assert "End access" in portal(dana).get(address).content.decode()
    portal(dana).post(address, {"post": "yes"})
    assert [one.organization for one in bob.memberships.all()] == [bridge]
    assert portal(dana).get(page(bob)).status_code == 302


def test_access_cannot_be_moved_to_another_organization_or_user(portal, dana, bridge, bob, alice):
    membership = bob.memberships.get()
    address = reverse("admin:agencies_membership_change", args=[membership.pk])
    form = {"role": "dqo", "organization": bridge.pk, "user": alice.pk}
    portal(dana).post(address, form)
    membership.refresh_from_db()
    assert (membership.user, membership.role) == (bob, "dqo")
    assert membership.organization != bridge


# Sessions, below the pages


def test_users_without_a_round_keep_the_sessions_they_had(bob):
    """Deploying this logs nobody out."""
    plain = super(User, bob)._get_session_auth_hash()
    assert bob.get_session_auth_hash() == plain
    bob.end_sessions()
    assert bob.get_session_auth_hash() != plain


def test_rounds_are_kept_under_older_secret_keys(bob, settings):
    bob.end_sessions()
    before = bob.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret"
    assert before in set(bob.get_session_auth_fallback_hash())


def test_user_page_makes_as_many_queries_with_50_assignments_as_with_1(
    portal, dana, harbor, bob, django_assert_num_queries
):
    def assign(many):
        for _ in range(many):
            enrollment = EnrollmentFactory(client=ClientFactory(organization=harbor))
            CaseAssignmentFactory(enrollment=enrollment, case_manager=bob)

    browser = portal(dana)
    browser.get(page(bob))
    assign(1)
    with CaptureQueriesContext(connection) as few:
        browser.get(page(bob))
    assign(49)
    with django_assert_num_queries(len(few)):
        browser.get(page(bob))
    assert len(few) <= 16


def test_user_of_another_organization_and_none_at_all_are_answered_alike(portal, dana, charlie):
    for key in (charlie.pk, 2_000_000_000):
        answer = portal(dana).get(reverse("admin:agencies_user_change", args=[key]), follow=True)
        assert messages(answer) == [
            "This record does not exist, or it belongs to another organization."
        ]
