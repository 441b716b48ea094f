"""Files of exports and imports in the store: nobody reads them without the key in their row."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from exchange import kept
from exchange.models import KeptFile
from exchange.sealing import PIECE, SEALED, DamagedError, new_seal, seal, unseal
from exchange.states import KeptPart
from files import store
from tests.exchange.factories import TransferFactory

SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


def sealed(plain, key):
    out = io.BytesIO()
    assert seal(io.BytesIO(plain), out, key) == len(plain)
    return out.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_is_read_again(size):
    key, plain = new_seal(), bytes(number % 251 for number in range(size))
    hidden = sealed(plain, key)
    assert b"".join(unseal(io.BytesIO(hidden), key)) == plain
    assert size < 200 or plain[:200] not in hidden


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("end", [1, SEALED])
def test_what_was_cut_off_is_not_read(size, end):
    key = new_seal()
    hidden = sealed(b"x" * size, key)[:-end]
    with pytest.raises(DamagedError):
        list(unseal(io.BytesIO(hidden), key))


def test_what_was_changed_swapped_or_sealed_with_another_key_is_not_read():
    key = new_seal()
    hidden = sealed(b"x" * 3 * PIECE, key)
    first, second = hidden[:SEALED], hidden[SEALED : 2 * SEALED]
    swapped = second + first + hidden[2 * SEALED :]
    changed = bytes([hidden[0] ^ 1]) + hidden[1:]
    for wrong in (swapped, changed):
        with pytest.raises(DamagedError):
            list(unseal(io.BytesIO(wrong), key))
    with pytest.raises(DamagedError):
        list(unseal(io.BytesIO(hidden), new_seal()))


def stored(plain, part=KeptPart.RESULT):
    with kept.stored(io.BytesIO(plain)) as file:
        return file.record(TransferFactory(), part)


def test_stored_file_is_read_again_and_unreadable_in_the_store(db):
    file = stored(b"FirstName,SSN\nAnna,123456789\n")
    assert file.size == 29
    assert kept.opened(file).read() == b"FirstName,SSN\nAnna,123456789\n"
    with default_storage.open(file.store_key) as there:
        assert b"Anna" not in there.read()


def test_forgotten_file_is_in_neither_store_nor_database(db):
    file = stored(b"x")
    kept.forget([file])
    assert not KeptFile.objects.exists()
    assert not store.has(file.store_key)


def test_file_without_a_row_goes_after_a_day(db, time_machine):
    known = stored(b"x")
    with kept.stored(io.BytesIO(b"y")) as lost:
        pass
    assert kept.sweep() == 0
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert kept.sweep() == 1
    assert store.has(known.store_key)
    assert not store.has(lost.store_key)


def test_file_is_taken_back_where_its_row_is_not_written(db):
    with pytest.raises(ZeroDivisionError), kept.stored(io.BytesIO(b"y")) as lost:
        raise ZeroDivisionError
    assert not store.has(lost.store_key)


def test_clients_files_are_not_mixed_up_with_these(db):
    file = stored(b"x")
    assert file.store_key.startswith("exchange/")
    assert not any(key.startswith("exchange") for key in store.folders())
