"""The stories' own eyes: each of these faults would turn a story red, and haste would not."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import expect

from tests.waits import wait_until


@pytest.fixture
def page(page, at_desk, alice):
    page = at_desk(alice)
    page.goto("/clients/")
    return page


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("console.error('broken')", "console error: broken"),
        ("setTimeout(() => { throw new Error('broken') })", "script error"),
        ("document.body.append(Object.assign(document.createElement('script'),"
         " {textContent: '1'}))", "Content Security Policy"),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        ("fetch('/nowhere/')", "status of 404"),
        ("document.body.append(Object.assign(new Image(), {src: '/static/nothing.png'}))",
         "status of 404"),
        ("fetch('http://127.0.0.1:1/')", "Content Security Policy"),
    ],
)  # fmt: skip
def test_a_fault_in_the_browser_is_noticed(page, watch, fault, complaint):
    page.evaluate(f"() => {{ {fault} }}")

    def is_noticed():
        page.evaluate("() => new Promise(requestAnimationFrame)")
        return any(complaint in one for one in watch.complaints)

    wait_until(is_noticed)
    page.close()
    assert any(complaint in one for one in watch.complaints), watch.complaints
    watch.complaints.clear()


def test_a_fault_of_the_server_is_noticed_after_the_page_is_left(page, watch, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("clients.views.dashboard.get_client", break_down)
    page.evaluate("() => { fetch('/clients/1/', {keepalive: true}) }")
    page.close()
    wait_until(lambda: "server error: /clients/1/" in watch.complaints)
    watch.expects(500)
    watch.complaints.clear()


def test_a_page_that_is_refused_is_noticed_without_javascript(page, elsewhere, watch):
    other = elsewhere(java_script_enabled=False)
    other.goto("/nowhere/")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    wait_until(lambda: other.title() and watch.complaints)
    assert "status of 404" in watch.complaints.pop()


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("[...document.querySelectorAll('main label')].at(-1).remove()", "label"),
        ("document.querySelector('main button').style.zoom = 0.3", "<button"),
        ("document.querySelector('main form').style.width = '2000px'", "scrolls sideways"),
        ("document.querySelector('h1').style.color = '#ddd'", "contrast"),
    ],
)
def test_a_fault_of_the_page_is_seen(page, look, fault, complaint):
    page.evaluate(f"() => {{ {fault} }}")
    with pytest.raises(AssertionError, match=complaint):
        look("fault")


@pytest.fixture
def ask(entrance):
    """A page asks the live server, with the cookie of a session or none, and is answered."""
    with ThreadPoolExecutor(1) as server:

        def ask(session=""):
            cookie = f"{settings.SESSION_COOKIE_NAME}={session}" if session else ""
            server.submit(entrance.begin, WSGIHandler, {"HTTP_COOKIE": cookie}).result()
            server.submit(entrance.end).result()

        yield ask
        entrance.close()


def test_nobody_is_let_in_between_two_stories(entrance, ask):
    entrance.close()
    with pytest.raises(ConnectionRefusedError):
        ask()


def test_page_of_a_story_that_ended_is_not_let_in_by_the_next_one(entrance, ask):
    entrance.is_open = True
    ask()
    ask("first")
    entrance.close()
    entrance.is_open = True
    ask()
    ask("second")
    with pytest.raises(ConnectionRefusedError):
        ask("first")


class InHalves(BaseHTTPRequestHandler):
    """A page with a link to itself, whose second half comes late."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Halves</title><a href='/next/'>Next</a>")
        self.wfile.flush()
        time.sleep(0.5)
        self.wfile.write(b"<p>End</p>")

    def log_message(self, *args: object) -> None:
        """Write nothing to the terminal."""


@pytest.fixture
def slow_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), InHalves) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_a_click_leads_to_is_read_once_it_is_whole(page, elsewhere, slow_site, script):
    other = elsewhere(java_script_enabled=script)
    other.goto(slow_site)
    other.get_by_role("link", name="Next").click()
    assert other.get_by_text("End").count() == 1
    assert other.url == f"{slow_site}/next/"
