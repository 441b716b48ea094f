"""Every label that users are trained on is walked in Chromium: on its sheet, or in a story."""

import re

import pytest

from tests.test_docs import ROOT

PAGE = (ROOT / "docs/cheat-sheets.md").read_text()
SHEETS = (ROOT / "tests/stories/test_cheat_sheets.py").read_text()
STORIES = "\n".join(one.read_text() for one in sorted((ROOT / "tests/stories").glob("*.py")))


def bold(text: str) -> set[str]:
    found = {" ".join(one.split()) for one in re.findall(r"\*\*(.+?)\*\*", text, re.S)}
    return {one for one in found if not re.fullmatch(r"R\d+\.\d+|→|bold", one)}


def of_requirements() -> set[str]:
    """The labels of R1 to R10; rules have their numbers in bold too."""
    text = (ROOT / "docs/requirements.md").read_text()
    return bold(text[text.index("- **R1.1**") : text.index("- **R11.1**")])


# What a page says whole after its label, which a story then writes: "Change Barriers".
BEGINS = {"Change"}


def is_walked(label: str, story: str) -> bool:
    written = "\\N{MULTIPLICATION SIGN}" if label == "\N{MULTIPLICATION SIGN}" else label
    end = " " if label in BEGINS else '"'
    return f'"{written}{end}' in story


def test_label_is_not_walked_by_a_longer_one():
    assert is_walked("Save & Next", 'click("Save & Next")')
    assert not is_walked("Save", 'click("Save & Next")')


@pytest.mark.parametrize("label", sorted(bold(PAGE.split("## What differs")[0])))
def test_label_of_a_sheet_is_walked_on_it(label):
    assert is_walked(label, SHEETS)


@pytest.mark.parametrize("label", sorted(of_requirements()))
def test_label_of_the_requirements_is_walked_in_a_story(label):
    assert is_walked(label, STORIES)


def test_every_difference_says_why():
    rows = re.findall(r"^\|(.+)\|$", PAGE.split("## What differs")[1], re.M)[2:]
    assert len(rows) > 5
    assert all(len([one for one in row.split(" | ") if one.strip()]) == 4 for row in rows)
