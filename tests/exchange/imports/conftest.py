from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agencies.models import User
from exchange.imports.run import Outcome, import_files
from tests.exchange.sets import HMISSet, small_set
from tests.factories import UserFactory


@dataclass
class Importer:
    """Imports a set that a test changes as it likes."""

    by: User
    folder: Path
    files: HMISSet = field(default_factory=small_set)

    def row(self, file: str, at: int = 0) -> dict[str, str]:
        return self.files.rows[file][at]

    def __call__(self, **options) -> Outcome:
        path = self.files.write_zip(self.folder / "set.zip")
        return import_files(**{"source": path, "by": self.by} | options)


@pytest.fixture
def imported(db, tmp_path):
    return Importer(UserFactory(is_superuser=True), tmp_path)
