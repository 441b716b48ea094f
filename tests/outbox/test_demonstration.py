"""Mail of the demonstration is kept in files, read in the browser, and not there elsewhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from outbox import demonstration
from outbox.models import Delivery
from tests.cas.mail.conftest import notify, works_with
from tests.factories import ClientFactory

LIST = reverse("demonstration:mails")


@pytest.fixture
def letter(demonstration_mail):
    text = (
        "Open this link:\n\nhttp://127.0.0.1:8000/accounts/login/?a=1&b=2\n\n<b>not bold</b> "
        "https://elsewhere.example/x\n"
    )
    send_mail("Your access", text, None, ["new@harbor.example"])
    (kept,) = demonstration_mail()
    return reverse("demonstration:mail", args=[kept.name])


def test_mails_are_listed_and_read_without_a_log_in(client, letter):
    html = client.get(LIST).content.decode()
    assert "Your access" in html
    assert "new@harbor.example" in html
    assert letter in html
    answer = client.get(letter)
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert 'href="/accounts/login/?a=1&amp;b=2"' in html  # on this server, whatever its port
    assert 'href="https://elsewhere.example/x"' in html
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html


def test_newest_stand_first_and_only_so_many(client, demonstration_mail, monkeypatch):
    monkeypatch.setattr(demonstration, "SHOWN", 2)
    for subject in ("one", "two", "three"):
        send_mail(subject, "x", None, ["a@b.example"])
    assert [mail.subject for mail in demonstration_mail()] == ["three", "two"]


def test_empty_list_says_so(client, demonstration_mail):
    assert "No e-mails yet" in client.get(LIST).content.decode()


def test_links_lead_there_in_the_demonstration_alone(client, portal, alice, demonstration_mail):
    for browser, page in ((client, "/accounts/login/"), (portal(alice), "/")):
        assert LIST in browser.get(page).content.decode()


@pytest.mark.parametrize("name", ["DEMO", "EMAIL_BACKEND"])
def test_pages_are_not_there_outside_the_demonstration(
    client, portal, alice, letter, settings, name
):
    setattr(settings, name, False if name == "DEMO" else "django.core.mail.backends.smtp")
    for browser in (client, portal(alice)):
        assert browser.get(LIST).status_code == 404
        assert browser.get(letter).status_code == 404
    assert LIST not in client.get("/accounts/login/").content.decode()
    assert LIST not in portal(alice).get("/").content.decode()


@pytest.mark.parametrize("name", ["x", "20260101T000000000000Z-" + "0" * 32, "..-etc-passwd"])
def test_mail_that_is_not_there(client, demonstration_mail, name):
    assert client.get(f"{LIST}{name}/").status_code == 404


def test_mail_is_for_its_owner_alone_and_never_half_written(demonstration_mail, tmp_path):
    send_mail("x", "y", None, ["a@b.example"])
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert [path.suffix for path in (tmp_path / "mail").iterdir()] == [".eml"]


def test_only_reading(client, letter):
    for page in (LIST, letter):
        assert client.post(page).status_code == 405


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("consolemail://", True),
        ("mail.example.org:25", True),
        ("submission://", True),
        ("smtp://me:secret-word@mail.example.org:587/?tls=True", False),
        ("", False),
    ],
)
def test_address_of_the_mail_server_is_checked_at_start(monkeypatch, tmp_path, url, is_refused):
    from django.core.exceptions import ImproperlyConfigured
    from environs import Env

    from hmis import mail_settings

    monkeypatch.setenv("EMAIL_URL", url)
    if is_refused:
        with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL has to begin with one of smtp:"):
            mail_settings.chosen(Env(), demo=True, data_dir=tmp_path)
    else:
        chosen = mail_settings.chosen(Env(), demo=not url, data_dir=tmp_path)
        assert chosen["EMAIL_BACKEND"].endswith("EmailBackend" if url else "FileBackend")


def test_refusal_is_one_sentence_without_the_password(tmp_path):
    import os

    env = os.environ | {"EMAIL_URL": "mailto://me:secret-word@mail.example.org"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=Path(__file__).parents[2],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "EMAIL_URL has to begin with one of smtp://" in ended.stderr
    assert "secret-word" not in ended.stderr


def test_command_ends_well_and_its_mails_are_read(client, demonstration_mail, alice, harbor):
    """With the demonstration's own mail settings, as cron would run it."""
    john = ClientFactory(organization=harbor, created_by=alice)
    works_with(alice, john)
    one = notify(alice, john, at=timezone.now())
    call_command("send_cas_notifications")  # another exit code than 0 would raise
    (kept,) = demonstration_mail()
    html = client.get(reverse("demonstration:mail", args=[kept.name])).content.decode()
    assert f'href="{one.get_absolute_url()}"' in html
    assert Delivery.objects.get().state == "sent"
