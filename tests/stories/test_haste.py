"""No story looks right after a key: Playwright does not wait for what a key leads to.

After a click it does (tests/plugins/stories.py), and `expect` waits in any case.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.plugins.stories import READS

# What is done without a locator.
AT_ONCE = {"keyboard", "mouse", "set_viewport_size"}
LOOKS = {name for names in READS.values() for name in names} | {"objects", "refresh_from_db", "url"}


def names_in(statement: ast.stmt) -> set[str]:
    nodes = list(ast.walk(statement))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}


def hasty_looks(source: str) -> Iterator[int]:
    """The lines of the statements that look at a page, or into the database, right after a key."""
    for node in ast.walk(ast.parse(source)):
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, [])
            for before, after in pairwise(statements if isinstance(statements, list) else []):
                looks = names_in(after) & LOOKS and "expect" not in names_in(after)
                if isinstance(before, ast.Expr) and names_in(before) & AT_ONCE and looks:
                    yield after.lineno


def test_no_story_looks_right_after_a_key():
    stories = sorted(Path(__file__).parent.glob("test_*.py"))
    assert stories
    found = [f"{one.name}:{line}" for one in stories for line in hasty_looks(one.read_text())]
    assert found == []


def test_no_story_waits_by_what_the_pages_refuse():
    """Playwright's `wait_for_function` looks again by `eval`: it fails where it has to wait."""
    stories = {one for one in Path(__file__).parent.glob("*.py") if one != Path(__file__)}
    assert not [one.name for one in stories if ".wait_for_function(" in one.read_text()]


@pytest.mark.parametrize(
    "look", ["assert page.url", "page.evaluate('1')", "assert not Client.objects.exists()"]
)
def test_a_hasty_look_is_found(look):
    assert list(hasty_looks(f"page.keyboard.press('Enter')\n{look}")) == [2]
    assert not list(hasty_looks(f"page.keyboard.press('Enter')\nexpect(box)\n{look}"))
