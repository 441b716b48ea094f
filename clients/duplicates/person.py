"""What of a client is compared: keys, and the SSN as hashes and encrypted."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Self

from cryptography.fernet import InvalidToken
from django.db.models import BooleanField, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from clients.encryption import decrypt, keyed_hash
from clients.models import Client, ClientAlias
from clients.names import last_part
from hud.choices import Sex
from hud.rules import ssn as numbers
from hud.rules.dob import PLACEHOLDER_YEAR, Precision, precision
from hud.text import normalised

_NOT_DIGITS = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"[^\W\d_].*$", re.DOTALL)  # x12, ext. 12
_NUMBER = re.compile(r"\d+")
CHUNK = 5000


class Name(NamedTuple):
    """A legal name or an alias, as keys."""

    first: str
    last: str
    last_part: str


class Person(NamedTuple):
    """A client as it is compared. A text that is not known is empty, the ID of a new one 0.

    names: the legal name, then the aliases.
    ssn: encrypted as it is stored, or the nine characters themselves of a client not saved yet.
    """

    client_id: int
    names: tuple[Name, ...]
    middle: str = ""
    suffix: str = ""
    dob: date | None = None
    dob_precision: Precision = Precision.DAY
    sex: int | None = None
    ssn_hash: str = ""
    last4_hash: str = ""
    ssn: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""
    street: str = ""
    address2: str = ""
    city: str = ""
    zip: str = ""

    def without_contact(self) -> Self:
        place = self._replace(number="", street="", address2="", city="", zip="")
        return place._replace(phone="", email="")


COLUMNS = (
    *("pk", "first_key", "last_key", "last_part_key", "middle_name", "name_suffix", "dob"),
    *("dob_data_quality", "sex", "ssn_hash", "ssn_last4_hash", "ssn", "phone", "email"),
    *("address1", "address2", "city", "zip"),
)


def person_of(client: Client, aliases: Iterable[ClientAlias] = ()) -> Person:
    """A client that need not be saved yet."""
    names = tuple(
        Name(normalised(one.first_name), normalised(one.last_name), last_part(one.last_name))
        for one in (client, *aliases)
    )
    ssn = numbers.clean(client.ssn)
    is_whole = len(ssn) == numbers.LENGTH and ssn.isdigit()
    row = {name: getattr(client, name) for name in COLUMNS} | {
        "pk": client.pk or 0,
        "ssn": ssn,
        "ssn_hash": keyed_hash(ssn) if is_whole else "",
        "ssn_last4_hash": keyed_hash(ssn[-4:]) if ssn[-4:].isdigit() else "",
    }
    return person_from(names, row)


def person_from(names: tuple[Name, ...], row: dict[str, Any]) -> Person:
    """row: the values of COLUMNS."""
    number, street = street_parts(row["address1"])
    middle, suffix, address2, city = (
        normalised(row[name]) if row[name] else ""
        for name in ("middle_name", "name_suffix", "address2", "city")
    )
    dob = row["dob"]
    return Person(
        row["pk"],
        names,
        middle,
        suffix,
        # The default of some older systems says nothing.
        dob if dob and dob.year > PLACEHOLDER_YEAR else None,
        precision(dob, row["dob_data_quality"]) if dob else Precision.DAY,
        row["sex"] if row["sex"] in (Sex.FEMALE, Sex.MALE) else None,
        row["ssn_hash"],
        row["ssn_last4_hash"],
        row["ssn"],
        phone_key(row["phone"]),
        row["email"].strip().lower(),
        number,
        street,
        address2,
        city,
        row["zip"].strip()[:5],
    )


def phone_key(phone: str) -> str:
    """The last ten digits, without an extension; fewer than seven are no telephone."""
    digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", phone))[-10:] if phone else ""
    return digits if len(digits) >= 7 else ""


def street_parts(address: str) -> tuple[str, str]:
    """The house number and the rest of the first line of an address, as keys."""
    if not address:
        return "", ""
    key = normalised(address)
    number = _NUMBER.match(key)
    return (number.group(), key[number.end() :]) if number else ("", key)


def ssn_digits(ssn: str) -> str:
    """The SSN of a person, decrypted for this one look; empty where it does not count."""
    if len(ssn) > numbers.LENGTH:
        try:
            ssn = decrypt(ssn)
        except InvalidToken:
            return ""
    return ssn if numbers.is_valid(ssn) else ""


def people(client_ids: Iterable[int]) -> dict[int, Person]:
    """The clients of these IDs by ID, in two statements; SSNs stay encrypted."""
    ids = sorted(client_ids)
    names: dict[int, list[Name]] = {}
    aliases = ClientAlias.objects.filter(_is_one_of("client_id", ids)).order_by("pk")
    for client_id, *keys in aliases.values_list("client_id", *COLUMNS[1:4]).iterator(CHUNK):
        names.setdefault(client_id, []).append(Name(*keys))
    # As text, or the field would decrypt each.
    rows = Client.with_deleted.filter(_is_one_of("id", ids)).order_by()
    rows = rows.annotate(token=Cast("ssn", TextField()))
    columns = ["token" if name == "ssn" else name for name in COLUMNS]
    found = rows.values_list(*columns).iterator(CHUNK)
    return {
        row[0]: person_from(
            (Name(*row[1:4]), *names.get(row[0], ())), dict(zip(COLUMNS, row, strict=True))
        )
        for row in found
    }


def _is_one_of(column: str, ids: list[int]) -> RawSQL:
    """One parameter: with `IN` each of thousands of IDs is one, and costs more than its row."""
    return RawSQL(f"{column} = ANY(%s)", [ids], output_field=BooleanField())  # noqa: S611


def identity(one: Person, two: Person) -> str:
    """Keyed hash of names, dates of birth and SSNs: it changes when one of them is corrected."""
    compared = [(*one.names, one.dob, one.ssn_hash, one.last4_hash) for one in (one, two)]
    return keyed_hash(repr(compared))
