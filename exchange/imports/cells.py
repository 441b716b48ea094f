"""Cells that are not of their column's kind: left out from here on, and reported.

In a new row they are blank; one that is here already keeps what it has (`values.left_alone`).

One pass over a table finds the columns that have any; those alone are looked at again.
"""

from django.db import models

from exchange.files import File, Kind, Place
from exchange.imports.staging import staged
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from hud.spec import Condition, specification

# A day that exists: the months of 30 days, and February with its leap years.
DAY = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
NO_DAY = r"^\d{4}-(02-3[01]|(04|06|09|11)-31)"
IS_LEAP = (
    "(left({c}, 4)::int % 4 = 0 AND (left({c}, 4)::int % 100 <> 0 OR left({c}, 4)::int % 400 = 0))"
)
TIME = r"( ([01]\d|2[0-3]):[0-5]\d:[0-5]\d)"
# Codes whose list another column decides; those of services are in the catalog of services.
BY_ANOTHER = {"DisabilityResponse", "SubsidyInformation"}
IDENTITIES = ("FirstName", "MiddleName", "LastName", "NameSuffix", "SSN")
UNHASHED = ("", "1")  # of HUD's list of Export.HashStatus
# MD5 to SHA-512, in hexadecimal digits or in base 64. HUD's own sample is not, and says that it is.
IS_HASH = (
    "^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"
    "|[0-9a-z+/_-]{22}==|[0-9a-z+/_-]{27}=|[0-9a-z+/_-]{43}=|[0-9a-z+/_-]{86}==)$"
)
LEFT = "It was left out: blank in a new row, as it was in one that is here already."
HASHED = f"It is hashed. {LEFT} The hash is kept beside the record."
SENTENCES = {
    Kind.INTEGER: f"The code is not in HUD's list, or no whole number. {LEFT}",
    Kind.FLAG: "The code is neither 0 nor 1. In a new row it was read as no.",
    Kind.MONEY: f"This is no amount of money. {LEFT}",
    Kind.DATE: f"This is no date. {LEFT}",
    Kind.TIME: f"This is no date and time. {LEFT}",
    Kind.TEXT: "The text is longer than its column. It was cut off.",
}


def check_cells(work: Work, file: File) -> None:
    table = staged(file.name)
    work.sql(f"ALTER TABLE {table} ADD COLUMN _unread text[]")
    if file.name == "Client":
        _keep_hashes(work, table)
    tests = [(place, test) for place in file if (test := _is_wrong(place))]
    counted = ", ".join(f"count(*) FILTER (WHERE {test})" for _, test in tests)
    numbers = work.rows_of(f"SELECT {counted} FROM {table}")[0]
    for (place, test), number in zip(tests, numbers, strict=True):
        if number:
            sentence = SENTENCES[place.kind]
            work.note(table, test, Finding(file.name, place.name, "type", sentence))
            if place.kind is Kind.TEXT:
                cut = f'left("{place.name}", {place.target.max_length})'
                work.sql(f'UPDATE {table} SET "{place.name}" = {cut} WHERE {test}')
            else:
                _leave_out(work, file.name, place.name, test)

    for condition in specification().conditions:
        if condition.file == file.name and condition.column in BY_ANOTHER:
            _check_condition(work, table, condition)


def _keep_hashes(work: Work, table: str) -> None:
    """Names and SSNs that a source has hashed: no names, but what it may ask for again."""
    for name in IDENTITIES:
        is_hash = f"\"{name}\" ~* '{IS_HASH}'"
        if work.value(f"SELECT EXISTS (SELECT FROM {table} WHERE {is_hash})"):
            work.note(table, is_hash, Finding("Client", name, "hashed", HASHED))
            work.sql(f"""
                UPDATE {table} SET others = (coalesce(others, '{{}}')::jsonb
                || jsonb_build_object('Hashed {name}', "{name}"))::text WHERE {is_hash}
            """)
            _leave_out(work, "Client", name, is_hash)
            work.is_hashed = work.hash_status not in UNHASHED
    if work.is_hashed:  # the blank ones say nothing either
        work.missing["Client"] = [*work.missing.get("Client", []), *IDENTITIES]


def _leave_out(work: Work, file: str, name: str, condition: str) -> None:
    work.unread.setdefault(file, set()).add(name)
    work.sql(
        f"UPDATE {staged(file)} SET \"{name}\" = NULL, _unread = array_append(_unread, '{name}')"
        f" WHERE {condition}"
    )


def _check_condition(work: Work, table: str, condition: Condition) -> None:
    """Of which list a code is may be another column's matter."""
    codes = ", ".join(f"'{code}'" for code in sorted(condition.codes))
    wrong = " AND ".join(
        [f"\"{name}\" = '{code}'" for name, code in condition.when.items()]
        + [f"\"{name}\" IS DISTINCT FROM '{code}'" for name, code in condition.unless.items()]
        + [f'"{condition.column}" NOT IN ({codes})']
    )
    if work.value(f"SELECT EXISTS (SELECT FROM {table} WHERE {wrong})"):
        finding = Finding(condition.file, condition.column, "condition", SENTENCES[Kind.INTEGER])
        work.note(table, wrong, finding)
        _leave_out(work, condition.file, condition.column, wrong)


def _is_wrong(place: Place) -> str:
    """The condition, in SQL, that a cell is not of its kind; empty where none is tested."""
    cell = f'"{place.name}"'
    match place.kind:
        case Kind.INTEGER:
            number = f"CASE WHEN {cell} ~ '^-?[0-9]{{1,9}}$' THEN {cell}::int {_within(place)} END"
            return f"{cell} IS NOT NULL AND NOT coalesce({number}, false)"
        case Kind.FLAG:
            return f"{cell} NOT IN ('0', '1')"
        case Kind.MONEY:
            digits = place.target.max_digits - place.target.decimal_places
            sign = "" if place.column.type == "M+" else "-?"
            return rf"{cell} !~ '^{sign}\d{{1,{digits}}}(\.\d{{1,6}})?$'"
        case Kind.DATE | Kind.TIME:
            time = "" if place.kind is Kind.DATE else TIME + "?"
            return (
                f"{cell} IS NOT NULL AND ({cell} !~ '^{DAY}{time}$' OR {cell} ~ '{NO_DAY}'"
                f" OR CASE WHEN {cell} ~ '^\\d{{4}}-02-29' THEN NOT {IS_LEAP.format(c=cell)} END)"
            )
        case Kind.TEXT:
            longest = place.target.max_length
            return f"length({cell}) > {longest}" if longest else ""
    return ""


def _within(place: Place) -> str:
    if codes := codes_of(place):
        return f"IN ({', '.join(map(str, codes))})"
    largest = 2147483647 if type(place.target) is models.IntegerField else 32767
    return f"BETWEEN {-largest if largest > 40000 else 0} AND {largest}"


def codes_of(place: Place) -> list[int]:
    """The codes that the column may have; none where it is no code."""
    choices = [code for code, _ in place.target.flatchoices]
    if not choices and place.column.codes:
        choices = [code for code, _ in place.column.codes.choices if isinstance(code, int)]
    return sorted(choices)
