"""A large set of HMIS CSV files, and how long reading and validating it takes.

    python -m tests.bench.hmis_csv FOLDER [CLIENTS]

Five rows a client beside its own: an enrollment, an exit for every other one, answers about
income, health and disabilities in turn, and services. The people are those of the search's bench.
"""

import csv
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    os.environ.setdefault("HMIS_DEMO", "1")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")  # not used
    django.setup()

from exchange.reading.sources import open_source
from exchange.validator import report_on
from hud.columns import csv_file
from tests.bench.population import Population, Record
from tests.exchange.sets import client, enrollment, row, small_set

ANSWERS = {
    "IncomeBenefits": {"IncomeFromAnySource": "0"},
    "HealthAndDV": {"DomesticViolenceSurvivor": "0"},
    "Disabilities": {"DisabilityType": "5"},
}
OF_CLIENTS = ("Client", "Enrollment", "Exit", "Services", *ANSWERS)
SET_UP = (
    *("Export", "Organization", "User", "Project", "Funder", "ProjectCoC", "Inventory"),
    *("HMISParticipation", "CEParticipation"),
)
SERVICES = 3  # nights of a client
ENTRY = date(2026, 3, 1)


def write_large(folder: Path, clients: int, seed: int = 7) -> Path:
    """Write a set with that many clients; the same seed writes the same one."""
    files = small_set()
    files.write_folder(folder)
    writers = {}
    opened = [(folder / f"{name}.csv").open("w", newline="") for name in OF_CLIENTS]
    for name, file in zip(OF_CLIENTS, opened, strict=True):
        writers[name] = csv.DictWriter(file, csv_file(name).header)
        writers[name].writeheader()
    for number, record in enumerate(Population(seed).records(clients), 1):
        for name, cells in rows_of(number, record):
            writers[name].writerow(cells)
    for file in opened:
        file.close()
    for name in set(files.rows) - {*OF_CLIENTS, *SET_UP}:
        path = folder / f"{name}.csv"
        path.write_text(",".join(csv_file(name).header) + "\r\n")
    return folder


def rows_of(number: int, record: Record) -> Iterator[tuple[str, dict[str, str]]]:
    key = f"{number:032x}"
    of_enrollment = {"EnrollmentID": key, "PersonalID": key}
    is_known = bool(record.first_name or record.last_name)
    yield (
        "Client",
        client(
            key,
            record.first_name,
            record.last_name,
            NameDataQuality="1" if is_known else "99",
            SSN=record.ssn,
            SSNDataQuality=("2" if "x" in record.ssn else "1") if record.ssn else "99",
            DOB=record.dob.isoformat() if record.dob else "",
            DOBDataQuality="1" if record.dob else "99",
            Sex=str(record.sex),
        ),
    )
    entry = ENTRY - timedelta(days=number % 700)
    yield "Enrollment", enrollment(key, key, key, EntryDate=entry.isoformat())
    if number % 2:
        left = (entry + timedelta(days=30)).isoformat()
        yield "Exit", row("Exit", ExitID=key, ExitDate=left, Destination="410", **of_enrollment)
    for at, (name, answers) in enumerate(ANSWERS.items()):
        if (number + at) % 2:
            own = {csv_file(name).header[0]: key, "DataCollectionStage": "1"}
            day = {"InformationDate": entry.isoformat()}
            yield name, row(name, **own, **answers, **of_enrollment, **day)
    for night in range(SERVICES - number % 2):
        own = {"ServicesID": f"{number:030x}{night:02x}", "RecordType": "200"}
        day = {"DateProvided": (entry + timedelta(days=night)).isoformat()}
        yield "Services", row("Services", TypeProvided="200", **own, **of_enrollment, **day)


def main(folder: Path, clients: int) -> None:
    if not folder.exists():
        write_large(folder, clients)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    started = time.perf_counter()
    rows = 0
    with open_source(folder) as source:
        for file in source.files.values():
            for chunk in file.copy_chunks():
                rows += chunk.count("\n")
    read = time.perf_counter() - started
    print(f"read:      {rows:,} rows, {size:.0f} MB, {speed(rows, read)}")
    started = time.perf_counter()
    found = report_on(folder).total
    took = time.perf_counter() - started
    print(f"validated: {found:,} violations, {speed(rows, took)}")


def speed(rows: int, seconds: float) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{seconds:.1f} s, {rows / seconds:,.0f} rows/s, {peak:.0f} MB at most"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 100_000)
