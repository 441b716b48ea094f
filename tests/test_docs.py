"""The documents name what is there: rules, decisions and each other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = [
    path
    for folder in sorted(ROOT.iterdir())
    if (folder / "__init__.py").exists() or folder.name == "templates"
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".py", ".html"}
    and folder.name != "hud"  # HUD numbers its RHY elements R1 on
]
RULES = set(
    re.findall(r"^- \*\*(R\d+\.\d+)\*\*", (ROOT / "docs/requirements.md").read_text(), re.M)
)
NAMED = re.compile(r"\bR\d+\.\d+\b")


def test_requirements_are_numbered_once_and_in_order():
    text = (ROOT / "docs/requirements.md").read_text()
    numbers = re.findall(r"^- \*\*R(\d+)\.(\d+)\*\*", text, re.M)
    assert numbers == sorted(set(numbers), key=lambda one: (int(one[0]), int(one[1])))
    assert len(numbers) > 60


@pytest.mark.parametrize("paths", [CODE, DOCUMENTS], ids=["code", "documents"])
def test_every_rule_that_is_named_is_in_the_requirements(paths):
    named = {(rule, path) for path in paths for rule in NAMED.findall(path.read_text())}
    assert named
    assert not {(rule, str(path)) for rule, path in named if rule not in RULES}


def test_index_of_decisions_lists_each_with_its_title_date_and_status():
    index = (ROOT / "docs/adr/README.md").read_text()
    rows = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \| (\d{4}-\d\d-\d\d) \| \S.* \|$", index, re.M
    )
    listed = {name: (int(number), title) for number, title, name, _ in rows}
    for path in sorted((ROOT / "docs/adr").glob("0*.md")):
        heading = path.read_text().splitlines()[0]
        assert f"# {listed[path.name][0]}. {listed[path.name][1]}" == heading, path
    assert len(listed) == len(list((ROOT / "docs/adr").glob("0*.md")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(path):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text()):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_are_there(path):
    for name in re.findall(r"`((?:[a-z_]+/)+[\w.-]+\.(?:py|html|js|css|toml))`", path.read_text()):
        assert (ROOT / name).exists(), name
