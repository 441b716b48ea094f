"""Writes the software bill of materials (CycloneDX) of what a production server has: `make sbom`.

The Python packages are those of requirements.lock with its hashes; their licenses are read from
what is installed. Scripts, styles and fonts that come with a package or with this repository are
parts of their own.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import bootstrap
import django_htmx
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
SBOM = ROOT / "docs/security/sbom.cdx.json"
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: *; *(?P<marker>[^\\]+))?"
)
BOOTSTRAP = Path(bootstrap.__file__).parent / "static/bootstrap"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
FONTS = ("static/hmis/fonts", "casenotes/fonts")
OFL = [{"license": {"id": "OFL-1.1"}}]
MIT = [{"license": {"id": "MIT"}}]
ZERO_BSD = [{"license": {"id": "0BSD"}}]


@dataclass
class Pin:
    """One package of a lock file."""

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    via: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{quote(self.version)}"


def pins(lock: Path) -> list[Pin]:
    """The packages of a file of `make lock`."""
    found: list[Pin] = []
    for line in lock.read_text().splitlines():
        if match := PINNED.match(line):
            found.append(Pin(match["name"], match["version"], (match["marker"] or "").strip()))
        elif digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found[-1].hashes.append(digest[1])
        elif found and (above := re.match(r"    # (?:via|  ) *([\w.-]+)", line)):
            found[-1].via.append(above[1])
    return found


def package(pin: Pin) -> dict[str, Any]:
    part = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.hashes],
    }
    if pin.marker:
        part["properties"] = [{"name": "hmis:marker", "value": pin.marker}]
    if name := license_of(pin.name):
        part["licenses"] = [{"license": {"name": name}}]
    return part


def license_of(name: str) -> str:
    """What a package that is installed says of its license, in a few words."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return ""
    if expression := facts.get("License-Expression"):
        return expression
    classified = [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved :: ")
    ]
    return " and ".join(classified) or (facts.get("License") or "").partition("\n")[0][:80]


def bundled() -> Iterator[dict[str, Any]]:
    """What the browser gets and what draws PDFs, and is no Python package."""
    for path in (BOOTSTRAP / "css/bootstrap.min.css", BOOTSTRAP / "js/bootstrap.bundle.min.js"):
        version = re.search(r"Bootstrap\s+v([\d.]+)", path.read_text())[1]
        yield file("bootstrap", version, path, MIT, purl=f"pkg:npm/bootstrap@{version}")
    version = re.search(r'version:"([\d.]+)"', HTMX.read_text())[1]
    yield file("htmx.org", version, HTMX, ZERO_BSD, purl=f"pkg:npm/htmx.org@{version}")
    for folder in FONTS:
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix in {".ttf", ".otf", ".woff2"}:
                yield file(path.stem, font_version(path), path, OFL)


def font_version(path: Path) -> str:
    if path.suffix == ".woff2":  # its tables are packed; the file's hash tells which it is
        return ""
    with TTFont(path, lazy=True) as font:
        name = font["name"].getDebugName(5) or ""
    return name.removeprefix("Version ").partition(";")[0]


def file(
    name: str, version: str, path: Path, licenses: list[dict[str, Any]], purl: str = ""
) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    part = {
        "type": "file",
        "bom-ref": f"{name}:{path.name}",
        "name": f"{name} ({path.name})" if purl else path.name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": licenses,
    }
    return {key: value for key, value in part.items() if value}


def sbom() -> dict[str, Any]:
    """The whole document; the same for the same lock file and the same bundled files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    found = pins(LOCK)
    refs = {pin.name: pin.purl for pin in found} | {project["name"]: project["name"]}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for pin in found:
        for above in pin.via:
            needs[refs[above]].append(pin.purl)
    parts = [*map(package, found), *bundled()]
    digest = hashlib.sha256(json.dumps([ours, parts], sort_keys=True).encode()).hexdigest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(below)} for ref, below in sorted(needs.items())
        ],
    }


if __name__ == "__main__":
    SBOM.write_text(json.dumps(sbom(), indent=1) + "\n")
    sys.stdout.write(f"{SBOM.relative_to(ROOT)}: {len(sbom()['components'])} components\n")
