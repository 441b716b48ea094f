"""What is wrong with a set of files is refused, or repaired, with a sentence."""

import io
import random
import re
from collections import Counter

import pytest

from exchange.reading.refusals import RefusedError
from exchange.reading.sources import open_source
from exchange.validator import report_on
from hud.columns import csv_files
from tests.exchange.broken import BROKEN, REFUSED, REPAIRED, WRONG
from tests.exchange.sets import small_set

OF_CLIENTS = ("Ana", "Mu", "Bertil", "Neil", "227930267", "1980-04-02", "850.50", "gone")


def names(broken):
    return pytest.mark.parametrize("broken", broken, ids=lambda one: one.name)


def rows_of(path, password=""):
    with open_source(path, password) as source:
        return {
            name: [
                dict(zip(file.standard.header, row.values, strict=True)) | row.others
                for row in file.rows()
            ]
            for name, file in source.files.items()
        }


def test_there_are_many_ways_to_be_broken():
    assert len(BROKEN) == len(REFUSED) + len(REPAIRED) + len(WRONG)
    assert len(BROKEN) > 150


def test_small_set_is_valid(tmp_path):
    assert not list(report_on(small_set().write_zip(tmp_path / "set.zip")))
    assert set(small_set().rows) == set(csv_files())


@names(REFUSED)
def test_set_is_refused_with_a_sentence(broken, tmp_path):
    with pytest.raises(RefusedError) as refusal:
        report_on(broken.make(tmp_path), broken.password)
    assert broken.refused in str(refusal.value)
    assert re.fullmatch(r"[A-Z].*\.", str(refusal.value))


@names([*REPAIRED, *WRONG])
def test_what_is_wrong_is_told_without_what_it_says(broken, tmp_path):
    report = report_on(broken.make(tmp_path), broken.password)
    assert {(one.file, one.column, one.rule) for one in report} == broken.findings
    for one in report:
        assert re.fullmatch(r"[A-Z0-9].*\.", one.message)
        assert not any(word in one.message for word in OF_CLIENTS)


def test_open_zip_is_read_like_one_on_disk(tmp_path):
    """An upload: a file of which the name says nothing."""
    with small_set().write_zip(tmp_path / "set.zip").open("rb") as upload:
        assert not report_on(upload).total


def test_bytes_that_chance_changed_are_refused_or_read(tmp_path):
    """Whatever a byte of the zip becomes, nothing but a sentence comes of it."""
    whole = small_set().write_zip(tmp_path / "set.zip").read_bytes()
    rng = random.Random(15)
    ways = Counter()
    for _ in range(150):
        changed = bytearray(whole)
        for _ in range(rng.randint(1, 5)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        try:
            report_on(io.BytesIO(changed))
            ways["read"] += 1
        except RefusedError:
            ways["refused"] += 1
    assert ways["refused"] > 100


@names([one for one in REPAIRED if one.is_same])
def test_rows_come_out_as_they_were_meant(broken, tmp_path):
    assert rows_of(broken.make(tmp_path), broken.password) == small_set().rows
