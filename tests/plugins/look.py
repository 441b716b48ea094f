"""How the stories look at a page: on a desk and on a phone, with axe."""

from collections.abc import Callable

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
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((el) => el.getBoundingClientRect().right > innerWidth + 1)
  .map((el) => el.outerHTML.slice(0, 90)).slice(0, 8)"""


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
