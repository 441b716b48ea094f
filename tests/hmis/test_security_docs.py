"""docs/security/ names files, tests and fields that are there."""

import re
from pathlib import Path

import pytest

from tests import data_classes

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/security").glob("*.md"))


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_are_there(document):
    text = document.read_text()
    named = set(re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|md|conf|nft|example|json|lock))", text))
    outside = {name for name in named if name.startswith("/")}
    assert not [name for name in named - outside if not list(ROOT.glob(name))]
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text)
    assert not [link for link in links if not (document.parent / link).exists()]


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_page_is_in_the_index(document):
    index = ROOT / "docs/security/README.md"
    assert document == index or document.name in index.read_text()


def test_every_field_has_a_class():
    """Red? `python -m tests.data_classes` adds the fields with a class to think about."""
    kept = data_classes.classed()
    there = data_classes.fields()
    assert sorted(there - set(kept)) == []
    assert sorted(set(kept) - there) == []


def test_every_class_says_what_it_is_owed():
    text = data_classes.PAGE.read_text()
    used = set(data_classes.classed().values())
    assert used <= set(data_classes.CLASSES)
    for name in data_classes.CLASSES:
        (row,) = re.findall(rf"^\| \*\*{name}\*\* \|(.*)\|$", text, re.M)
        cells = [cell.strip() for cell in row.split("|")]
        assert len(cells) == 7
        assert all(cells), name


def test_what_is_secret_is_encrypted_or_hashed():
    secret = {name for name, kind in data_classes.classed().items() if kind == "Secret"}
    assert secret >= {"clients.Client.ssn", "mfa.Authenticator.data", "agencies.User.password"}
    assert data_classes.encrypted() <= secret
