"""Which browser the stories get, and that the lighter one is added in CI where it can be."""

import os

import pytest

from tests.plugins.browser import find_browser
from tests.plugins.install_browser import add_shell


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Return a function that makes the only programs there are, each of one line of shell."""
    monkeypatch.setenv("PATH", str(tmp_path))
    find_browser.cache_clear()

    def make(**lines):
        for name, line in lines.items():
            path = tmp_path / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{line}\n")
            path.chmod(0o755)
        return tmp_path

    yield make
    find_browser.cache_clear()


@pytest.mark.parametrize(
    ("shell_ends_with", "found"), [(0, "chromium-headless-shell"), (1, "chromium")]
)
def test_the_headless_shell_is_taken_where_it_starts(programs, shell_ends_with, found):
    folder = programs(chromium="exit 0", chromium_headless_shell=f"exit {shell_ends_with}")
    assert find_browser() == str(folder / found)


@pytest.fixture
def calls(programs, monkeypatch):
    """Return a function that reads with what apt was called, in CI as root on Debian."""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    folder = programs(
        apt_get='echo "$@" >> "${0%/*}/calls"; case "$*" in *install*) exit 1; esac',
        dpkg_query="printf 1.2-3",
    )
    return lambda: (
        (folder / "calls").read_text().splitlines() if (folder / "calls").exists() else []
    )


def test_the_shell_of_the_chromium_that_is_there_is_added_in_ci(calls):
    add_shell()
    first, update, second = calls()
    assert first.endswith(
        "install --no-install-recommends --no-remove chromium-headless-shell=1.2-3"
    )
    assert update.endswith("update")
    assert second == first


@pytest.mark.parametrize("why_not", ["no CI", "no root", "no Chromium", "there already"])
def test_the_shell_is_not_added(calls, programs, monkeypatch, why_not):
    if why_not == "no CI":
        monkeypatch.delenv("CI")
    if why_not == "no root":
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if why_not == "no Chromium":
        programs(dpkg_query="exit 1")
    if why_not == "there already":
        programs(chromium_headless_shell="exit 0")
    add_shell()
    assert calls() == []
