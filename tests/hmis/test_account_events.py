"""Each kind of event of accounts, rights and refusals is recorded, once."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from agencies.actions import accept_invitation
from agencies.models import Membership, SecurityEvent, User
from agencies.security_events import account_digest
from data_quality.rules.catalog import BY_KEY
from tests.factories import AlertFactory, ClientFactory, UserFactory

Kind = SecurityEvent.Kind
LOG_IN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
PASSWORD, FRESH = "pass-phrase-for-tests", "four plain words here"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    cache.clear()


@pytest.fixture(autouse=True)
def after_commit(django_capture_on_commit_callbacks, monkeypatch):
    """Each request's callbacks run at its end, as after its commit."""
    request = Browser.request

    def committed(self, **environ):
        with django_capture_on_commit_callbacks(execute=True):
            return request(self, **environ)

    monkeypatch.setattr(Browser, "request", committed)


@pytest.fixture
def events():
    """A function that gives what was recorded, oldest first."""
    return lambda: list(SecurityEvent.objects.order_by("pk"))


def kinds(found) -> list[str]:
    return [event.kind for event in found]


def log_in(browser, user, password=PASSWORD):
    return browser.post(LOG_IN, {"login": user.email, "password": password})


def code(secret=SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_log_in_and_log_out_are_recorded(client, alice, events):
    log_in(client, alice)
    client.post("/accounts/logout/")
    first, last = [one for one in events() if one.kind != Kind.NEW_BROWSER]
    assert (first.kind, first.user, first.detail) == (
        Kind.LOG_IN,
        alice,
        {"methods": ["password"]},
    )
    assert (last.kind, last.user, last.address) == (Kind.LOG_OUT, alice, "127.0.0.1")


@pytest.mark.parametrize("method", ["authenticator", "recovery_code"])
def test_log_in_says_which_second_factor_was_used(client, alice, events, method):
    TOTP.activate(alice, SECRET)
    codes = RecoveryCodes.activate(alice).get_unused_codes()
    log_in(client, alice)
    assert Kind.LOG_IN not in kinds(events())
    client.post(CODE, {"code": code() if method == "authenticator" else codes[0]})
    found = {one.kind: one for one in events()}
    assert found[Kind.LOG_IN].detail == {"methods": ["password", method]}
    assert (Kind.RECOVERY_CODE_USED in found) == (method == "recovery_code")


def test_wrong_password_is_recorded_with_its_user(client, alice, events):
    log_in(client, alice, "wrong")
    (event,) = events()
    assert (event.kind, event.user, event.account_digest) == (Kind.LOG_IN_FAILED, alice, "")


def test_wrong_log_in_of_nobody_is_recorded_with_a_digest(client, db, events):
    log_in(client, User(email="nobody@harbor.example"))
    (event,) = events()
    assert event.user is None
    assert event.account_digest == account_digest("nobody@harbor.example")


def test_log_in_of_a_deactivated_user_is_recorded(client, alice, events):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    log_in(client, alice)
    assert alice in [one.user for one in events() if one.kind == Kind.LOG_IN_FAILED]


def test_wrong_code_is_recorded(client, alice, events):
    TOTP.activate(alice, SECRET)
    log_in(client, alice)
    client.post(CODE, {"code": "000000"})
    assert [(one.kind, one.user) for one in events()] == [(Kind.SECOND_FACTOR_FAILED, alice)]


def test_inactivity_is_recorded(portal, alice, events, time_machine):
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    browser = portal(alice)
    browser.get("/")
    time_machine.move_to("2026-11-22 14:00:00", tick=False)
    browser.get("/")
    assert [(one.kind, one.user) for one in events()] == [(Kind.IDLE_LOG_OUT, alice)]


def test_password_reset_is_recorded_when_asked_and_when_done(client, alice, deliver, events):
    client.post("/accounts/password/reset/", {"email": alice.email})
    deliver()
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": FRESH, "password2": FRESH})
    found = [(one.kind, one.user) for one in events()]
    assert found == [(Kind.PASSWORD_RESET_ASKED, alice), (Kind.PASSWORD_RESET, alice)]


def test_password_reset_asked_for_nobody_is_recorded(client, db, events):
    client.post("/accounts/password/reset/", {"email": "nobody@harbor.example"})
    (event,) = events()
    assert (event.kind, event.user) == (Kind.PASSWORD_RESET_ASKED, None)
    assert event.account_digest == account_digest("nobody@harbor.example")


def test_password_change_and_its_question_are_recorded(client, alice, events):
    log_in(client, alice)
    data = {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    client.post("/accounts/password/change/", data)
    assert kinds(events())[-1] == Kind.PASSWORD_CHANGED


def test_reauthentication_is_recorded(client, alice, events):
    log_in(client, alice)
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    failed, done = events()[-2:]
    assert (failed.kind, failed.detail["again"]) == (Kind.LOG_IN_FAILED, True)
    assert (done.kind, done.user) == (Kind.REAUTHENTICATED, alice)


def test_second_factor_is_recorded_from_set_up_to_the_end(client, alice, events):
    log_in(client, alice)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    found = kinds(events())
    assert found.count(Kind.FACTOR_ACTIVATED) == 1
    assert found.count(Kind.RECOVERY_CODES_MADE) == 2
    assert found.count(Kind.FACTOR_DEACTIVATED) == 1
    assert not Authenticator.objects.exists()


def test_too_many_attempts_are_recorded(client, alice, events):
    for _ in range(12):
        log_in(client, alice, "wrong")
        if Kind.RATE_LIMITED in kinds(events()):
            break
    assert Kind.RATE_LIMITED in kinds(events())


def test_form_without_a_token_is_recorded(alice, events):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.post("/clients/", {"last_name": "x"}).status_code == 403
    (event,) = events()
    assert (event.kind, event.user, event.detail) == (
        Kind.FORM_REFUSED,
        alice,
        {"page": "clients:find"},
    )


def test_client_of_another_organization_is_a_recorded_refusal(portal, charlie, harbor, events):
    client = ClientFactory(organization=harbor, visibility="own")
    assert portal(charlie).get(client.get_absolute_url()).status_code == 404
    (event,) = events()
    assert (event.kind, event.user, event.client) == (Kind.NOT_FOUND, charlie, client.pk)
    assert event.detail == {"page": "clients:dashboard"}


def test_refused_permission_is_recorded(portal, alice, events):
    alert = AlertFactory()
    address = reverse("clients:edit_alert", args=[alert.client_id, alert.pk])
    assert portal(alice).get(address).status_code == 403
    (event,) = events()
    assert (event.kind, event.client) == (Kind.REFUSED, alert.client_id)
    assert event.detail == {"page": "clients:edit_alert", "alert_id": alert.pk}


def test_row_of_another_organization_in_the_workspace_is_recorded(portal, dana, charlie, events):
    portal(dana).get(f"/admin/agencies/user/{charlie.pk}/change/")
    (event,) = events()
    assert (event.kind, event.user) == (Kind.NOT_FOUND, dana)
    assert event.detail == {"page": "admin:agencies_user_change", "object_id": charlie.pk}


def test_address_that_is_no_page_leaves_nothing_that_was_typed(portal, alice, events):
    portal(alice).get("/Vasconcelos/123121234/")
    assert events() == []


def test_refused_file_is_recorded(portal, alice, harbor, events):
    client = ClientFactory(organization=harbor, created_by=alice)
    page = portal(alice)
    address = reverse("files:add_client_file", args=[client.pk])
    form = page.get(address).context["form"]
    file = SimpleUploadedFile("Vasconcelos.pdf", b"MZ\x90\x00 no PDF at all")
    data = {name: form[name].value() or "" for name in form.fields} | {"file": file}
    page.post(address, data)
    (event,) = events()
    assert event.kind == Kind.FILE_REFUSED
    assert set(event.detail) == {"reason"}


def test_revealed_ssn_is_recorded(portal, alice, harbor, events):
    client = ClientFactory(
        organization=harbor, created_by=alice, ssn="123121234", ssn_data_quality=1
    )
    portal(alice).post(f"/clients/{client.pk}/ssn/", {"reason": "identity"})
    assert [(one.kind, one.client) for one in events()] == [(Kind.SSN_REVEALED, client.pk)]


def test_export_is_recorded(portal, dana, events):
    key = next(iter(BY_KEY))
    portal(dana).get(reverse("admin:quality_csv", args=[key]))
    (event,) = events()
    assert (event.kind, event.user, event.detail["list"]) == (Kind.EXPORTED, dana, key)


# Rights


@pytest.fixture
def officer(portal, dana):
    return portal(dana)


def test_invitation_and_its_access_are_recorded(officer, dana, harbor, events):
    data = {"organization": harbor.pk, "email": "new@harbor.example", "role": "case_manager"}
    data |= {"first_name": "New", "last_name": "Person"}
    officer.post(reverse("admin:agencies_user_add"), data)
    new = User.objects.get(email="new@harbor.example")
    accept_invitation(invitation=new.invitations.get().pk, by=new)
    found = [(one.kind, one.user, one.subject, one.organization) for one in events()]
    assert found == [
        (Kind.INVITED, dana, None, harbor),
        (Kind.INVITATION_ACCEPTED, new, None, harbor),
        (Kind.ACCESS_ADDED, new, new, harbor),
    ]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("deactivate", Kind.USER_DEACTIVATED),
        ("activate", Kind.USER_REACTIVATED),
        ("reset-second-factor", Kind.FACTOR_RESET),
        ("invite-again", Kind.INVITED),
    ],
)
def test_what_an_officer_does_to_an_account_is_recorded(officer, dana, bob, key, kind, events):
    TOTP.activate(bob, SECRET)
    User.objects.filter(pk=bob.pk).update(is_active=key != "activate")
    if key == "invite-again":
        bob.set_unusable_password()
        bob.save()
    officer.post("/accounts/reauthenticate/", {"password": PASSWORD})
    before = len(events())
    address = reverse("admin:agencies_user_do", args=[bob.pk, key])
    officer.post(address, {"identified": "in_person"})
    found = [(one.kind, one.user, one.subject) for one in events()[before:]]
    assert found == [(kind, dana, bob)]


def test_changed_and_ended_access_is_recorded(officer, dana, bob, harbor, events):
    access = Membership.objects.get(user=bob)
    change = reverse("admin:agencies_membership_change", args=[access.pk])
    officer.post(change, {"role": "dqo"})
    officer.post(reverse("admin:agencies_membership_delete", args=[access.pk]), {"post": "yes"})
    changed, ended = events()
    assert (changed.kind, changed.subject, changed.organization) == (
        Kind.ROLE_CHANGED,
        bob,
        harbor,
    )
    assert changed.detail == {"from": "case_manager", "to": "dqo"}
    assert (ended.kind, ended.user, ended.subject) == (Kind.ACCESS_ENDED, dana, bob)


def test_administrators_rights_are_recorded(portal, bob, events):
    admin = UserFactory(is_superuser=True, is_staff=True)
    data = {"email": bob.email, "first_name": "B", "last_name": "B", "is_superuser": "on"}
    portal(admin).post(reverse("admin:agencies_user_change", args=[bob.pk]), data)
    call_command(
        "createsuperuser",
        interactive=False,
        email="root@coc.example",
        first_name="R",
        last_name="R",
        verbosity=0,
    )
    first, second = events()
    assert (first.kind, first.user, first.subject) == (Kind.ADMINISTRATOR_CHANGED, admin, bob)
    assert second.subject.email == "root@coc.example"


def test_first_password_of_an_invited_user_is_told_from_a_reset(client, bob, deliver, events):
    bob.set_unusable_password()
    bob.save()
    client.post("/accounts/password/reset/", {"email": bob.email})
    deliver()
    link = next((word for word in mail.outbox[0].body.split() if "/reset/key/" in word), "")
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": FRESH, "password2": FRESH})
    last = events()[-1]
    assert (last.kind, last.detail) == (Kind.PASSWORD_RESET, {"first": True})
