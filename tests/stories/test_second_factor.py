"""The second step of the log-in, where settings ask for it."""

import base64
import hashlib
import hmac
import struct
import time

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.stories.conftest import heading, log_in


@pytest.fixture(autouse=True)
def _second_factor(settings):
    settings.MFA_REQUIRED = True


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an authenticator app shows now, or that many half minutes on (RFC 6238)."""
    key = base64.b32decode(secret)
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def set_up(page, user):
    page.goto("/")
    log_in(page, user)
    expect(heading(page, "Set up the authenticator app")).to_be_visible()
    secret = page.get_by_label("Key, if the app cannot scan").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(heading(page, "Recovery codes")).to_be_visible()
    return secret


def log_out(page):
    page.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Work e-mail")).to_be_visible()


def test_nothing_is_shown_before_the_second_factor_is_set_up(page, alice, john, look):
    page.goto(john.get_absolute_url())
    log_in(page, alice)
    expect(heading(page, "Set up the authenticator app")).to_be_visible()
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    look("set-up")
    for address in (john.get_absolute_url(), "/clients/", "/settings/", "/"):
        page.goto(address)
        expect(heading(page, "Set up the authenticator app")).to_be_visible()
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Incorrect code. Enter the one that the app shows now")).to_be_visible()
    look("wrong-code")


def test_a_code_of_the_app_logs_in(page, alice, look):
    secret = set_up(page, alice)
    look("recovery-codes")
    page.get_by_role("link", name="Done").click()
    expect(heading(page, "Good to see you, Alice")).to_be_visible()
    page.goto("/accounts/2fa/")
    look("index")
    log_out(page)
    cache.clear()  # as half a minute later: the code that set up the app is not good once more

    log_in(page, alice)
    expect(heading(page, "Second step")).to_be_visible()
    look("second-step")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Log in").click()
    expect(heading(page, "Good to see you, Alice")).to_be_visible()


def test_a_recovery_code_logs_in_once(page, alice):
    set_up(page, alice)
    code = page.get_by_role("list", name="Unused codes").get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="Done").click()
    log_out(page)
    log_in(page, alice)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()
    expect(heading(page, "Good to see you, Alice")).to_be_visible()
    log_out(page)
    log_in(page, alice)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()
