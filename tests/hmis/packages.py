"""The packages of a lock in a new virtual environment, without a second installation of each."""

import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import Marker

from tests import sbom


def link_packages(lock: Path, environment: Path) -> None:
    """Let a virtual environment have what the lock names, and nothing else that is installed here.

    `make` has installed them from the same files: tests/hmis/test_lock.py.

    Args:
        environment: made by the Python of this one.

    Raises:
        PackageNotFoundError: the lock names what is not installed here.
        AssertionError: it is installed in another version.
    """
    (packages,) = environment.glob("lib/python*/site-packages")
    for pin in sbom.pins(lock):
        if pin.marker and not Marker(pin.marker).evaluate():
            continue
        package = distribution(pin.name)
        assert package.version == pin.version, pin.name
        for path in package.files or []:
            source, link = Path(package.locate_file(path)), packages / path.parts[0]
            if path.parent.name == "bin":
                script = environment / "bin" / path.name
                script.write_text(source.read_text().replace(sys.prefix, str(environment), 1))
                script.chmod(0o755)
            elif path.parts[0] not in {"..", "__pycache__"} and not link.is_symlink():
                link.symlink_to(package.locate_file(path.parts[0]))
