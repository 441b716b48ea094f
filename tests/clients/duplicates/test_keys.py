"""The stored keys: whoever meets a changed client among all meets one by these (ADR 60)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DataError, connection, models
from django.utils import timezone

from clients.duplicates import keys, run
from clients.models import Client, ClientAlias, DuplicateKey, DuplicateSearch, PossibleDuplicate
from tests.clients.duplicates.conftest import SSN, listed, search, touch
from tests.factories import ClientAliasFactory

PHONE = "617-555-0100"


@pytest.fixture(autouse=True)
def overlap(monkeypatch):
    """What the history says of a test's own transaction is from before its first search."""
    monkeypatch.setattr(run, "OVERLAP", timedelta(0))


def stored() -> set[tuple]:
    return set(DuplicateKey.objects.values_list())


def keys_of(client: Client) -> models.QuerySet[DuplicateKey]:
    return DuplicateKey.objects.filter(client=client)


def correct(client: Client, **values) -> None:
    """Change a client in SQL, a moment ago."""
    Client.with_deleted.filter(pk=client.pk).update(**values)
    touch([client], timezone.now())


def test_each_name_of_a_client_has_its_keys(file):
    client = file("Ana", "García-Oyelaran", ssn=SSN, phone=PHONE)
    ClientAliasFactory(client=client, first_name="Ana", last_name="Zimmer")
    search()
    assert len(keys_of(client)) == 4  # the legal one, two parts, the alias
    assert {one.phone for one in keys_of(client)} != {None}
    assert len({one.last_sound for one in keys_of(client)}) == 4


def test_keys_hold_no_text():
    kinds = {type(field) for field in DuplicateKey._meta.concrete_fields}
    assert not {kind for kind in kinds if issubclass(kind, (models.CharField, models.TextField))}


def test_changed_client_is_met_by_who_changes_afterwards(file):
    two = file("Wendeline", "Abara", dob=None)
    search()
    correct(two, phone=PHONE)
    search()
    three = file("Wendeline", "Zimmer", dob=None, phone=PHONE)
    touch([three], timezone.now())
    outcome = search()
    assert (outcome.search.clients, outcome.counts["weighed"]) == (1, 1)


def test_client_with_a_new_alias_alone_is_compared(file):
    one, two = file(), file(dob=None, last="Abara", phone=PHONE)
    correct(one, phone=PHONE)
    search()
    assert listed() == []
    alias = ClientAliasFactory(client=two, first_name=one.first_name, last_name=one.last_name)
    touch([alias], timezone.now())
    assert search().search.clients == 1
    assert listed() == [(one.pk, two.pk)]
    assert len(keys_of(two)) == 2
    ClientAlias.objects.all().delete()
    touch([two], timezone.now())
    search()
    assert len(keys_of(two)) == 1


@pytest.mark.parametrize("column", ["date_deleted", "merged_into"])
def test_keys_of_who_is_deleted_or_merged_go_and_come_back(file, column):
    one, two = file(), file("Bob")
    search()
    is_deleted = column == "date_deleted"
    gone = {column: timezone.now(), "deleted_by": one.created_by} if is_deleted else {column: one}
    correct(two, **gone)
    search()
    assert not keys_of(two).exists()
    correct(two, **dict.fromkeys(gone))
    search()
    assert keys_of(two).count() == 1
    PossibleDuplicate.objects.all().delete()
    touch([one], timezone.now())
    search()
    assert listed() == [(one.pk, two.pk)]


def test_keys_that_are_not_there_are_made_again(file):
    """After a restore without them."""
    one, two = file(), file("Bob")
    search()
    before = stored()
    DuplicateKey.objects.all().delete()
    PossibleDuplicate.objects.all().delete()
    touch([two], timezone.now())
    outcome = search()
    assert (outcome.search.clients, outcome.search.is_whole) == (1, False)
    assert listed() == [(one.pk, two.pk)]
    assert stored() == before


def test_keys_that_other_code_made_are_made_again(file, monkeypatch):
    one, two = file(), file("Bob")
    search()
    before = stored()
    with monkeypatch.context() as patched:
        patched.setattr(keys, "version", lambda: "earlier")
        assert not keys.are_complete(DuplicateSearch.objects.first())
    DuplicateSearch.objects.update(keys_version="earlier")
    DuplicateKey.objects.update(last_sound=1, dob=None)
    PossibleDuplicate.objects.all().delete()
    touch([two], timezone.now())
    search()
    assert listed() == [(one.pk, two.pk)]
    assert stored() == before
    assert keys.are_complete(DuplicateSearch.objects.first())


def test_other_sql_and_another_server_make_other_keys(monkeypatch, db):
    made = keys.version()
    assert keys.version() == made
    with monkeypatch.context() as patched:
        patched.setattr(keys, "ROWS", keys.ROWS + " ")
        assert keys.version() != made
    monkeypatch.setattr(connection, "pg_version", 190_000)
    assert keys.version() != made


def test_whole_search_corrects_the_keys_and_writes_no_others(file):
    file(), file("Bob")
    gone = file()
    search()
    before = stored()
    tuples = "SELECT ctid, client_id FROM clients_duplicatekey ORDER BY client_id"
    with connection.cursor() as cursor:
        cursor.execute(tuples)
        rows = cursor.fetchall()
        keys_of(gone).update(phone=1)
        DuplicateKey.objects.create(client_id=gone.pk + 1, name=1)
        search(whole=True)
        cursor.execute(tuples)
        assert cursor.fetchall()[:2] == rows[:2]
    assert stored() == before


@pytest.mark.parametrize("whole", [False, True])
def test_search_killed_while_it_writes_keys_is_not_taken_for_done(file, monkeypatch, whole):
    one, two = file(), file("Bob")
    search()
    correct(two, phone=PHONE)
    with monkeypatch.context() as patched:
        patched.setattr(keys, "KEEP", "SELECT 1 / 0 -- {of}")
        with pytest.raises(DataError):
            search(whole=whole)
    assert keys_of(two).count() == 1
    assert search().search.clients == 1
    assert keys_of(two).exclude(phone=None).exists()
    assert keys_of(one).count() == 1


def test_each_process_keeps_its_share(file):
    """Two of them keep what one keeps."""
    for number in range(7):
        file(f"Robert{'abcdefg'[number]}")
    search()
    before = stored()
    DuplicateKey.objects.all().delete()
    for part in range(2):
        run.search_part(None, part, 2)
        assert DuplicateKey.objects.count() < 7 or part
    assert stored() == before


def test_keys_of_other_hashes_are_made_again(file, settings):
    """The rotation of the key of the SSNs' hashes is in no history."""
    one, two = file(ssn=SSN), file("Wanda", "Zimmer", ssn=SSN)
    search()
    before = set(DuplicateKey.objects.values_list("ssn_hash", flat=True))
    settings.SSN_HASH_KEY = "another" * 6
    call_command("rotate_ssn_keys", stdout=StringIO())
    PossibleDuplicate.objects.all().delete()
    touch([Client.objects.get(pk=two.pk)], timezone.now())
    search()
    assert listed() == [(one.pk, two.pk)]
    assert not before.intersection(DuplicateKey.objects.values_list("ssn_hash", flat=True))
