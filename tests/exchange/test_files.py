"""Every column of HUD's files has its place in our rows."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from exchange.files import EXPORT, FILES, Kind
from hud.columns import csv_files
from records.model_fields import key_once

PLACES = [(file, place) for file in FILES.values() for place in file]
FIELDS_OF_KIND = {
    Kind.TEXT: (models.CharField, models.TextField),
    Kind.INTEGER: (models.IntegerField,),
    Kind.MONEY: (models.DecimalField,),
    Kind.DATE: (models.DateField,),
    Kind.TIME: (models.DateTimeField,),
    Kind.HOUSEHOLD: (models.CharField,),
    Kind.KEY: (models.CharField,),
    Kind.REFERENCE: (models.CharField,),
    Kind.SSN: (models.TextField,),
    Kind.FLAG: (models.BooleanField,),
}


def is_there(place):
    try:
        return bool(place.kind == Kind.EXPORT or place.target)
    except (FieldDoesNotExist, LookupError):
        return False


def test_every_file_of_the_standard_is_in_the_table_in_an_order_without_orphans():
    assert {*FILES, EXPORT} == {*csv_files()}
    names = list(FILES)
    for file in FILES.values():
        for place in file.references:
            if place.refers_to != "User":
                assert names.index(place.refers_to) < names.index(file.name), place


def test_users_come_first():
    assert next(iter(FILES)) == "User"


def test_every_column_is_a_field_of_ours():
    missing = [f"{file.name}.{place.name}" for file, place in PLACES if not is_there(place)]
    assert not missing


def test_a_column_is_a_field_of_its_kind_that_holds_as_much():
    for file, place in PLACES:
        if place.kind == Kind.EXPORT:
            continue
        name = f"{file.name}.{place.name}"
        assert isinstance(place.target, FIELDS_OF_KIND[place.kind]), name
        if name == "User.UserEmail":
            continue  # an address has at most 254 characters (RFC 5321)
        longest = getattr(place.target, "max_length", None) or 1000
        assert longest >= (place.column.max_length or 0), name


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_no_two_columns_of_a_file_are_one_field(file):
    paths = [place.path for place in file if place.path]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_the_key_of_a_file_is_a_unique_field_of_its_model(file):
    assert file.key.path == file.key.own_field
    key = file.key.target
    assert key.unique or key_once("key_once", key.name).expressions in [
        one.expressions
        for one in key.model._meta.constraints
        if isinstance(one, models.UniqueConstraint)
    ]
