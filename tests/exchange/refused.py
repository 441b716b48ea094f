"""Sets of files that are refused as a whole, and with which sentence."""

import stat

from tests.exchange.breaking import (
    PASSWORD,
    append,
    call_method_9,
    damage,
    edit,
    header,
    of_bytes,
    of_rows,
    put,
    rename,
    say_less,
    with_cell,
    without,
    without_column,
    zipped,
)

REQUIRED = ("Export", "Organization", "Project", "Client", "Enrollment", "Exit")
REFUSED = [
    *(
        of_bytes(f"no {name}.csv", without(name), refused=f"{name}.csv is missing")
        for name in REQUIRED
    ),
    zipped("two files of one name", append("CLIENT.CSV", b"x"), refused="two files called Client"),
    zipped("two files in folders", append("b/Client.csv", b"x"), refused="two files called Client"),
    of_bytes(
        "files in several folders",
        rename(lambda name: f"{name[0]}/{name}"),
        refused="in several folders",
    ),
    zipped("path upward", append("../../Client.csv", b"x"), refused="leads out of it"),
    zipped("absolute path", append("/etc/Client.csv", b"x"), refused="leads out of it"),
    zipped("path with a drive", append("C:/Client.csv", b"x"), refused="leads out of it"),
    zipped(
        "link",
        append("link.csv", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16),
        refused="has a link in it",
    ),
    zipped("zip bomb", append("bomb.csv", bytes(40_000_000)), refused="times its size"),
    of_bytes(
        "a thousand files",
        lambda contents: contents.update({f"{at}.csv": b"" for at in range(1000)}),
        refused="more than 1,000 files",
    ),
    zipped(
        "encrypted, no password",
        lambda path: None,
        encrypted_by=PASSWORD,
        refused="Enter its password",
    ),
    zipped(
        "encrypted, wrong password",
        lambda path: None,
        encrypted_by=PASSWORD,
        password="battery staple",
        refused="not the password",
    ),
    zipped(
        "truncated zip",
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        refused="was cut off",
    ),
    zipped("not a zip", lambda path: path.write_text("PersonalID,x"), refused="not a zip"),
    zipped("nothing there", lambda path: path.unlink(), refused="no such file"),
    zipped("damaged zip", damage, refused="damaged or was cut off"),
    zipped("packed by another method", call_method_9, refused="by a method that cannot be read"),
    of_bytes("empty zip", lambda contents: contents.clear(), refused="Export.csv is missing"),
    of_bytes("empty file", edit("Enrollment", lambda data: b""), refused="Enrollment.csv is empty"),
    of_rows("no export", lambda files: files.rows["Export"].clear(), refused="has 0 rows"),
    of_rows(
        "two exports",
        lambda files: files.rows["Export"].append(files.rows["Export"][0]),
        refused="has 2 rows",
    ),
    of_rows("wrong year", put("Export", "CSVVersion", "2022 v1.3"), refused="files are of FY2022"),
    of_bytes(
        "no year",
        lambda contents: (
            edit("Export", lambda data: data.replace(b"2026 v1.0", b""))(contents),
            edit("Client", without_column("Sex"))(contents),
        ),
        refused="does not say of which standard",
    ),
    of_bytes(
        "no column with the key",
        edit("Enrollment", header(lambda line: line.replace(b"EnrollmentID", b"Id", 1))),
        refused="Enrollment.csv has no column EnrollmentID",
    ),
    of_bytes(
        "semicolons",
        edit("Client", lambda data: data.replace(b",", b";")),
        refused="Client.csv has no column PersonalID",
    ),
    of_bytes(
        "a column twice",
        edit("Client", header(lambda line: line.replace(b"MiddleName", b"FIRSTNAME"))),
        refused="has the column FirstName twice",
    ),
    of_bytes(
        "a quotation mark that is never closed",
        edit("Client", with_cell(b'"Bertil')),
        refused="In Client.csv, row 3, a quotation mark",
    ),
    of_bytes(
        "a quotation mark that is never closed, in the last cell",
        edit("Services", lambda data: data.replace(b",E1\r\n", b',"E1\r\n')),
        refused="In Services.csv, row 2, a quotation mark",
    ),
    of_bytes(
        "a quotation mark that is closed after megabytes",
        edit("Services", lambda data: data.replace(b",E1\r\n", b',"' + 1_100_000 * b"x\n")),
        refused="In Services.csv, row 2, a quotation mark",
    ),
    of_bytes(
        "more columns than there can be",
        edit("Client", header(lambda line: line + 500 * b",x")),
        refused="more than 500 columns",
    ),
    zipped("a size that is not told", say_less, refused="damaged or was cut off"),
    of_bytes(
        "a line without end",
        edit("Client", with_cell(b"x" * 17_000_000)),
        refused="A line has more than 16,000,000 characters",
    ),
]
