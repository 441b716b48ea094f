import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, parse_cookie
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, Page, expect

from agencies.models import User
from files import inspection, store
from tests.factories import ClientAliasFactory, ClientFactory, InterestedOtherFactory
from tests.stories.watch import Watch
from tests.waits import wait_until

PASSWORD = "pass-phrase-for-tests"
# The bar of an intake where no release is asked for.
STEPS = [
    "Basic Client Information",
    "Family Members",
    "HUD Program Enrollment",
    "Universal Data Assessment",
    "Barriers",
    "Domestic Violence",
    "Income and Sources",
    "Non-Cash Benefits",
    "Health Insurance",
    "Review",
]

Options = tuple[tuple[str, Any], ...]
SharedContexts = dict[Options, list[BrowserContext]]
PATIENCE = 60  # seconds, for a machine that others keep busy
expect.set_options(timeout=PATIENCE * 1000)


class Entrance:
    """Who may ask the live server: a page of the story that runs, and none between two stories.

    A page that is left may send what was typed after its browser was closed, and the tables of
    its story are emptied by then. What comes even later, in the next story, finds no session: the
    answer would take the cookie of the next story's session from the browser that both share.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._answering: set[int] = set()
        self._sessions: set[str] = set()
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, sender: type, environ: dict[str, Any], **options: Any) -> None:
        is_test = threading.current_thread() is threading.main_thread()
        if is_test or not issubclass(sender, WSGIHandler):
            return  # what a test asks by itself, or by a test client
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        session = cookies.get(django_settings.SESSION_COOKIE_NAME, "")
        with self._lock:
            if not self.is_open or session in self._ended:
                raise ConnectionRefusedError("The story of this page has ended")
            self._answering.add(threading.get_ident())
            self._sessions |= {session} - {""}

    def end(self, **options: Any) -> None:
        self._answering.discard(threading.get_ident())

    def close(self) -> None:
        """Let nobody in, and return once all that are in have been answered."""
        with self._lock:
            self.is_open = False
        wait_until(lambda: not self._answering & {one.ident for one in threading.enumerate()})
        self._ended |= self._sessions
        self._sessions.clear()


@pytest.fixture
def own_database(transactional_db: None, entrance: Entrance) -> Iterator[None]:
    """Forget the log-ins that earlier stories tried; leave no request to the next story.

    The browser asks for it, so that its pages are closed before nobody is let in any more.
    """
    cache.clear()
    entrance.is_open = True
    yield
    entrance.close()


@pytest.fixture(scope="session")
def entrance() -> Iterator[Entrance]:
    entrance = Entrance()
    request_started.connect(entrance.begin)
    request_finished.connect(entrance.end)
    yield entrance
    request_started.disconnect(entrance.begin)
    request_finished.disconnect(entrance.end)


@pytest.fixture(scope="session", autouse=True)
def _browsers_keep_static_files() -> Iterator[None]:
    """The files of a fresh clone are too new for a browser to keep: it would ask for each again."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=3600, immutable"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_may_take_long() -> Iterator[None]:
    """On a busy machine a program that looks at a file takes longer to start than a user waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "SECONDS", PATIENCE)
        patch.setattr(inspection, "PATIENCE", PATIENCE)
        patch.setattr(store, "SECONDS_FOR_A_THUMBNAIL", PATIENCE)
        yield


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert not watch.complaints


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    # Nothing moves, so that pictures and contrasts are those of the page at rest.
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def shared_contexts() -> SharedContexts:
    """Browser contexts that stories which passed left to the next ones, by their options."""
    return defaultdict(list)


@pytest.fixture
def open_context(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict[str, Any],
    shared_contexts: SharedContexts,
    watch: Watch,
    live_server,
    own_database: None,
) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser: without cookies and stored data, like a new one.

    A new one costs as much as five pages; stories marked `new_browser` get it. In the others an
    empty page stays, because a page in a window that is there costs half of one in a new window.
    """
    is_shared = not request.node.get_closest_marker("new_browser")
    opened: list[tuple[Options, BrowserContext]] = []

    def open_one(**options: Any) -> BrowserContext:
        key = tuple(sorted(options.items()))
        if is_shared and shared_contexts[key]:
            context = shared_contexts[key].pop()
        else:
            context = browser.new_context(
                **browser_context_args, **options, base_url=live_server.url
            )
            if is_shared:
                context.new_page()
        context.set_default_timeout(PATIENCE * 1000)
        watch.over(context)
        opened.append((key, context))
        return context

    yield open_one
    has_passed = "rep_call" in vars(request.node) and request.node.rep_call.passed
    for key, context in opened:
        for page in context.pages[is_shared:]:
            page.close()
        watch.leave(context)
        if has_passed and is_shared:
            context.set_offline(False)
            context.clear_cookies()
            shared_contexts[key].append(context)
        else:
            context.close()


def empty_page(context: BrowserContext, address: str) -> Page:
    """Open a page for which nothing is stored from the time before."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    everything = {"origin": address, "storageTypes": "all"}
    session.send("Storage.clearDataForOrigin", everything)
    session.detach()
    return page


@pytest.fixture
def context(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """The first browser of a story."""
    return open_context()


@pytest.fixture
def page(context: BrowserContext, live_server) -> Page:
    return empty_page(context, live_server.url)


@pytest.fixture
def signed_in(live_server, client) -> Callable[[BrowserContext, User], None]:
    """Give a browser the session of somebody who logged in."""

    def sign_in(context: BrowserContext, user: User) -> None:
        visitor = type(client)()
        visitor.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        value = visitor.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def at_desk(page: Page, signed_in) -> Callable[[User], Page]:
    """Seat a user at the story's first browser."""

    def sit_down(user: User) -> Page:
        signed_in(page.context, user)
        return page

    return sit_down


@pytest.fixture
def elsewhere(open_context, signed_in, live_server) -> Callable[..., Page]:
    """Open another browser, for another person or with other options."""

    def open_browser(user: User | None = None, **options: Any) -> Page:
        page = empty_page(open_context(**options), live_server.url)
        if user:
            signed_in(page.context, user)
        return page

    return open_browser


@pytest.fixture
def john(alice, harbor):
    """John Smith, whom Alice filed at Harbor Services."""
    client = ClientFactory(
        organization=harbor,
        created_by=alice,
        ssn="219099871",
        ssn_data_quality=1,
        phone="617-555-0142",
        email="john.smith@mail.example",
        address1="12 Elm Street",
        city="Lowell",
        state="MA",
        zip="01850",
        white=True,
        sex=1,
    )
    ClientAliasFactory(client=client, first_name="Jack", last_name="Smithson")
    return client


@pytest.fixture
def mary(john):
    """John's mother, listed as an interested other by Alice."""
    return InterestedOtherFactory(
        client=john, relationship="Mother", is_aware=True, cell_phone="617-555-0155"
    )


def log_in(page: Page, user: User, password: str = PASSWORD) -> None:
    page.get_by_label("Work e-mail").fill(user.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def heading(page: Page, name: str | re.Pattern[str]) -> Any:
    return page.get_by_role("heading", level=1, name=name)
