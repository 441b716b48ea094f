"""Hashed identities, against a Soundex and a SHA-256 of our own."""

import re
import unicodedata
from hashlib import sha256
from itertools import pairwise

import pytest

from tests.factories import ClientFactory

SOUNDS = {"1": "BFPV", "2": "CGJKQSXZ", "3": "DT", "4": "L", "5": "MN", "6": "R"}
DIGITS = {letter: digit for digit, letters in SOUNDS.items() for letter in letters}


def soundex(name):
    """The code of the National Archives: a letter, and digits of the next that sound otherwise."""
    plain = unicodedata.normalize("NFKD", name).upper()
    letters = re.sub("[^A-Z]", "", plain)
    letters = letters[:1] + re.sub("[HW]", "", letters[1:])
    code = letters[:1]
    for before, letter in pairwise(letters):
        digit = DIGITS.get(letter, "")
        if digit and digit != DIGITS.get(before, ""):
            code += digit
    return f"{code:0<4}"[:4] if code else ""


def digest(text):
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def row_of(exported):
    def export(**facts):
        ClientFactory(**facts)
        (row,) = exported(is_hashed=True)["Client"]
        return row

    return export


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Smith", "S530"),
        ("SMYTHE", "S530"),
        ("  O'Brien ", "O165"),
        ("Müller", "M460"),
        ("Pfister", "P236"),
        ("Tymczak", "T522"),
        ("Ashcraft", "A261"),
        ("Hughes", "H220"),
        ("Lee", "L000"),
        ("García-López", "G624"),
    ],
)
def test_a_name_is_the_hash_of_its_soundex(name, code, row_of, db):
    assert soundex(name) == code
    row = row_of(first_name=name, last_name=name, middle_name=name, name_suffix="Jr.")
    for column in ("FirstName", "LastName", "MiddleName"):
        assert row[column] == digest(soundex(name))
    assert row["NameSuffix"] == digest("J600")


def test_a_name_without_latin_letters_is_hashed_itself(row_of, db):
    assert row_of(first_name="李", last_name="Smith")["FirstName"] == digest("李")


def test_a_name_that_is_not_there_has_no_hash(row_of, db):
    row = row_of(first_name="", last_name="Smith")
    assert (row["FirstName"], row["MiddleName"], row["NameSuffix"]) == ("", "", "")


def test_an_ssn_is_the_hash_of_its_nine_characters(row_of, db):
    assert row_of(ssn="536904399", ssn_data_quality=1)["SSN"] == digest("536904399")


def test_what_is_not_known_of_an_ssn_is_x(row_of, db):
    assert row_of(ssn="xxxxx4399", ssn_data_quality=2)["SSN"] == digest("xxxxx4399")


def test_no_ssn_has_no_hash(row_of, db):
    assert row_of(ssn="", ssn_data_quality=99)["SSN"] == ""


def test_export_says_how_identities_are_written(exported, db):
    assert exported()["Export"][0]["HashStatus"] == "1"
    assert exported(is_hashed=True)["Export"][0]["HashStatus"] == "4"


def test_nothing_else_of_a_client_changes(exported, db):
    ClientFactory(ssn="536904399", ssn_data_quality=1, name_data_quality=2)
    (plain,), (hashed,) = exported()["Client"], exported(is_hashed=True)["Client"]
    changed = {column for column in plain if plain[column] != hashed[column]}
    assert changed == {"FirstName", "LastName", "SSN", "ExportID"}
