"""docs/security/asvs.md answers for every item of ASVS 5.0, levels 1 and 2.

That each test named there has passed is checked where the whole suite ran (tests/plugins/asvs.py).
"""

import ast
import csv
import re
from pathlib import Path

import pytest

from tests.plugins.asvs import DOCUMENT, ROOT, Watch, named_tests

ITEMS = Path(__file__).parents[1] / "data" / "asvs_5.0_levels_1_and_2.csv"
STATES = "met|not applicable|not met"
ROW = re.compile(rf"^\| (V[\d.]+) \| (L[12]) \| ({STATES}) \| (.+) \|$", re.MULTILINE)
MOST_NOT_MET = 5
EVIDENCE = re.compile(r"`(tests|docs|deploy)/[^`]+`|\]\([^)]+\)")


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall(DOCUMENT.read_text())


def test_every_item_is_answered_once():
    with ITEMS.open(newline="") as file:
        wanted = [(row["item"], row["level"]) for row in csv.DictReader(file)]
    assert len(wanted) == 253
    assert [(item, level) for item, level, _, _ in rows()] == wanted


def test_at_most_five_items_are_not_met_and_each_says_until_when():
    open_items = [(item, words) for item, _, state, words in rows() if state == "not met"]
    assert len(open_items) <= MOST_NOT_MET
    for item, words in open_items:
        assert re.search(r"[Uu]ntil ", words), item


def test_what_is_met_names_a_test_or_the_document_that_the_item_asks_for():
    for item, _, state, words in rows():
        if state == "met":
            assert EVIDENCE.search(words), item


def test_each_named_test_exists():
    known: dict[str, set[str]] = {}
    for name in named_tests():
        path, _, test = name.partition("::")
        if path not in known:
            assert (ROOT / path).exists(), name
            tree = ast.parse((ROOT / path).read_text())
            known[path] = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        assert test in known[path], name


def test_each_named_document_exists():
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", DOCUMENT.read_text()):
        if not target.startswith("http"):
            assert (DOCUMENT.parent / target).exists(), target


def ran(nodeid: str, *outcomes: str) -> list[pytest.TestReport]:
    """Return the reports of a test's phases: one outcome each for its set-up and its call."""
    return [
        pytest.TestReport(
            nodeid=nodeid,
            location=("", 0, ""),
            keywords={},
            outcome=outcome,
            longrepr=("file", 1, "Skipped: no nginx on this machine")
            if outcome == "skipped"
            else None,
            when=phase,
        )
        for phase, outcome in zip(("setup", "call"), outcomes, strict=False)
    ]


def test_what_a_machine_cannot_try_is_named_and_is_no_error():
    watch = Watch()
    for report in (
        *ran("a.py::test_passes[1]", "passed", "passed"),
        *ran("a.py::test_passes[2]", "passed", "passed"),
        *ran("a.py::test_half[1]", "passed", "passed"),
        *ran("a.py::test_half[2]", "passed", "failed"),
        *ran("a.py::test_breaks[1]", "skipped"),
        *ran("a.py::test_breaks[2]", "failed"),
        *ran("a.py::test_skipped", "skipped"),
    ):
        watch.pytest_runtest_logreport(report)
    named = {f"a.py::test_{name}" for name in ("passes", "half", "breaks", "skipped", "gone")}
    skipped, missing = watch.verdict(named)
    [line] = skipped
    assert "a.py::test_skipped" in line
    assert "no nginx on this machine" in line
    assert [line.split()[2] for line in missing] == [
        "a.py::test_breaks,",
        "a.py::test_gone,",
        "a.py::test_half,",
    ]
