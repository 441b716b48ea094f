import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from agencies.models import User
from files import inspection, store
from tests.factories import ClientAliasFactory, ClientFactory, InterestedOtherFactory
from tests.stories.watch import Watch
from tests.waits import wait_until

PASSWORD = "pass-phrase-for-tests"
LEFT = "Execution context was destroyed"  # as Playwright says it
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
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
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2; axe leaves it out by itself
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},  # no rule of these tags reads style sheets
}
# What depends on the room that a page has, and not on its elements and colors alone.
LAYOUT = {
    **WCAG,
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
}
# Everything that one presses, but for links within a line of text; a label is part of its field.
SMALL_TARGETS = """() => {
  const size = (el) => {
    const boxes = [el, ...(el.labels ?? [])].map((one) => one.getBoundingClientRect());
    return [Math.max(...boxes.map((b) => b.width)), Math.max(...boxes.map((b) => b.height))];
  };
  return [...document.querySelectorAll(
    "button, summary, select, textarea, input:not([type=hidden]), a[href]")]
    .filter((el) => el.checkVisibility({visibilityProperty: true}) && el.getClientRects().length)
    .filter((el) => getComputedStyle(el).display !== "inline")
    .filter((el) => !el.matches(".skip-link, [aria-hidden=true]"))
    .map((el) => [el.outerHTML.slice(0, 90), ...size(el)])
    .filter(([, width, height]) => width < 23.5 || height < 23.5);
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((el) => el.getBoundingClientRect().right > innerWidth + 1)
  .map((el) => el.outerHTML.slice(0, 90)).slice(0, 8)"""

Options = tuple[tuple[str, Any], ...]
SharedContexts = dict[Options, list[BrowserContext]]
PATIENCE = 60  # seconds, for a machine that others keep busy
expect.set_options(timeout=PATIENCE * 1000)


class Entrance:
    """Who may ask the live server: a page of the story that runs, and none between two stories.

    A page that is left may send what was typed after its browser was closed, and the tables of
    its story are emptied by then.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._answering: set[int] = set()
        self._lock = threading.Lock()

    def begin(self, sender: type, **options: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            return  # of a test, which asks no server
        with self._lock:
            if not self.is_open:
                raise ConnectionRefusedError("The story of this page has ended")
            self._answering.add(threading.get_ident())

    def end(self, **options: Any) -> None:
        self._answering.discard(threading.get_ident())

    def close(self) -> None:
        """Let nobody in, and return once all that are in have been answered."""
        with self._lock:
            self.is_open = False
        wait_until(lambda: not self._answering & {one.ident for one in threading.enumerate()})


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


class Analyzed:
    """The structures that axe has gone through without a complaint, each with its width.

    Each is an empty file in a folder of the run, for the stories of all its workers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def __contains__(self, structure: str) -> bool:
        return self._file(structure).exists()

    def add(self, structure: str) -> None:
        self._file(structure).touch()

    def _file(self, structure: str) -> Path:
        return self.folder / hashlib.sha256(structure.encode()).hexdigest()


@pytest.fixture(scope="session")
def analyzed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Analyzed:
    own = tmp_path_factory.getbasetemp()
    return Analyzed((own if worker_id == "master" else own.parent) / "analyzed")


@pytest.fixture
def look(page: Page, picture: Callable[..., None], analyzed: Analyzed) -> Callable[..., None]:
    """Look at the page on a desk and on a phone: room, targets for a finger, and axe.

    Axe goes through each structure once at each width. On a phone it tries the rules of layout
    alone where every element is as visible and has the same colors as on the desk.
    """

    def look(label: str, page: Page = page) -> None:
        before = page.viewport_size
        try:
            look_at(label, page)
        except Error as error:
            if LEFT not in str(error):
                raise
            look_at(label, page)  # a filter that was just changed has brought the page again
        resize(page, before)

    def look_at(label: str, page: Page) -> None:
        page.wait_for_load_state()
        at_desk: dict[str, str] = {}
        for viewport in (DESK, PHONE):
            resize(page, viewport)
            width = viewport["width"]
            picture(f"{label}-{width}", page)
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), (
                f"{label} scrolls sideways at {width}: {page.evaluate(TOO_WIDE)}"
            )
            assert page.evaluate(SMALL_TARGETS) == [], f"{label} at {width}"
            parts = page.evaluate(STRUCTURE, SHELL)
            keys = {name: f"{width}: {structure}" for name, structure in parts.items()}
            if not all(key in analyzed for key in keys.values()):
                known = [name for name in SHELL if keys.get(name, "") in analyzed]
                new = {name for name in parts if name not in known}
                as_at_desk = all(parts[name] == at_desk.get(name) for name in new)
                found = violations(page, known, LAYOUT if as_at_desk else WCAG)
                assert not found.violations_count, f"{label} at {width}\n{found.generate_report()}"
                for key in keys.values():
                    analyzed.add(key)
            at_desk = parts

    return look


def resize(page: Page, viewport: dict[str, int]) -> None:
    """Give the window a size, and wait until it has it: the page is laid out again after that."""
    page.set_viewport_size(viewport)
    for _ in range(100):
        if page.evaluate("innerWidth") == viewport["width"]:
            break
        page.wait_for_timeout(50)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


# The top bar and the menu, the same on most pages.
SHELL = [".top-bar", ".side"]
# The elements of the shell's parts and of the rest: what they are called and refer to,
# whether they are visible and scroll, and their colors; without words and numbers. Of neighbors
# that are the same, such as rows of a list, one stands for all.
STRUCTURE = r"""(shell) => {
  const REFERENCES = "id for form list headers aria-labelledby aria-describedby aria-controls "
    + "aria-owns aria-errormessage aria-activedescendant";
  const KEPT = "role type class style lang scope tabindex autocomplete";
  const WORDS = "aria-label aria-description aria-valuetext aria-placeholder";
  const has = (names, name) => names.split(" ").includes(name);
  let ids;
  const number = (id) => {
    if (!ids.has(id)) ids.set(id, ids.size);
    return ids.get(id);
  };
  const attribute = ({name, value}) => {
    if (has(REFERENCES, name)) return `${name}=${value.trim().split(/\s+/).map(number)}`;
    if (name === "href" && /^#./.test(value)) return `href=#${number(value.slice(1))}`;
    if (name === "tabindex") return `${name}=${value}`;
    if (has(KEPT, name) || (name.startsWith("aria-") && !has(WORDS, name)))
      return `${name}=${value.replace(/[0-9]+/g, "0")}`;
    return `${name}=${value.trim() ? "x" : ""}`;
  };
  const describe = (el, without) => {
    const style = getComputedStyle(el);
    const facts = [...el.attributes].map(attribute).sort();
    facts.push(...["checked", "disabled", "indeterminate"].filter((state) => el[state]));
    facts.push(el.checkVisibility({opacityProperty: true, visibilityProperty: true}));
    facts.push(style.color, style.backgroundColor, style.opacity);
    if (/auto|scroll/.test(style.overflow))
      facts.push(el.scrollWidth > el.clientWidth, el.scrollHeight > el.clientHeight);
    const inside = [];
    for (const node of el.childNodes) {
      let one = "";
      if (node.nodeType === Node.TEXT_NODE) one = node.data.trim() ? "x" : "";
      if (node.nodeType === Node.ELEMENT_NODE && !without.includes(node))
        one = describe(node, without);
      if (one && one !== inside.at(-1)) inside.push(one);
    }
    return `<${el.localName} ${facts.join(" ")}>${inside.join("")}</>`;
  };
  const whole = (el, without) => {
    ids = new Map();
    return describe(el, without);
  };
  const parts = shell.map((name) => [name, document.querySelector(name)]).filter(([, el]) => el);
  const found = {html: whole(document.documentElement, parts.map(([, el]) => el))};
  for (const [name, el] of parts) found[name] = whole(el, []);
  return found;
}"""
STICKY = (
    "for (const bar of document.querySelectorAll('.top-bar, .client-bar, .form-actions-sticky'))"
)
UNSTICK = f"() => {{ {STICKY} bar.style.position = 'static'; }}"
STICK = f"() => {{ {STICKY} bar.style.position = ''; }}"
AXE = "({options, without}) => axe.run({include: ['html'], exclude: without}, options)"


def violations(page: Page, without: list[str], options: dict[str, Any]) -> AxeResults:
    """Run axe, whose half a megabyte of script is given to each page once.

    Args:
        without: selectors of parts that are left out.
        options: the rules, as axe takes them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # A bar that sticks to an edge of the window covers a part of some field at every scroll.
    page.evaluate(UNSTICK)
    found = AxeResults(page.evaluate(AXE, {"options": options, "without": without}))
    page.evaluate(STICK)
    return found


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
