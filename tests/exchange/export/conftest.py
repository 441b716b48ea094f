import csv

import pytest

from exchange.export.run import run
from exchange.files import EXPORT, FILES


@pytest.fixture
def exported(tmp_path):
    """A function that exports into a folder and gives the rows of each file as dictionaries."""
    made = iter(range(100))

    def export(**asked):
        folder = tmp_path / f"export-{next(made)}"
        for _ in run(target=folder, **asked):
            pass
        return {name: read(folder / f"{name}.csv") for name in [EXPORT, *FILES]}

    return export


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def keys(rows, column):
    return {row[column] for row in rows}
