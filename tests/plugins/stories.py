"""How the browser of the stories is set up, and the pictures that they leave in artefacts/.

A story that fails leaves a picture of its last page; with `--pictures` each leaves all of them.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.plugins.browser import find_browser

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--renderer-process-limit=1",  # else each story's page has a process that starts for it
    # Two cameras that show a moving test picture, and that nobody has to allow.
    "--use-fake-device-for-media-stream=device-count=2",
    "--use-fake-ui-for-media-stream",
]


# What Playwright does, or reads, at once.
ACTS = [
    *("check", "click", "dblclick", "fill", "press", "select_option", "set_input_files"),
    *("tap", "uncheck"),
]
READS = {
    Locator: [
        *("all", "all_inner_texts", "all_text_contents", "aria_snapshot", "bounding_box", "count"),
        *("evaluate", "get_attribute", "inner_text", "input_value", "is_checked", "is_visible"),
        "text_content",
    ],
    Page: ["content", "evaluate", "title"],
}


def on_complete_page(work: Callable[..., Any], *, leads_on: bool = False) -> Callable[..., Any]:
    """As a person does it, on a page that is there.

    Playwright acts before the scripts of a page ran, and comes back from a click when the next
    page has begun and has no element yet.

    leads_on: wait for that page too.
    """

    @wraps(work)
    def done(self: Locator | Page, *args: Any, **options: Any) -> Any:
        page = self if isinstance(self, Page) else self.page
        page.wait_for_load_state()
        answer = work(self, *args, **options)
        if leads_on and not page.is_closed():
            page.wait_for_load_state()
        return answer

    return done


@pytest.fixture(scope="session", autouse=True)
def _work_on_complete_pages() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ACTS:
            act = on_complete_page(getattr(Locator, name), leads_on=True)
            patch.setattr(Locator, name, act)
        for owner, names in READS.items():
            for name in names:
                patch.setattr(owner, name, on_complete_page(getattr(owner, name)))
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": find_browser(),
        "args": [*FLAGS, *sandbox],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-US",
        "timezone_id": "America/New_York",
    }


@pytest.fixture
def picture(page: Page, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep the whole page as artefacts/<module>/<test>-<label>.png, where pictures are wanted."""

    def keep(label: str, of: Page = page) -> None:
        if request.config.getoption("pictures"):
            take_picture(request.node, label, of)

    return keep


def take_picture(story: pytest.Item, label: str, page: Page) -> None:
    test = story.name.replace("[chromium]", "")
    name = re.sub(r"[^\w.-]+", "-", f"{test}-{label}")
    page.screenshot(path=ARTEFACTS / story.path.stem / f"{name}.png", full_page=True)


@pytest.fixture(autouse=True)
def _picture_of_a_failure(request: pytest.FixtureRequest) -> Iterator[None]:
    page = request.getfixturevalue("page") if "page" in request.fixturenames else None
    yield
    has_failed = "rep_call" in vars(request.node) and request.node.rep_call.failed
    if page and has_failed and not page.is_closed():
        take_picture(request.node, "end", page)
