"""Where you are logged in: own sessions, and ending them after confirming who one is (V7.5.2)."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse

from agencies import actions
from agencies.models import SecurityEvent
from outbox.actions import queue_mail
from outbox.models import Delivery
from outbox.states import MailKind
from tests.agencies.sessions.conftest import PASSWORD
from tests.factories import UserFactory
from tests.pages import messages, send

PAGE = "/settings/sessions/"
NEW = "violet tram elbow"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1"


def is_in(browser) -> bool:
    return browser.get("/").status_code == 200


def confirmed(browser, page):
    """Type the password where the page asks for it."""
    assert "/accounts/reauthenticate/" in page["Location"]
    return browser.post(page["Location"], {"password": PASSWORD}, follow=True)


@pytest.fixture
def two(engine, log_in, alice, time_machine):
    time_machine.move_to("2026-11-22 12:00:00", tick=False)
    browsers = log_in(alice, **{"user-agent": FIREFOX}), log_in(alice, **{"user-agent": PHONE})
    time_machine.shift(600)
    return browsers


def test_page_lists_own_sessions_and_log_ins(two, log_in, bob):
    log_in(bob, **{"user-agent": "Edg/140"})
    desk, _ = two
    page = desk.get(PAGE)
    shown = [(one.browser, one.address, one.is_this) for one in page.context["sessions"]]
    assert shown == [
        ("Firefox on Windows", "127.0.0.1", True),
        ("Safari on iPhone", "127.0.0.1", False),
    ]
    assert len(page.context["log_ins"]) == 2


def test_session_that_nobody_used_is_not_listed(two, settings, time_machine):
    desk, _ = two
    desk.get("/")
    time_machine.shift(settings.IDLE_TIMEOUT - 300)
    assert [one.is_this for one in desk.get(PAGE).context["sessions"]] == [True]


def test_another_session_ends_after_the_password(two):
    desk, phone = two
    [other] = [one for one in desk.get(PAGE).context["sessions"] if not one.is_this]
    asked = desk.post(f"{PAGE}{other.number}/end/")
    assert is_in(phone)
    page = confirmed(desk, asked)
    assert messages(page) == ["That session has ended."]
    assert is_in(desk)
    assert messages(phone.get("/", follow=True)) == [
        "You ended this session from another computer."
    ]
    event = SecurityEvent.objects.get(kind="sessions_ended")
    assert event.detail == {"why": "ended_elsewhere", "count": 1}


def test_all_other_sessions_end_after_the_password(two, log_in, alice):
    desk, phone = two
    third = log_in(alice)
    page = confirmed(desk, desk.post(f"{PAGE}end-others/"))
    assert messages(page) == ["You are not logged in anywhere else."]
    assert [is_in(one) for one in (desk, phone, third)] == [True, False, False]


def test_session_of_somebody_else_cannot_be_ended(two, log_in, bob):
    desk, _ = two
    numbers = [one.number for one in desk.get(PAGE).context["sessions"]]
    thief = log_in(bob)
    for number in numbers:
        page = thief.post(f"{PAGE}{number}/end/", follow=True)
        assert messages(page) == ["That session had already ended."]
    assert is_in(desk)


@pytest.mark.parametrize("address", [f"{PAGE}end-others/", f"{PAGE}{'0' * 64}/end/"])
def test_ending_is_a_post(two, address):
    assert two[0].get(address).status_code == 405


# What ends sessions without being asked


def new_password(browser, user):
    answer = browser.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert answer.status_code == 302


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def factor_on(browser, user):
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert answer.status_code == 302


def factor_off(browser, user):
    assert browser.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()


def new_codes(browser, user):
    assert browser.post("/accounts/2fa/recovery-codes/generate/").status_code == 302


@pytest.mark.parametrize(
    ("change", "has_factor"),
    [(new_password, False), (factor_on, False), (factor_off, True), (new_codes, True)],
)
def test_change_of_the_log_in_ends_the_other_sessions(  # V7.4.3
    two, alice, change, has_factor, django_capture_on_commit_callbacks, settings, log_in, client
):
    desk, phone = two
    if has_factor:
        TOTP.activate(alice, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    # A moment ago she confirmed who she is.
    session = desk.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [records[0] | {"at": time.time()}]
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        change(desk, alice)
    assert Delivery.objects.filter(kind="account_changed", recipient=alice).exists()
    assert not is_in(phone)
    assert is_in(desk) == (change is not new_password)
    assert (
        "two-step log-in of your account was changed" in messages(phone.get("/accounts/login/"))[0]
    )


def test_mail_about_a_change_names_nobody(alice, deliver):
    queue_mail(kind=MailKind.ACCOUNT_CHANGED, recipient=alice)
    deliver()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([alice.email], "Your log-in was changed")
    assert "http://testserver/accounts/password/reset/" in letter.body
    for name in ("Alice", alice.last_name, alice.email, "127.0.0.1"):
        assert name not in letter.body


@pytest.mark.parametrize("is_reset", [False, True])
def test_officer_ends_every_session_and_each_says_why(two, alice, dana, is_reset):
    if is_reset:
        actions.reset_second_factor(user=alice, identified="in_person", by=dana)
    else:
        actions.end_sessions(user=alice)
    for browser in two:
        page = browser.get("/", follow=True)
        assert messages(page) == ["Your session was ended by an administrator. Log in again."]


def test_session_has_another_key_after_confirming(two, client):  # V7.2.4
    desk, _ = two
    before = desk.cookies["sessionid"].value
    confirmed(desk, desk.post(f"{PAGE}end-others/"))
    assert desk.cookies["sessionid"].value != before
    client.cookies["sessionid"] = before
    assert not is_in(client)


def test_changed_e_mail_ends_every_session(two, alice, portal):
    admin = UserFactory(email="admin@coc.example", is_superuser=True)
    page = reverse("admin:agencies_user_change", args=[alice.pk])
    answer = send(portal(admin), page, email="alice.b@harbor.example")
    assert answer.status_code == 302
    assert not any(is_in(browser) for browser in two)
    assert SecurityEvent.objects.filter(
        kind=SecurityEvent.Kind.EMAIL_CHANGED, subject=alice
    ).exists()
