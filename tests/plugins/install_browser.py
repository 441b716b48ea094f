"""Run by `make test`: makes sure that there is a Chromium for the browser tests."""

import os
import shutil
import subprocess
import sys

from tests.plugins.browser import SHELL, find_browser

PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
APT = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
PACKAGES = ["chromium", "fonts-liberation"]
# The version of the Chromium that is there, so that nothing else is changed for it.
VERSION = ["dpkg-query", "--show", "--showformat", "${Version}", "chromium-common"]
ONE_TRY = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15"]
PATIENCE = 300  # seconds for one download


def may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def add_shell() -> None:
    """In CI, add Debian's headless shell to its Chromium; without it the stories take longer."""
    if shutil.which(SHELL) or not (os.environ.get("CI") and may_use_apt()):
        return
    asked = subprocess.run(VERSION, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        package = f"{SHELL}={asked.stdout}"
        add = [*APT, *ONE_TRY, "install", "--no-install-recommends", "--no-remove", package]
        succeeds(add) or (succeeds([*APT, *ONE_TRY, "update"]) and succeeds(add))


def install() -> bool:
    """Try each way in turn; return whether one of them left a browser that starts."""
    ways = [[PLAYWRIGHT]]
    if may_use_apt():
        ways.append([[*APT, "update"], [*APT, "install", "--no-install-recommends", *PACKAGES]])
    for commands in ways:
        sys.stdout.write(f"Getting a Chromium for the browser tests: {' '.join(commands[-1])}\n")
        sys.stdout.flush()
        if all(map(succeeds, commands)):
            find_browser.cache_clear()
            if find_browser():
                return True
    return False


def succeeds(command: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    if not find_browser() and not install():
        sys.exit(
            "The browser tests need a Chromium, and none could be installed. Install the package "
            "chromium (or Google Chrome) and try again; `make fast` runs the other tests."
        )
    add_shell()
