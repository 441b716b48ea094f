"""What is rendered once in a process holds nothing of anybody, and each page has its own values."""

import re

import pytest

from records import fragments
from records.fragments import fragment
from tests.factories import ClientFactory, UserFactory


@pytest.fixture(autouse=True)
def _none_kept(monkeypatch):
    monkeypatch.setattr(fragments, "_kept", {})


def test_nothing_personal_is_kept(portal, alice, bridge, john_of_harbor):
    other = UserFactory(
        email="eve@bridge.example", first_name="Éve", last_name="100%<b>", at=[bridge]
    )
    for user in (alice, other):
        browser = portal(user)
        for page in ("/", john_of_harbor.get_absolute_url(), "/clients/?client=7"):
            html = browser.get(page).content.decode()
            assert user.email in html
            assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)
            assert f'name="next" value="{page}"' in html
    kept = "".join(fragments._kept.values())
    personal = ["alice", "eve@", "Éve", "100%<b>", "Harbor", "Bridge"]
    personal.append(john_of_harbor.get_absolute_url())
    assert not [word for word in personal if word in kept]
    assert not re.search(r"\w{64}", kept), "no token"
    assert "100%&lt;b&gt;" in html


@pytest.fixture
def john_of_harbor(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice, pk=730021977)


def test_second_page_renders_no_part_of_the_frame(portal, alice):
    browser = portal(alice)
    first, second = ([one.name for one in browser.get("/").templates] for _ in range(2))
    assert "shell/top_bar.html" in first
    assert not {one for one in second if one and one.startswith("shell/")} - {"shell/messages.html"}


def test_value_is_escaped_and_no_value_is_taken_for_a_mark():
    shown = fragment("shell/bell_count.html", {"notification_count": "<i>%(email)s \0email\0"})
    assert "&lt;i&gt;%(email)s \0email\0" in shown
    assert fragment("shell/bell_count.html", {"notification_count": "7"}) != shown
    assert "count" not in fragment("shell/bell_count.html", {"notification_count": ""})[28:]


def test_debug_and_too_many_are_rendered_each_time(settings, monkeypatch):
    settings.DEBUG = True
    fragment("shell/bell_count.html")
    settings.DEBUG = False
    monkeypatch.setattr(fragments, "MOST", 0)
    fragment("shell/bell_count.html")
    assert not fragments._kept
