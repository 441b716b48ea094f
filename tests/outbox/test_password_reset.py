"""Asking for a new password says to nobody who has an account, and never fails for its mail."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.models import Delivery, MailRun
from tests.factories import UserFactory

RESET = reverse("account_reset_password")
PASSWORD = "four plain words here"


def ask(browser, email):
    answer = browser.post(RESET, {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_reset_password_done"))
    return answer


def link(letter) -> str:
    return re.search(r"http://testserver(\S+)", letter.body)[1]


def set_password(browser, address):
    page = browser.get(address, follow=True)
    return page, browser.post(
        page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}
    )


def test_link_of_the_mail_sets_a_password(client, alice, deliver):
    ask(client, "Alice@Harbor.example")
    deliver()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([alice.email], "Choose a new password")
    assert not {"Alice", alice.last_name} & set(re.findall(r"\w+", letter.body))
    set_password(client, link(letter))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert Delivery.objects.get(kind="password_reset").state == "sent"


def test_no_row_of_an_unverified_address_is_left(client, alice, deliver):
    """Such a row would stand in the way of a second factor, for ever."""
    ask(client, alice.email)
    deliver()
    set_password(client, link(mail.outbox[0]))
    assert not EmailAddress.objects.exists()
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert not EmailAddress.objects.exists()
    assert client.get(reverse("mfa_activate_totp"), follow=True).status_code == 200
    assert "verified" not in client.get(reverse("mfa_activate_totp"), follow=True).content.decode()


@pytest.mark.parametrize("email", ["nobody@harbor.example", "gone@harbor.example"])
def test_nothing_is_mailed_and_nothing_kept_without_an_account(client, db, deliver, email):
    UserFactory(email="gone@harbor.example", is_active=False)
    ask(client, email)
    deliver()
    assert mail.outbox == []
    assert not Delivery.objects.exists()
    assert not MailRun.objects.exists()


def test_request_does_the_same_with_an_account_and_without(client, alice):
    """The same statements in the same order; tests.bench.password_reset measures the time."""
    ask(client, "warm@up.example")
    seen = []
    for email in (alice.email, "nobody@harbor.example"):
        with CaptureQueriesContext(connection) as queries:
            ask(client, email)
        seen.append(
            [re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b|NULL", "?", one["sql"]) for one in queries]
        )
    assert seen[0] == seen[1]
    assert sum("outbox_delivery" in sql for sql in seen[0]) == 1


def test_mail_server_that_is_down_is_no_fault_of_the_page(client, alice, settings, deliver):
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ask(client, alice.email)
    deliver()
    assert Delivery.objects.get().state == "pending"
    settings.EMAIL_BACKEND = locmem
    call_command("send_cas_notifications")
    assert [letter.to for letter in mail.outbox] == [[alice.email]]


def test_of_several_that_wait_the_last_is_mailed(client, alice, bob, deliver):
    for email in (alice.email, bob.email, alice.email, alice.email):
        ask(client, email)
    deliver()
    assert sorted(letter.to[0] for letter in mail.outbox) == [alice.email, bob.email]


@pytest.mark.parametrize("change", ["deactivated", "too late"])
def test_what_nobody_expects_any_more_is_not_mailed(
    client, alice, deliver, settings, time_machine, change
):
    ask(client, alice.email)
    if change == "deactivated":
        alice.is_active = False
        alice.save()
    else:
        late = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)
        time_machine.move_to(late)
    deliver()
    assert mail.outbox == []


def test_no_link_is_kept_in_the_database(client, alice, deliver):
    """A dump of the database opens no account."""
    ask(client, alice.email)
    deliver()
    key = link(mail.outbox[0]).rstrip("/").rpartition("-")[2]
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            assert not [row for (row,) in cursor.fetchall() if key in row], table


def test_allauth_sends_no_mail_of_its_own(rf, alice):
    from hmis.accounts import AccountAdapter

    with pytest.raises(NotImplementedError, match="outbox"):
        AccountAdapter(rf.get("/")).send_mail("account/email/x", alice.email, {})
