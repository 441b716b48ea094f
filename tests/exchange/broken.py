"""Sets of files that are broken in one way each, and what each must come to."""

from exchange.files import REFERENCES
from hud.columns import csv_files
from tests.exchange.breaking import (
    PASSWORD,
    Broken,
    append,
    arranged,
    edit,
    every,
    hashed,
    header,
    make_fy2024,
    of_bytes,
    of_rows,
    put,
    rename,
    with_cell,
    without,
    without_column,
    zipped,
)
from tests.exchange.refused import REFUSED, REQUIRED
from tests.exchange.sets import row, small_set

REPAIRED = [
    Broken(
        "a folder",
        lambda folder: small_set().write_folder(folder / "set"),
        is_same=True,
    ),
    zipped("encrypted", lambda path: None, encrypted_by=PASSWORD, password=PASSWORD, is_same=True),
    of_bytes("byte order mark", every(lambda data: b"\xef\xbb\xbf" + data), is_same=True),
    of_bytes("headers in other letter case", every(header(bytes.lower)), is_same=True),
    of_bytes(
        "columns in another order",
        edit("Client", arranged(reversed)),
        ("Client", "", "header"),
        is_same=True,
    ),
    of_bytes("file names in other letter case", rename(str.upper), is_same=True),
    of_bytes("a folder in the zip", rename("export/{}".format), ("", "", "set"), is_same=True),
    zipped("leftovers of a Mac", append("__MACOSX/._Client.csv", b"\0\0"), is_same=True),
    zipped(
        "a file that is none of HUD's",
        append("notes.csv", b"x"),
        findings=frozenset({("", "", "ignored")}),
        is_same=True,
    ),
    of_bytes(
        "UTF-16",
        edit("Client", lambda data: data.decode().encode("utf-16")),
        ("Client", "", "encoding"),
        is_same=True,
    ),
    of_bytes(
        "UTF-16 without a mark, big end first",
        edit("Client", lambda data: data.decode().encode("utf-16-be")),
        ("Client", "", "encoding"),
        is_same=True,
    ),
    of_bytes(
        "Windows-1252",
        edit("Client", lambda data: data.decode().encode("cp1252")),
        ("Client", "", "encoding"),
        is_same=True,
    ),
    of_bytes(
        "zero bytes", edit("Client", with_cell(b"Ber\0til")), ("Client", "", "nul"), is_same=True
    ),
    of_bytes("line ends of an old Mac", every(lambda d: d.replace(b"\r\n", b"\r")), is_same=True),
    of_bytes("blank lines", every(lambda d: d.replace(b"\r\n", b"\r\n\r\n")), is_same=True),
    of_bytes("no end of the last line", every(bytes.rstrip), is_same=True),
    of_bytes("everything quoted", edit("Client", with_cell(b'"Bertil"')), is_same=True),
    of_bytes("spaces around cells", edit("Client", with_cell(b" Bertil\t ")), is_same=True),
    of_bytes(
        "blank cells after the last column",
        edit("Client", lambda data: data.replace(b",E1\r\n", b",E1,,\r\n")),
        ("Client", "", "cells repaired"),
        is_same=True,
    ),
    of_bytes(
        "dates in American order",
        edit("Enrollment", lambda data: data.replace(b"2026-02-01", b"2/1/2026")),
        ("Enrollment", "EntryDate", "date repaired"),
        is_same=True,
    ),
    of_bytes(
        "times of other kinds",
        edit("User", lambda data: data.replace(b"2026-01-05 10:30:00", b"1/5/2026 10:30 AM")),
        ("User", "DateCreated", "date repaired"),
        ("User", "DateUpdated", "date repaired"),
        is_same=True,
    ),
    of_bytes(
        "whole numbers with decimals",
        edit("Funder", lambda data: data.replace(b",8,", b",8.0,")),
        ("Funder", "Funder", "number repaired"),
        is_same=True,
    ),
    of_bytes(
        "the word NULL",
        edit("Organization", lambda data: data.replace(b",,E1", b",NULL,E1")),
        ("Organization", "DateDeleted", "cells repaired"),
        is_same=True,
    ),
    *(
        of_bytes(f"no {name}.csv", without(name), (name, "", "missing"))
        for name in csv_files()
        if name not in REQUIRED
    ),
    of_bytes(
        "a column that may be missing",
        edit("Client", without_column("MiddleName")),
        ("Client", "MiddleName", "missing"),
        is_same=True,
    ),
    of_rows(
        "a column that HUD does not know",
        lambda files: files.added.update(Client=["Shoe size"]),
        ("Client", "", "kept"),
        is_same=True,
    ),
    Broken(
        "FY2024",
        make_fy2024,
        findings=frozenset(
            {
                ("Client", "", "upgrade"),
                ("Enrollment", "", "upgrade"),
                ("Enrollment", "MentalHealthConsultation", "missing"),
                ("Exit", "CounselingReceived", "code upgraded"),
            }
        ),
    ),
    of_rows("hashed names", hashed),
    of_rows("quotes and line breaks in a field", put("Client", "LastName", 'Mu"ñoz,\r\nthe "3rd"')),
]

REFERRING = [
    (file.name, column.name)
    for file in csv_files().values()
    for column in list(file)[1:]
    if column.name in REFERENCES and file.name not in ("Export", "Affiliation")
]


def add(file: str, **values: str):
    return lambda files: files.rows[file].append(files.rows[file][0] | values)


WRONG = [
    *(
        of_rows(f"{file}.{column} of no row", put(file, column, "gone"), (file, column, "orphan"))
        for file, column in REFERRING
        if (file, column) not in {("Enrollment", "PersonalID"), ("Enrollment", "ProjectID")}
    ),
    of_rows(
        "an affiliation with no project",
        lambda files: files.rows["Affiliation"].append(
            row("Affiliation", AffiliationID="AF1", ProjectID="P1", ResProjectID="gone")
        ),
        ("Affiliation", "ResProjectID", "orphan"),
    ),
    of_rows(
        "an enrollment of no client",
        put("Enrollment", "PersonalID", "gone", 2),
        ("Enrollment", "PersonalID", "orphan"),
    ),
    of_rows(
        "answers of another person",
        put("IncomeBenefits", "PersonalID", "C2"),
        ("IncomeBenefits", "PersonalID", "orphan"),
    ),
    *(
        of_rows(f"a key twice in {name}.csv", add(name), (name, key, "duplicate"))
        for name, key in ((name, file.header[0]) for name, file in csv_files().items())
        if name not in ("Export", "Affiliation")
    ),
    of_rows(
        "names of 64 characters that are not hashed",
        put("Client", "FirstName", "ab" * 32),
        ("Client", "FirstName", "length"),
    ),
    of_rows(
        "a key of 33 characters",
        put("Services", "ServicesID", "k" * 33),
        ("Services", "ServicesID", "length"),
    ),
    of_rows("blank", put("Exit", "Destination", ""), ("Exit", "Destination", "null")),
    of_rows(
        "a date that is none",
        put("Enrollment", "EntryDate", "2026-02-30"),
        ("Enrollment", "EntryDate", "type"),
    ),
    of_rows("a word for a date", put("Client", "DOB", "spring"), ("Client", "DOB", "type")),
    of_rows(
        "a word for a number",
        put("Project", "PITCount", "many"),
        ("Project", "PITCount", "type"),
    ),
    of_rows(
        "an amount below nothing",
        put("IncomeBenefits", "EarnedAmount", "-1.00"),
        ("IncomeBenefits", "EarnedAmount", "type"),
    ),
    of_rows("an unknown code", put("Client", "Sex", "7"), ("Client", "Sex", "list")),
    *(
        of_rows(
            f"retired funder {code}", put("Funder", "Funder", code), ("Funder", "Funder", "retired")
        )
        for code in ("12", "47", "48", "49")
    ),
    of_rows(
        "a living situation that is none of an entry",
        put("Enrollment", "LivingSituation", "312"),
        ("Enrollment", "LivingSituation", "condition"),
    ),
    of_rows(
        "a destination that is none",
        put("Exit", "Destination", "336"),
        ("Exit", "Destination", "condition"),
    ),
    of_rows(
        "a response of another disability",
        put("Disabilities", "DisabilityResponse", "3"),
        ("Disabilities", "DisabilityResponse", "condition"),
    ),
    of_rows(
        "a service of another record type",
        put("Services", "RecordType", "144"),
        ("Services", "TypeProvided", "condition"),
    ),
    of_rows(
        "a cell of 10 MB",
        put("Client", "FirstName", "x" * 10_000_000, 2),
        ("Client", "", "cell too long"),
        ("Enrollment", "PersonalID", "orphan"),
    ),
    of_bytes(
        "too few cells",
        edit("Services", lambda data: data.replace(b",E1\r\n", b"\r\n")),
        ("Services", "", "cells"),
    ),
    of_bytes(
        "too many cells",
        edit("Services", lambda data: data.replace(b"U1", b"U1,U2")),
        ("Services", "", "cells"),
    ),
    of_bytes(
        "a file that was cut off",
        edit("YouthEducationStatus", lambda data: data[:-30]),
        ("YouthEducationStatus", "", "cells"),
    ),
]
BROKEN = {one.name: one for one in (*REFUSED, *REPAIRED, *WRONG)}
