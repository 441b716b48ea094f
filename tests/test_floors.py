"""A package imports only from floors below its own."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from clients.models import FormDraft
from records.models import Record

ROOT = Path(__file__).parents[1]
FLOORS = {
    "hud": 0,
    "records": 1,
    "agencies": 2,
    "outbox": 3,
    "clients": 4,
    "enrollments": 5,
    "data_quality": 6,
    "casenotes": 6,
    "files": 6,
    "tasks": 6,
    "consent": 7,
    "cas": 7,
    "privacy": 8,
    "exchange": 8,
    "hmis": 9,
}
MODULES = [
    path
    for package in FLOORS
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
BANNED_NAMES = {"utils", "helpers", "common", "core", "base", "manager", "managers"}


def packages_named_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.split(".")[0] for name in names} & set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_from_floors_below(path):
    own = path.relative_to(ROOT).parts[0]
    above = {
        name for name in packages_named_in(path) if name != own and FLOORS[name] >= FLOORS[own]
    }
    assert not above


@pytest.mark.parametrize("package", [p for p in FLOORS if (ROOT / "templates" / p).exists()])
def test_template_includes_and_links_only_from_floors_below(package):
    """A lower floor's templates name no template and no URL of an upper one."""
    above = [name for name, floor in FLOORS.items() if floor > FLOORS[package]]
    for path in sorted((ROOT / "templates" / package).rglob("*.html")):
        text = path.read_text()
        for name in above:
            assert f'"{name}/' not in text, path
            assert f"'{name}:" not in text, path


def test_ground_has_no_models_and_no_views():
    assert not list((ROOT / "hud").rglob("models.py"))
    assert not list((ROOT / "hud").rglob("views.py"))


def test_no_module_is_called_by_a_name_that_says_nothing():
    named_by_django = ROOT / "hmis" / "postgresql" / "base.py"
    assert [path for path in MODULES if path.stem in BANNED_NAMES] == [named_by_django]


def test_no_view_writes_a_bare_filter_on_clients_records():
    """Views speak the querysets' vocabulary: what is visible is decided in one place."""
    views = [path for path in MODULES if "views" in path.parts or path.stem == "views"]
    records = "|".join(sorted(model.__name__ for model in apps.get_models() if is_record(model)))
    bare = re.compile(rf"\b({records})\.objects\.(all|exclude|filter|get)\(")
    assert "ClientPhoto" in records
    assert views
    assert not {str(path): found[0] for path in views if (found := bare.search(path.read_text()))}


def is_record(model):
    """Whether its rows are a client's; a form's draft is found by its author alone."""
    if model is FormDraft or hasattr(model, "pgh_tracked_model"):
        return False
    return issubclass(model, Record) or any(
        isinstance(field.related_model, type) and issubclass(field.related_model, Record)
        for field in model._meta.concrete_fields
    )
