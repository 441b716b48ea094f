"""Logging in with the work e-mail, and with a second factor where settings ask for one (1.1)."""

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.fernet import Fernet
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command

from agencies.models import User
from clients.encryption import decrypt
from tests.factories import AlertFactory, ClientFactory, UserFactory

LOG_IN = "/accounts/login/"
PASSWORD = "pass-phrase-for-tests"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    cache.clear()


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED = True


@pytest.fixture
def clock(time_machine):
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    return time_machine


def code(clock_time: int) -> str:
    return format_hotp_value(hotp_value(SECRET, clock_time // 30))


def log_in(browser, user, password=PASSWORD, **more):
    return browser.post(LOG_IN, {"login": user.email, "password": password} | more)


def test_work_e_mail_logs_in_whatever_its_letters(client, alice):
    answer = client.post(LOG_IN, {"login": "ALICE@Harbor.example", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


def test_log_in_leads_where_one_was_going(client, alice):
    asked = client.get("/clients/")
    answer = client.post(asked["Location"], {"login": alice.email, "password": PASSWORD})
    assert answer["Location"] == "/clients/"


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("http://testserver/clients/7/releases/?page=2#end", "/clients/7/releases/?page=2"),
        ("https://evil.example/clients/7/", "/releases/7/undo/"),
        ("", "/releases/7/undo/"),
    ],
)
def test_log_in_leads_to_the_page_whose_button_was_pressed_too_late(
    client, alice, sent_from, leads_to
):
    late = client.post("/releases/7/undo/", headers={"referer": sent_from})
    answer = client.post(late["Location"], {"login": alice.email, "password": PASSWORD})
    assert answer["Location"] == leads_to


def test_undo_that_was_pressed_too_late_is_offered_again_after_the_log_in(client, alice, harbor):
    alert = AlertFactory(client=ClientFactory(organization=harbor, created_by=alice))
    page, undo = alert.client.get_absolute_url(), alert.restore_url
    late = client.post(undo, {"undo": "1"}, headers={"referer": f"http://testserver{page}"})
    data = {"login": alice.email, "password": PASSWORD}
    shown = client.post(late["Location"], data, follow=True)
    assert shown.request["PATH_INFO"] == page
    assert "You were logged out before this was undone." in shown.text
    assert f'<form method="post" action="{undo}"' in shown.text
    assert "before this was undone" not in client.get(page).text


def test_log_in_leads_to_no_other_site(client, alice):
    answer = log_in(client, alice, next="https://evil.example/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), "x" * 5000, "\x00"])
def test_wrong_password_does_not_tell_whether_the_account_exists(client, alice, password):
    known = log_in(client, alice, password)
    unknown = log_in(client, User(email="nobody@harbor.example"), password)
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors
    assert client.get("/").status_code == 302


def test_inactive_user_does_not_come_in(client, alice, portal):
    browser = portal(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    log_in(client, alice)
    assert client.get("/").status_code == 302
    assert browser.get("/").status_code == 302


def test_guessing_is_slowed_down(client, alice):
    for _ in range(30):
        answer = log_in(client, alice, "wrong")
        if answer.status_code == 429 or "Too many" in answer.content.decode():
            break
    else:
        pytest.fail("nothing slows guessing down")
    log_in(client, alice)
    assert client.get("/").status_code == 302


def test_nobody_signs_up(client, db):
    assert client.get("/accounts/signup/").status_code == 200
    data = {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", data)
    assert not User.objects.exists()


def test_forgotten_password_is_set_by_a_mailed_link(client, alice, deliver):
    client.post("/accounts/password/reset/", {"email": alice.email})
    deliver()
    (letter,) = mail.outbox
    assert letter.to == [alice.email]
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    fresh = "another-pass-phrase-2"
    client.post(address, {"password1": fresh, "password2": fresh})
    alice.refresh_from_db()
    assert alice.check_password(fresh)


def test_forgotten_password_does_not_tell_whether_the_account_exists(client, db, deliver):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@x.example"})
    assert answer.status_code == 302
    deliver()
    assert mail.outbox == []


def test_log_out_is_a_post(portal, alice):
    browser = portal(alice)
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.get("/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/").status_code == 302


# The second factor


def test_demonstration_asks_for_no_second_factor(portal, alice, settings):
    assert settings.DEMO
    assert not settings.MFA_REQUIRED
    assert portal(alice).get("/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/", "/clients/", "/clients/1/", "/settings/", "/search/", "/admin/", "/duplicates/1/"],
)
def test_without_a_factor_every_page_leads_to_set_up(portal, dana, required, address):
    for verb in ("get", "post"):
        answer = getattr(portal(dana), verb)(address, follow=True)
        assert answer.redirect_chain[0][0] == "/accounts/2fa/totp/activate/"
    assert "/accounts/reauthenticate/" in answer.redirect_chain[-1][0] or answer.status_code == 200


def test_setting_up_a_factor_opens_the_pages(client, alice, required, clock):
    log_in(client, alice)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/totp/activate/", {"code": now}).status_code == 302
    assert client.get("/clients/").status_code == 200
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in str(stored)
    assert decrypt(stored) == secret


def test_factor_is_asked_for_at_the_log_in(client, alice, required, clock):
    TOTP.activate(alice, SECRET)
    answer = log_in(client, alice)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/clients/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get("/clients/").status_code == 302
    right = client.post("/accounts/2fa/authenticate/", {"code": code(int(time.time()))})
    assert right.status_code == 302
    assert client.get("/clients/").status_code == 200


def test_factor_taken_out_leads_to_set_up_again(portal, alice, required):
    TOTP.activate(alice, SECRET)
    browser = portal(alice)
    assert browser.get("/clients/").status_code == 200
    Authenticator.objects.all().delete()
    browser.get("/accounts/2fa/totp/deactivate/")
    assert browser.get("/clients/")["Location"] == "/accounts/2fa/totp/activate/"


def test_health_and_session_need_no_factor(portal, alice, required):
    assert portal(alice).get("/health/").status_code == 200
    assert portal(alice).get("/session/").status_code == 200


def test_secrets_are_encrypted_and_survive_a_new_key(settings, alice):
    TOTP.activate(alice, SECRET)
    assert SECRET not in str(Authenticator.objects.values_list("data"))
    new = Fernet.generate_key().decode()
    settings.SSN_ENCRYPTION_KEYS = [new, *settings.SSN_ENCRYPTION_KEYS]
    call_command("rotate_ssn_keys", stdout=StringIO())
    settings.SSN_ENCRYPTION_KEYS = [new]
    stored = Authenticator.objects.get()
    assert decrypt(stored.data["secret"]) == SECRET


def test_user_made_in_admin_logs_in(client, harbor):
    user = UserFactory(email="Mixed.Case@harbor.example", at=[harbor])
    assert user.email == "mixed.case@harbor.example"
    log_in(client, user)
    assert client.get("/").status_code == 200
