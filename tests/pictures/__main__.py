"""Take the pictures: a demonstration of its own is started, looked at, and thrown away."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from hmis.demo import DEMO_PASSWORD
from tests.pictures.files import ROOT, keep
from tests.pictures.shots import SHOTS, Shot
from tests.plugins.browser import find_browser
from tests.server_process import free_port

SECONDS_TO_START = 900  # on a machine that others keep busy
SECONDS_FOR_A_PAGE = 20


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration with data of today, which ends with the block."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="hmis-pictures-") as folder:
        place = {"HMIS_DATA_DIR": folder, "HMIS_DEMO": "1", "PORT": str(port)}
        given = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        Path(folder).chmod(0o755)  # root's database runs under another account
        with (Path(folder) / "server.txt").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=given | place,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(f"{address}/health/", server)
            yield address
        finally:
            server.terminate()
            server.wait(60)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS_TO_START * 2):
        if server.poll() is not None:
            sys.exit("The demonstration did not start: try `make run`.")
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    sys.exit("The demonstration took too long to start.")


class Desks:
    """A browser window for each user and size, logged in once."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.states: dict[str, str] = {}

    @contextmanager
    def page(self, shot: Shot) -> Iterator[Page]:
        window = self.browser.new_context(
            base_url=self.address,
            viewport={"width": shot.width, "height": shot.height},
            storage_state=self.states.get(shot.user),
            is_mobile=shot.width < 500,
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        )
        page = window.new_page()
        page.set_default_timeout(SECONDS_FOR_A_PAGE * 1000)
        if shot.user and shot.user not in self.states:
            log_in(page, shot.user)
            self.states[shot.user] = window.storage_state()
        yield page
        window.close()


def log_in(page: Page, user: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Work e-mail").fill(user)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/")


def take(playwright: Playwright, address: str, shots: list[Shot]) -> list[str]:
    """Take the pictures; return the names of those that could not be taken."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags = ["--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"]
    browser = playwright.chromium.launch(
        executable_path=find_browser(), args=[*flags, *camera, *sandbox]
    )
    desks = Desks(browser, address)
    failed = []
    for shot in shots:
        with desks.page(shot) as page:
            try:
                say(shot.name, keep(shot.name, shot.shoot(page)))
            except PlaywrightError as error:
                say(shot.name, "NOT TAKEN:", error.message.partition("\n")[0])
                page.screenshot(path=ROOT / "artefacts" / "pictures" / f"{shot.name}.png")
                failed.append(shot.name)
    browser.close()
    return failed


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--only", default="", help="names that begin like this")
    parser.add_argument("--at", default="", help="the address of a demonstration that is served")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if shot.name.startswith(options.only)]
    with sync_playwright() as playwright:
        if options.at:
            failed = take(playwright, options.at, shots)
        else:
            with demonstration() as address:
                failed = take(playwright, address, shots)
    if failed:
        sys.exit(f"Not taken, see artefacts/pictures: {', '.join(failed)}")


main()
