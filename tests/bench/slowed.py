"""What a user's slow computer makes of the pages: Chromium at a quarter of the processor.

A page is usable when it has loaded and nothing holds up a key or a click any more. It is opened
once to fill the browser's cache; the visits after that count.
"""

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import browser as http
from tests.bench import intakes
from tests.bench.sides import HOST, Side
from tests.plugins.browser import find_browser

SLOWER = 4  # times
VISITS = 7
BEFORE = "/clients/"  # the page that one comes from: a new tab would have to begin from nothing
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
MOST_MS, MOST_SHIFT = 500, 0.05
# A shift within half a second of a key or click is the user's own; none is made here.
OBSERVE = """
window.held = 0;
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.held = task.startTime + task.duration;
}).observe({type: "longtask", buffered: true});
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.shifted += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""
# Read when nothing has been to do for a second
USABLE = """async () => {
  await document.fonts.ready;
  await new Promise((done) => setTimeout(done, 1000));
  const {loadEventEnd} = performance.getEntriesByType("navigation")[0];
  return [Math.max(loadEventEnd, window.held), window.shifted];
}"""


def show(side: Side) -> None:
    """Print, for the dashboard and each step of an intake, when it is usable and what jumps."""
    side.start(workers=1)
    cookies = side.open(1)["cookies"]["alice"]
    addresses = {"dashboard": "/clients/1/"} | dict(steps(http.Browser(side.port, cookies)))
    print("| page | size | usable, p50 ms | slowest | layout shift |\n|---|---|---|---|---|")
    with chromium() as chrome:
        for size, (width, height) in SIZES.items():
            page = slow_page(chrome, cookies, width, height)
            for name, address in addresses.items():
                url = f"http://{HOST}:{side.port}{address}"
                page.goto(url)
                seen = [visit(page, url) for _ in range(VISITS)]
                times, shifts = zip(*seen, strict=True)
                p50, slowest, shift = statistics.median(times), max(times), max(shifts)
                missed = " **missed**" if p50 > MOST_MS or shift >= MOST_SHIFT else ""
                print(
                    f"| {name} | {size} | {p50:.0f}{missed} | {slowest:.0f} | {shift:.3f} |",
                    flush=True,
                )
            page.context.close()  # a slow tab takes a third of a processor while nothing is done
    side.stop()


def steps(browser: http.Browser) -> Iterator[tuple[str, str]]:
    """Each step of an adult's intake, answered up to Review: its name and its address."""
    for address in intakes.steps(browser):
        yield f"intake: {address.rstrip('/').rpartition('/')[2]}", address


@contextmanager
def chromium() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=sandbox)
        try:
            yield browser
        finally:
            browser.close()


def slow_page(browser: Browser, cookies: str, width: int, height: int) -> Page:
    """A tab of a slow computer, logged in; the server takes it for one behind its proxy."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        extra_http_headers={"X-Forwarded-Proto": "https"},
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "domain": HOST, "path": "/", "secure": True}
            for name, value in (pair.split("=", 1) for pair in cookies.split("; "))
        ]
    )
    context.add_init_script(OBSERVE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def visit(page: Page, url: str) -> list[float]:
    """Milliseconds until the page is usable, and by how much of the window it jumped."""
    page.goto(f"http://{HOST}:{urlsplit(url).port}{BEFORE}")
    answer = page.goto(url, wait_until="load")
    if not answer or not answer.ok or page.url != url:
        raise http.UnexpectedAnswerError(f"{url} led to {page.url}")
    return page.evaluate(USABLE)
