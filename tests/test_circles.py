"""Imports run one way, between modules and between the folders of a package."""

import ast
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.test_floors import FLOORS, MODULES, ROOT

# What models say of a merge: the folder merge/ imports models, and models import these alone.
LEAVES = {"clients.merge.policies", "clients.merge.releases", "clients.merge.steps"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path): path for path in MODULES}


def module(dotted: str) -> str:
    """Return the longest beginning of a dotted name that is a module of ours, or nothing."""
    while dotted and dotted not in NAMES:
        dotted = dotted.rpartition(".")[0]
    return dotted


def imported_by(path: Path) -> set[str]:
    """Return the modules that one imports, in functions too; what only types need is left out."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = []
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {module(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {module(f"{node.module}.{alias.name}") for alias in node.names}
    return names - {"", name_of(path)}


@cache
def imports_by_name() -> dict[str, set[str]]:
    return {name: imported_by(path) for name, path in NAMES.items()}


def circle(graph: dict[str, set[str]]) -> str:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " -> ".join(reversed(error.args[1]))
    return ""


def part(name: str) -> str:
    """The folder or module right below its package in which a module is."""
    return name if name in LEAVES else ".".join(name.split(".")[:2])


def test_no_two_modules_import_each_other():
    assert len(imports_by_name()) > 300
    assert circle(imports_by_name()) == ""


@pytest.mark.parametrize("package", [name for name in FLOORS if name in NAMES])
def test_no_two_folders_of_a_package_import_each_other(package):
    graph = defaultdict(set)
    for name, imports in imports_by_name().items():
        inside = {part(other) for other in imports if other.split(".")[0] == package}
        if name.split(".")[0] == package:
            graph[part(name)] |= inside - {part(name)}
    assert circle(graph) == ""


def test_a_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == ""
