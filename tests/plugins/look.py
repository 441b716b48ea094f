"""How the stories look at a page: on a desk and on a phone, with axe."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.plugins.axe import LAYOUT, SHELL, STRUCTURE, WCAG, Analyzed, violations

LEFT = "Execution context was destroyed"  # as Playwright says it
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
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
# What a look needs to know at each width, asked for at once: a question costs milliseconds.
FACTS = f"""(shell) => [
  document.scrollingElement.scrollWidth <= innerWidth, ({SMALL_TARGETS})(), ({STRUCTURE})(shell)
]"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((el) => el.getBoundingClientRect().right > innerWidth + 1)
  .map((el) => el.outerHTML.slice(0, 90)).slice(0, 8)"""
# Two frames after the window has its width, or after five seconds: a page may never have it.
RESIZED = """(width) => new Promise((done) => {
  let left = 300;
  const wait = () => innerWidth === width || !left--
    ? requestAnimationFrame(() => requestAnimationFrame(done)) : requestAnimationFrame(wait);
  wait();
})"""


@pytest.fixture
def look(page: Page, picture: Callable[..., None], analyzed: Analyzed) -> Callable[..., None]:
    """Look at the page on a desk and on a phone: room, targets for a finger, and axe.

    Axe goes through each structure once at each width. At the second it tries the rules of layout
    alone where every element is as visible and has the same colors as at the first.

    Where `leaves` is given the page is left next, and its window stays as wide as it was looked at
    last: a resize costs half as much as a page.
    """

    def look(label: str, page: Page = page, *, leaves: bool = False) -> None:
        before = page.viewport_size
        try:
            look_at(label, page)
        except Error as error:
            if LEFT not in str(error):
                raise
            look_at(label, page)  # a filter that was just changed has brought the page again
        if not leaves:
            resize(page, before)

    def look_at(label: str, page: Page) -> None:
        page.wait_for_load_state()
        at_first: dict[str, str] = {}
        before = page.viewport_size
        for viewport in sorted((DESK, PHONE), key=lambda one: one != before):
            resize(page, viewport)
            width = viewport["width"]
            picture(f"{label}-{width}", page)
            fits, small, parts = facts_at_rest(page)
            assert fits, f"{label} scrolls sideways at {width}: {page.evaluate(TOO_WIDE)}"
            assert small == [], f"{label} at {width}"
            analyze(page, analyzed, f"{label} at {width}", width, parts, at_first)
            at_first = parts

    return look


def facts_at_rest(page: Page) -> tuple[bool, list[list[Any]], dict[str, str]]:
    """Ask for the FACTS, and again for some seconds where they are bad.

    Chromium may have given a page its new width, and not yet the rules of that width.
    """
    deadline = time.monotonic() + 5
    while True:
        fits, small, parts = page.evaluate(FACTS, SHELL)
        if (fits and not small) or time.monotonic() > deadline:
            return fits, small, parts
        page.wait_for_timeout(50)


def analyze(
    page: Page,
    analyzed: Analyzed,
    label: str,
    width: int,
    parts: dict[str, str],
    at_first: dict[str, str],
) -> None:
    """Let axe go through the structures that it has not seen at this width.

    Args:
        parts: the structures that the page has now.
        at_first: those that it had at the width before; none at the first.
    """
    keys = {name: f"{width}: {structure}" for name, structure in parts.items()}
    if all(key in analyzed for key in keys.values()):
        return
    known = [name for name in SHELL if keys.get(name, "") in analyzed]
    new = {name for name in parts if name not in known}
    as_at_first = all(parts[name] == at_first.get(name) for name in new)
    found = violations(page, known, LAYOUT if as_at_first else WCAG)
    assert not found.violations_count, f"{label}\n{found.generate_report()}"
    for key in keys.values():
        analyzed.add(key)


def resize(page: Page, viewport: dict[str, int]) -> None:
    """Give the window a size, and wait until it has it: the page is laid out again after that."""
    page.set_viewport_size(viewport)
    page.evaluate(RESIZED, viewport["width"])
