"""No name, SSN or date of birth stands in an address, a title, a log line or a mail (2.8)."""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import pytest
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage, MessageSerializer
from django.core import signing
from django.core.mail import EmailMessage
from playwright.sync_api import BrowserContext, Error, Page, Response, expect

from clients.models import Client
from hmis.logs import DiscreetFormatter
from tests.stories.conftest import heading, log_in

pytestmark = pytest.mark.new_browser

NAMES = ["Quenbyrose", "Throckwhistle", "Zebediah", "Quennie", "Throckwistle", "Marigoldine"]
# The last four digits of the SSNs begin with 0, as no ID of a client does.
SECRETS = [
    *NAMES,
    "219-09-0871",
    "219090871",
    "219-09-0872",
    "219090872",
    "03/09/1975",
    "3/9/1975",
    "1975-03-09",
    "1975-3-9",
    "03-09-1975",
    "03091975",
    "19750309",
    "March 9, 1975",
    "Mar 9, 1975",
    "9 March 1975",
    "617-555-0142",
    "6175550142",
    "617-555-0155",
    "quenby@mail.example",
    "marigold@mail.example",
    "0871",
    "0872",
]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # may hold any four digits
CLOCKS = {"created", "msecs", "process", "relativeCreated", "thread", "threadName"}  # and these
LOGGERS = ["", "django", "django.request", "django.server", "django.security", "clients", "hmis"]


def leaks(texts: Iterable[str]) -> set[str]:
    """Return which of the secrets stand in the texts, each as a whole word or number."""
    one = UUID.sub("", "\n".join(unquote_plus(text) for text in texts))
    return {
        secret
        for secret in SECRETS
        if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", one, re.IGNORECASE)
    }


@dataclass
class Traces:
    """What a session leaves behind outside of its pages."""

    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.addresses.append(request.url))
        context.on("response", self._answered)
        context.on("page", lambda page: page.on("domcontentloaded", self._shown))

    def _answered(self, response: Response) -> None:
        header = response.headers.get("set-cookie", "")
        self.cookies += [header, *decoded_messages(header)]
        self.addresses.append(response.headers.get("location", ""))
        body = response.headers.get("content-type", "").startswith("text/html")
        if body and response.ok:
            with suppress(Error):  # the browser may have gone on to another page
                self.titles += re.findall(r"<title>(.*?)</title>", response.text(), re.DOTALL)

    def _shown(self, page: Page) -> None:
        self.addresses.append(page.url)

    def take_storage(self, page: Page) -> None:
        self.stored.append(
            page.evaluate(
                "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state,"
                " document.cookie, document.referrer])"
            )
        )


def decoded_messages(header: str) -> list[str]:
    """What stands in the cookie that carries messages from one page to the next."""
    found = re.search(r'(?:^|\n|, )messages="?([^;"]+)', header)
    if not found or ":" not in found[1]:
        return []
    signer = signing.get_cookie_signer(salt="django.contrib.messages")
    messages = signer.unsign_object(found[1], serializer=MessageSerializer)
    return [str(message) for message in messages]


class Collector(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(DiscreetFormatter())
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))
        facts = {name: fact for name, fact in record.__dict__.items() if name not in CLOCKS}
        self.lines.append(json.dumps(facts, default=lambda thing: type(thing).__name__))


@pytest.fixture
def traces(context) -> Iterator[Traces]:
    traces = Traces()
    traces.follow(context)
    handler = Collector(traces.log)
    # It tells of every variable that a template does not have, and only to developers.
    logging.getLogger("django.template").setLevel(logging.INFO)
    levels = {"django.template": logging.NOTSET}
    for name in LOGGERS:
        logger = logging.getLogger(name)
        levels[name] = logger.level
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
    yield traces
    for name, level in levels.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


def whole(mail: EmailMessage) -> str:
    return f"{mail.subject}\n{mail.body}\n{mail.to}\n{mail.message()}"


def test_a_day_of_work_leaves_no_personal_data_behind(
    page, traces, alice, john, mailoutbox, watch, deliver
):
    watch.expects(404)
    page.goto("/clients/")
    log_in(page, alice)
    first = add(page, "Quenbyrose", "Throckwhistle", "219-09-0871")
    refuse_an_edit(page, first)
    second = add(page, "Quennie", "Throckwistle", "219-09-0872")
    page.goto(f"/clients/{first}/")
    page.get_by_role("button", name="Reveal SSN").click()
    page.get_by_role("radio", name="Other").check()
    page.get_by_label("What is it?").fill("Lease of Throckwhistle")
    page.get_by_role("button", name="Reveal", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("219-09-0871")
    add_interested_other(page, first)
    report(page, first, second)
    search_everywhere(page)
    page.goto(f"/clients/{first}999/")

    traces.take_storage(page)
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    deliver()
    assert len(mailoutbox) == 1
    assert min(map(len, (traces.addresses, traces.titles, traces.cookies, traces.log))) > 3
    assert leaks(traces.addresses) == set()
    assert leaks(traces.titles) == set()
    assert leaks(traces.cookies) == set()
    assert leaks(traces.stored) == set()
    assert leaks(traces.log) == set()
    assert leaks(map(whole, mailoutbox)) == set()


def add(page, first, last, ssn):
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill(first)
    page.get_by_label("Last Name", exact=True).fill(last)
    page.get_by_label("Date of Birth").fill("3/9/1975")
    page.get_by_label("SSN").fill(ssn)
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Add New Client").click()
    page.get_by_label("Alias 1 first name").fill("Zebediah")
    page.get_by_label("Phone").fill("617-555-0142")
    page.get_by_label("E-mail").fill("quenby@mail.example")
    page.get_by_role("button", name="Save", exact=True).click()
    other = page.get_by_role("button", name="This is someone else")
    expect(other.or_(heading(page, "Client Dashboard"))).to_be_visible()
    if other.is_visible():
        other.click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    return Client.objects.get(first_name=first).pk


def refuse_an_edit(page, client_id):
    page.goto(f"/clients/{client_id}/edit/")
    page.get_by_label("Date of Birth", exact=True).fill("03/09/2175")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Date of Birth", exact=True).fill("03/09/1975")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Client saved.")).to_be_visible()


def add_interested_other(page, client_id):
    page.goto(f"/clients/{client_id}/interested-others/add/")
    page.get_by_label("Type/Description").fill("Parent")
    page.get_by_label("First Name", exact=True).fill("Marigoldine")
    page.get_by_label("Cell Phone").fill("617-555-0155")
    page.get_by_label("E-mail").fill("marigold@mail.example")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="Marigoldine")
    row.get_by_role("link", name="Edit").click()
    page.get_by_role("main").get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()


def report(page, first, second):
    page.goto(f"/duplicates/report/?client={first}")
    page.get_by_label("Duplicate Client ID").fill(str(second))
    page.get_by_label("Comment").fill("Quenbyrose is Quennie, born 03/09/1975.")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Report as the same person").click()
    expect(heading(page, "Reported duplicate")).to_be_visible()


def search_everywhere(page):
    for text in ("Quenbyrose Throckwhistle", "219-09-0871", "ssn 0871", "3/9/1975"):
        box = page.get_by_role("search").get_by_label("Search", exact=True)
        box.fill(text)
        box.press("Enter")
        expect(page.get_by_role("heading", level=2, name=re.compile("found"))).to_be_visible()


@pytest.mark.parametrize(
    "text",
    [
        "GET /clients/?q=quenbyrose",
        "/clients/?dob=03%2F09%2F1975",
        "/?ssn=219%2D09-0871",
        "SSN ends in 0871.",
        "Mail to quenby@mail.example",
        '{"name": "Throckwhistle, Q"}',
    ],
)
def test_the_search_for_leaks_finds_one(text):
    assert leaks(["harmless", text])


def test_the_search_for_leaks_hears_the_log_and_reads_the_messages(page, traces, at_desk, alice):
    logging.getLogger("clients.duplicates.actions").info("Saved %s", "Throckwhistle")
    logging.getLogger("django.request").warning("Not Found: /%s/", "Quennie")
    at_desk(alice).goto("/clients/?name=Zebediah")
    page.evaluate("sessionStorage.setItem('draft', '219090871')")
    page.evaluate("document.title = 'none'")
    traces.take_storage(page)
    assert leaks(traces.log) == {"Throckwhistle", "Quennie"}
    assert leaks(traces.addresses) == {"Zebediah"}
    assert "219090871" in leaks(traces.stored)
    cookie = CookieStorage(None)._encode([Message(25, "Marigoldine saved.")])
    assert "Marigoldine" not in cookie
    assert leaks(decoded_messages(f"messages={cookie}; Path=/")) == {"Marigoldine"}
