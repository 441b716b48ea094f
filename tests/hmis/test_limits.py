"""Guessing is slowed down, and nobody locks anybody else out (docs/security/limits.md).

ASVS 4.1.3, 6.1.1, 6.3.1, 6.5.1, 15.3.4.
"""

import re
import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from agencies.limits import LOG_IN, Rule
from agencies.models import AttemptCount, SecurityEvent
from tests.factories import UserFactory

LOG_IN_PAGE = "/accounts/login/"
RESET = "/accounts/password/reset/"
SECOND_STEP = "/accounts/2fa/authenticate/"
SET_UP = "/accounts/2fa/totp/activate/"
PASSWORD = "pass-phrase-for-tests"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STRANGER, OFFICE, HOME = "203.0.113.66", "198.51.100.7", "192.0.2.5"
DOCUMENT = Path(__file__).parents[2] / "docs/security/limits.md"


@pytest.fixture(params=["direct", "proxy"])
def browser_at(request, settings, db):
    """A function that gives a fresh browser at an address: with a proxy before us, and without."""
    if request.param == "proxy":
        settings.PROXY_COUNT = 1
        # What a stranger writes into the header himself stands before what the proxy adds.
        return lambda at: Client(
            REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"10.{time.time_ns() % 250}.1.1, {at}"
        )
    return lambda at: Client(REMOTE_ADDR=at)


def log_in(browser, user, password=PASSWORD, **more):
    email = user if isinstance(user, str) else user.email
    return browser.post(LOG_IN_PAGE, {"login": email, "password": password}, **more)


def is_in(browser) -> bool:
    return browser.get("/settings/").status_code == 200


def code(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def guess(browser, user, times, password="wrong"):
    return [log_in(browser, user, password).status_code for _ in range(times)]


# Log-in


def test_100_failures_by_a_stranger_lock_nobody_out(browser_at, alice, bob, dana, charlie):
    """One stranger, one address: every other user still gets in, the attacked one too."""
    stranger = browser_at(STRANGER)
    answers = guess(stranger, alice, 70) + guess(stranger, "nobody@x.example", 15)
    answers += guess(stranger, bob, 15)
    assert 429 in answers
    for user in (alice, bob, dana, charlie):
        browser = browser_at(OFFICE)
        log_in(browser, user)
        assert is_in(browser), user


def test_stranger_at_the_same_address_locks_out_only_new_browsers_of_the_guessed_account(
    browser_at, alice, bob, dana
):
    """An office is one address: a colleague with caps lock, or somebody on its guest network."""
    desk = browser_at(OFFICE)
    log_in(desk, alice)
    desk.post("/accounts/logout/")
    assert guess(browser_at(OFFICE), alice, 100)[-1] == 429
    for user in (bob, dana):
        browser = browser_at(OFFICE)
        log_in(browser, user)
        assert is_in(browser)
    log_in(desk, alice)  # a browser that she used before
    assert is_in(desk)


def test_many_users_of_one_office_log_in_in_the_morning(browser_at, harbor, settings):
    settings.LOG_IN_FAILURES_FROM_ADDRESS = 5
    for number in range(12):
        browser = browser_at(OFFICE)
        log_in(browser, UserFactory(email=f"u{number}@harbor.example", at=[harbor]))
        assert is_in(browser)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "testserver:{}"},
        {"HTTP_HOST": "testserver:80{}"},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.{}"},
        {"HTTP_X_REAL_IP": "10.0.0.{}"},
        {"HTTP_FORWARDED": "for=10.0.0.{}"},
        {"HTTP_CLIENT_IP": "10.0.0.{}"},
        {"HTTP_COOKIE": "hmis_device={:032x}.{:032x}"},
        {"HTTP_USER_AGENT": "browser {}"},
    ],
)
def test_no_header_of_the_client_opens_another_bucket(alice, headers):
    for number in range(1, 12):
        sent = {name: text.format(number, number) for name, text in headers.items()}
        answer = log_in(Client(REMOTE_ADDR=STRANGER), alice, "wrong", **sent)
    assert answer.status_code == 429


def test_client_behind_the_proxy_cannot_write_its_own_address(alice, settings):
    settings.PROXY_COUNT = 1
    for number in range(11):
        forged = f"10.0.0.{number}, 10.1.0.{number}, {STRANGER}"
        browser = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forged)
        answer = log_in(browser, alice, "wrong")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "spelling", ["ALICE@harbor.example", " alice@harbor.example", "Alice@HARBOR.example "]
)
def test_other_spellings_of_an_address_are_the_same_account(alice, spelling):
    guess(Client(REMOTE_ADDR=STRANGER), alice, 10)
    assert log_in(Client(REMOTE_ADDR=STRANGER), spelling).status_code == 429


def test_addresses_of_one_ipv6_subscriber_are_one(alice):
    for number in range(11):
        browser = Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        answer = log_in(browser, alice, "wrong")
    assert answer.status_code == 429
    assert log_in(Client(REMOTE_ADDR="2001:db8:1:3::1"), alice).status_code == 302


def test_right_password_is_not_told_from_a_wrong_one_while_limited(alice):
    stranger = Client(REMOTE_ADDR=STRANGER)
    guess(stranger, alice, 10)
    for password in (PASSWORD, "wrong"):
        assert log_in(stranger, alice, password).status_code == 429
    assert not is_in(stranger)


def test_limit_is_the_same_for_an_account_that_does_not_exist(alice):
    known, unknown = Client(REMOTE_ADDR=STRANGER), Client(REMOTE_ADDR=STRANGER)
    assert guess(known, alice, 12) == guess(unknown, "nobody@harbor.example", 12)


def test_limit_ends_and_the_page_says_when(alice, time_machine, settings):
    settings.TIME_ZONE = "America/New_York"
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    stranger = Client(REMOTE_ADDR=STRANGER)
    guess(stranger, alice, 10)
    time_machine.shift(60)
    answer = log_in(stranger, alice)
    text = " ".join(answer.content.decode().split())
    assert (answer.status_code, answer["Retry-After"]) == (429, str(14 * 60))
    assert "10:15 AM" in text
    assert "in 14 minutes" in text
    assert f'href="{RESET}"' in text
    time_machine.shift(14 * 60 + 1)
    log_in(stranger, alice)
    assert is_in(stranger)


def test_attempts_while_limited_do_not_make_it_longer(alice, time_machine):
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    stranger = Client(REMOTE_ADDR=STRANGER)
    guess(stranger, alice, 40)
    time_machine.shift(15 * 60)
    assert log_in(stranger, alice).status_code == 302


def test_many_addresses_are_slowed_down_for_one_account_but_not_for_its_own_browser(
    alice, bob, settings, time_machine
):
    settings.LOG_IN_FAILURES_OF_ACCOUNT = 20
    desk = Client(REMOTE_ADDR=HOME)
    log_in(desk, alice)
    desk.post("/accounts/logout/")
    for number in range(22):
        last = log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), alice, "wrong")
    assert last.status_code == 429
    log_in(desk, alice)
    assert is_in(desk)
    other = Client(REMOTE_ADDR=OFFICE)
    assert log_in(other, alice).status_code == 429
    log_in(other, bob)
    assert is_in(other)


def test_owner_without_a_known_browser_gets_in_by_mail(alice, settings, deliver):
    settings.LOG_IN_FAILURES_OF_ACCOUNT = 3
    for number in range(5):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), alice, "wrong")
    owner = Client(REMOTE_ADDR=HOME)
    assert log_in(owner, alice).status_code == 429
    owner.post(RESET, {"email": alice.email})
    deliver()
    link = re.search(r"http://testserver(\S+/key/\S+)", mail.outbox[0].body)[1]
    page = owner.get(link, follow=True)
    fresh = "quiet lamp seven otters"
    owner.post(page.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    log_in(owner, alice, fresh)
    assert is_in(owner)


def test_one_address_guesses_no_more_than_so_many_accounts(settings, db):
    settings.LOG_IN_FAILURES_FROM_ADDRESS = 20
    browser = Client(REMOTE_ADDR=STRANGER)
    answers = [log_in(browser, f"u{n}@x.example", "wrong").status_code for n in range(22)]
    assert answers == [200] * 20 + [429] * 2


def test_known_browser_guesses_no_more_than_another(alice):
    desk = Client(REMOTE_ADDR=OFFICE)
    log_in(desk, alice)
    desk.post("/accounts/logout/")
    assert guess(desk, alice, 11) == [200] * 10 + [429]


def test_cookie_of_a_browser_is_good_for_its_accounts_alone(alice, bob, settings):
    desk = Client(REMOTE_ADDR=OFFICE)
    log_in(desk, alice)
    cookie = desk.cookies[settings.DEVICE_COOKIE_NAME]
    assert alice.email not in cookie.value
    assert cookie["httponly"]
    settings.LOG_IN_FAILURES_OF_ACCOUNT = 1
    guess(Client(REMOTE_ADDR=STRANGER), bob, 2)
    other = Client(REMOTE_ADDR=OFFICE)
    other.cookies[settings.DEVICE_COOKIE_NAME] = cookie.value
    assert log_in(other, bob).status_code == 429


def test_computer_of_several_people_is_known_to_each(alice, bob, settings):
    desk = Client(REMOTE_ADDR=OFFICE)
    for user in (alice, bob):
        log_in(desk, user)
        desk.post("/accounts/logout/")
    settings.LOG_IN_FAILURES_OF_ACCOUNT = 1
    for user in (alice, bob):
        guess(Client(REMOTE_ADDR=STRANGER), user, 2)
        log_in(desk, user)
        assert is_in(desk)
        desk.post("/accounts/logout/")


@pytest.mark.django_db(transaction=True)
def test_many_attempts_at_once_are_no_more_than_the_limit():
    answers, ready = [], Barrier(12)

    def one():
        browser = Client(REMOTE_ADDR=STRANGER)
        ready.wait()
        answers.append(log_in(browser, "nobody@x.example", "wrong").status_code)
        connection.close()

    threads = [Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 10 + [429] * 2


def test_counts_hold_no_address_and_are_deleted_when_they_end(alice, time_machine):
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    guess(Client(REMOTE_ADDR=STRANGER), alice, 1)
    keys = list(AttemptCount.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    call_command("clear_expired")
    assert AttemptCount.objects.count() == 3
    time_machine.shift(3601)
    call_command("clear_expired")
    assert not AttemptCount.objects.exists()


def test_reached_limit_is_an_event_once_a_period(alice):
    for user in (alice, "nobody@x.example"):
        guess(Client(REMOTE_ADDR=STRANGER), user, 15)
    known, unknown = SecurityEvent.objects.filter(kind=SecurityEvent.Kind.RATE_LIMITED).order_by(
        "pk"
    )
    assert (known.subject, known.account_digest, known.address) == (alice, "", STRANGER)
    assert (unknown.subject, bool(unknown.account_digest)) == (None, True)
    assert known.detail == unknown.detail == {"limit": "log_in"}


# Confirmation by password, and the change of a password


def confirm(browser, password):
    return browser.post("/accounts/reauthenticate/", {"password": password}).status_code


def change(browser, password):
    fields = {"oldpassword": password, "password1": "x", "password2": "y"}
    return browser.post("/accounts/password/change/", fields).status_code


@pytest.mark.parametrize("ask", [confirm, change])
def test_current_password_cannot_be_guessed_in_a_session(portal, alice, bob, ask):
    browser = portal(alice)
    answers = [ask(browser, "wrong") for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert ask(portal(bob), PASSWORD) != 429


# Second factor


def at_second_step(user, address):
    browser = Client(REMOTE_ADDR=address)
    assert log_in(browser, user)["Location"] == SECOND_STEP
    return browser


def try_codes(browser, codes):
    return [browser.post(SECOND_STEP, {"code": one}).status_code for one in codes]


def test_wrong_codes_are_limited_and_lock_nobody_else_out(browser_at, alice, bob):
    """By somebody who knows the password; a new log-in starts no new count."""
    for user in (alice, bob):
        TOTP.activate(user, SECRET)
    answers = []
    for _ in range(3):
        answers += try_codes(at_second_step(alice, STRANGER), ["000000", "1", ""])
    assert answers.count(429) == 1  # an empty form is no guess
    stranger = at_second_step(alice, STRANGER)
    answer = stranger.post(SECOND_STEP, {"code": code()})
    assert answer.status_code == 429
    assert "Retry-After" in answer
    assert not is_in(stranger)
    for user, address in ((alice, HOME), (bob, STRANGER)):
        browser = at_second_step(user, address)
        browser.post(SECOND_STEP, {"code": code()})
        assert is_in(browser)


def test_recovery_codes_are_limited_with_them(alice):
    TOTP.activate(alice, SECRET)
    codes = RecoveryCodes.activate(alice).generate_codes()
    stranger = at_second_step(alice, STRANGER)
    try_codes(stranger, ["12345678"] * 5)
    assert stranger.post(SECOND_STEP, {"code": codes[0]}).status_code == 429
    owner = at_second_step(alice, HOME)
    owner.post(SECOND_STEP, {"code": codes[0]})
    assert is_in(owner)


def test_confirmation_and_set_up_by_code_are_limited(portal, alice, bob):
    TOTP.activate(alice, SECRET)
    browser = portal(alice)
    answers = [
        browser.post("/accounts/2fa/reauthenticate/", {"code": "000000"}).status_code
        for _ in range(6)
    ]
    assert answers == [200] * 5 + [429]
    other = Client()
    log_in(other, bob)
    answers = [other.post(SET_UP, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_code_of_many_addresses_is_slowed_down(alice, settings):
    settings.SECOND_FACTOR_FAILURES_OF_ACCOUNT = 4
    TOTP.activate(alice, SECRET)
    for number in range(5):
        browser = at_second_step(alice, f"203.0.113.{number}")
        (last,) = try_codes(browser, ["000000"])
    assert last == 429


# A code is good once (hole 12, ASVS 6.5.1)


def set_up(browser, user):
    log_in(browser, user)
    secret = browser.get(SET_UP).context["form"].secret
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert browser.post(SET_UP, {"code": now}).status_code == 302
    assert Authenticator.objects.filter(user=user).exists()
    return now


def test_code_that_activated_the_app_works_no_more(alice, time_machine):
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    used = set_up(Client(), alice)
    thief = at_second_step(alice, STRANGER)
    assert try_codes(thief, [used, f" {used[:3]} {used[3:]} "]) == [200, 200]
    assert not is_in(thief)


def test_code_that_logged_in_works_no_more(alice, time_machine):
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    TOTP.activate(alice, SECRET)
    owner = at_second_step(alice, HOME)
    assert try_codes(owner, [code()]) == [302]
    thief = at_second_step(alice, STRANGER)
    assert try_codes(thief, [code()]) == [200]
    confirming = owner.post("/accounts/2fa/reauthenticate/", {"code": code()})
    assert confirming.status_code == 200


def test_used_codes_are_not_pushed_out_of_the_cache(alice, time_machine):
    from django.core.cache import cache

    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    used = set_up(Client(), alice)
    for number in range(400):
        cache.set(f"filler{number}", 1)
    assert try_codes(at_second_step(alice, STRANGER), [used]) == [200]


def test_recovery_code_works_once(alice):
    TOTP.activate(alice, SECRET)
    one = RecoveryCodes.activate(alice).generate_codes()[0]
    assert try_codes(at_second_step(alice, HOME), [one]) == [302]
    assert try_codes(at_second_step(alice, STRANGER), [one]) == [200]


@pytest.mark.parametrize(("seconds", "works"), [(-30, False), (0, True), (30, False)])
def test_code_lives_for_30_seconds(alice, settings, time_machine, seconds, works):
    del settings.MFA_TOTP_TOLERANCE  # as in production
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    TOTP.activate(alice, SECRET)
    browser = at_second_step(alice, HOME)
    shown = code()
    time_machine.shift(seconds)
    browser.post(SECOND_STEP, {"code": shown})
    assert is_in(browser) == works


def test_secrets_and_recovery_codes_are_random_and_encrypted(alice, bob):
    codes = [RecoveryCodes.activate(user).generate_codes() for user in (alice, bob)]
    assert not set(codes[0]) & set(codes[1])
    assert all(re.fullmatch(r"\d{8}", one) for one in codes[0] + codes[1])  # 26 bits
    stored = str(Authenticator.objects.values_list("data", flat=True))
    assert not [one for one in codes[0] if one in stored]


# Forgot your password?


def ask(browser, email):
    return browser.post(RESET, {"email": email}).status_code


def test_resets_asked_by_a_stranger_keep_nobody_from_one(browser_at, alice, bob):
    stranger = browser_at(STRANGER)
    answers = [ask(stranger, alice.email) for _ in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert ask(browser_at(OFFICE), alice.email) == 302
    assert ask(stranger, bob.email) == 302


def test_resets_are_limited_alike_without_an_account(db):
    browser = Client(REMOTE_ADDR=STRANGER)
    assert [ask(browser, "nobody@x.example") for _ in range(6)] == [302] * 5 + [429]


def test_mails_to_one_account_are_limited_from_wherever_they_are_asked(alice):
    answers = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), alice.email) for n in range(11)]
    assert answers == [302] * 10 + [429]


# The address


@pytest.mark.parametrize(
    ("count", "header", "remote", "found"),
    [
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "203.0.113.1", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.1", "127.0.0.1", "203.0.113.1"),
        (1, "10.0.0.1, 203.0.113.1", "127.0.0.1", "203.0.113.1"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (2, "10.0.0.1, 203.0.113.1, 192.0.2.9", "127.0.0.1", "203.0.113.1"),
        (2, "203.0.113.1", "127.0.0.1", "203.0.113.1"),  # one proxy fewer than the settings say
        (1, "nonsense", "127.0.0.1", "127.0.0.1"),
        (1, "203.0.113.1:4711", "127.0.0.1", "203.0.113.1"),
        (1, "[2001:db8::1]:4711", "127.0.0.1", "2001:db8::1"),
        (1, "2001:DB8:0::1", "::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.1", "127.0.0.1", "203.0.113.1"),
        (1, " , ", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_address_of_a_user_is_what_our_own_proxy_saw(rf, settings, count, header, remote, found):
    from agencies.requests import address

    settings.PROXY_COUNT = count
    headers = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    assert address(rf.get("/", REMOTE_ADDR=remote, **headers)) == found


@pytest.mark.parametrize(("count", "header"), [(0, "203.0.113.1"), (1, None), (2, "203.0.113.1")])
def test_wrong_number_of_proxies_is_in_the_log_once(
    rf, settings, caplog, monkeypatch, count, header
):
    from hmis import proxies

    monkeypatch.setattr(proxies, "_warned", set())
    settings.PROXY_COUNT = count
    headers = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    for _ in range(3):
        proxies.client_address(rf.get("/", **headers))
    (line,) = caplog.messages
    assert "PROXY" in line
    assert "203.0.113.1" not in line


def test_every_limit_is_documented():
    text = DOCUMENT.read_text()
    rules = [
        one for one in vars(__import__("agencies.limits").limits).values() if isinstance(one, Rule)
    ]
    assert LOG_IN in rules
    for rule in rules:
        for setting in (rule.here, rule.from_address, rule.of_account):
            assert f"`{setting}`" in text


def test_a_counted_period_begins_again(db, time_machine):
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    count = AttemptCount.objects.count_one
    assert [count("a" * 64, timedelta(minutes=1))[0] for _ in range(3)] == [1, 2, 3]
    time_machine.shift(60)
    assert count("a" * 64, timedelta(minutes=1)) == (1, timezone.now() + timedelta(minutes=1))


def test_period_that_a_clock_ahead_has_begun_locks_nobody_out_when_it_is_set_back(db, time_machine):
    time_machine.move_to("2026-11-30 15:00:00 +00:00", tick=False)
    count, minutes = AttemptCount.objects.count_one, timedelta(minutes=15)
    count("a" * 64, minutes)
    count("a" * 64, minutes)
    time_machine.move_to("2026-11-29 15:00:00 +00:00", tick=False)
    assert count("a" * 64, minutes) == (1, timezone.now() + minutes)


def test_web_server_that_is_a_little_behind_counts_on(db, time_machine):
    time_machine.move_to("2026-11-30 15:00:30 +00:00", tick=False)
    ends_at = timezone.now() + timedelta(minutes=15)
    AttemptCount.objects.count_one("a" * 64, timedelta(minutes=15))
    time_machine.move_to("2026-11-30 15:00:00 +00:00", tick=False)
    assert AttemptCount.objects.count_one("a" * 64, timedelta(minutes=15)) == (2, ends_at)
