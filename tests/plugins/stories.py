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
    # Two cameras that show a moving test picture, and that nobody has to allow.
    "--use-fake-device-for-media-stream=device-count=2",
    "--use-fake-ui-for-media-stream",
]


ACTS = ["check", "click", "fill", "press", "select_option", "set_input_files", "uncheck"]


def once_complete(act: Callable[..., Any]) -> Callable[..., Any]:
    """As a person does it, on a page that is there; Playwright acts before its scripts ran."""

    @wraps(act)
    def on_complete_page(self: Locator, *args: Any, **options: Any) -> Any:
        self.page.wait_for_load_state()
        return act(self, *args, **options)

    return on_complete_page


@pytest.fixture(scope="session", autouse=True)
def _act_on_complete_pages() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ACTS:
            patch.setattr(Locator, name, once_complete(getattr(Locator, name)))
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
