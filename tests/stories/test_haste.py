"""What no story does, because it would fail by chance, or another one after it.

None looks right after a key: Playwright does not wait for what a key leads to. After a click it
does (tests/plugins/stories.py), and `expect` waits in any case.
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


LASTS = {"add_init_script", "grant_permissions", "route", "set_extra_http_headers"}


def is_lasting(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    owner = ast.unparse(node.value).split(".")[-1]
    return node.attr == "clock" or (node.attr in LASTS and owner == "context")


def lasting_changes(source: str) -> Iterator[str]:
    """The functions that change a browser for the stories after this one, and may get a used one.

    A page's clock is its browser's: with it the kind of each navigation went from later stories.
    """
    module = ast.parse(source)
    marks = [one for one in module.body if isinstance(one, ast.Assign)]
    for function in module.body:
        if isinstance(function, ast.FunctionDef) and any(map(is_lasting, ast.walk(function))):
            own = [ast.unparse(one) for one in [*marks, *function.decorator_list]]
            if not any("new_browser" in one for one in own):
                yield function.name


def test_no_story_changes_a_browser_that_others_use_after_it():
    stories = sorted(Path(__file__).parent.glob("test_*.py"))
    found = [f"{one.name}:{name}" for one in stories for name in lasting_changes(one.read_text())]
    assert found == []


@pytest.mark.parametrize(
    "change", ["page.clock.install()", "page.context.route('*', no)", "context.add_init_script(a)"]
)
def test_a_lasting_change_is_found(change):
    story = f"def test_a(page, context):\n    {change}"
    mark = "pytest.mark.new_browser"
    assert list(lasting_changes(story)) == ["test_a"]
    assert not list(lasting_changes(f"pytestmark = {mark}\n{story}"))
    assert not list(lasting_changes(f"@{mark}\n{story}"))


@pytest.mark.parametrize("change", ["page.route('*', no)", "page.context.set_offline(True)"])
def test_what_ends_with_the_story_is_no_lasting_change(change):
    assert not list(lasting_changes(f"def test_a(page):\n    {change}"))


@pytest.mark.parametrize(
    "look", ["assert page.url", "page.evaluate('1')", "assert not Client.objects.exists()"]
)
def test_a_hasty_look_is_found(look):
    assert list(hasty_looks(f"page.keyboard.press('Enter')\n{look}")) == [2]
    assert not list(hasty_looks(f"page.keyboard.press('Enter')\nexpect(box)\n{look}"))
