"""A seal is over every byte, and counts by the certificate that was in use when it was made."""

import io
import time
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from consent.sealing.certificates import seal_of
from consent.sealing.faults import Fault
from consent.sealing.keys import NoSealError, own_seal, refusal
from consent.sealing.seals import BrokenSealError, read, sealed
from tests.consent.sealing import keys
from tests.consent.sealing.factories import plain


def fault_of(pdf: bytes) -> Fault:
    with pytest.raises(BrokenSealError) as error:
        read(pdf)
    return error.value.fault


@pytest.fixture
def pdf(seal):
    return sealed(plain(), seal=own_seal(), reason="A test")


def test_what_was_sealed_is_read(pdf):
    found = read(pdf)
    assert found.facts == {"client": 1}
    assert abs(found.at - keys.NOW) < timedelta(hours=1)


def test_one_changed_byte_of_what_is_signed_is_found(pdf):
    """All but the place of the seal itself, whose rest is filled up with zeros."""
    begin = pdf.index(b"/Contents <") if b"/Contents <" in pdf else pdf.index(b"/Contents<")
    end = pdf.index(b">", begin)
    places = [*range(0, begin, 97), *range(end + 1, len(pdf), 97)]
    assert len(places) > 20
    for place in places:
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert fault_of(bytes(changed)) == Fault.SEAL, place


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b" ",
        lambda pdf: pdf[:-1],
        lambda pdf: b"",
        lambda pdf: b"%PDF-1.7\n",
        lambda pdf: plain(),
    ],
    ids=["longer", "shorter", "empty", "no file", "not sealed"],
)
def test_file_that_is_not_whole_has_no_seal(pdf, change):
    assert fault_of(change(pdf)) == Fault.SEAL


def test_update_that_was_added_to_the_file_is_found(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Another"] = writer.root["/Type"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    assert fault_of(out.getvalue()) == Fault.SEAL


def test_seal_of_somebody_else_does_not_count(settings, pdf):
    keys.use(settings, keys.pair())
    assert fault_of(pdf) == Fault.UNTRUSTED


def test_former_certificate_goes_on_to_count(settings, pdf, seal):
    keys.use(settings, keys.pair(), former=(seal,))
    assert read(pdf).facts == {"client": 1}


def test_seal_outlives_its_certificate(settings, pdf, seal, time_machine):
    time_machine.move_to(keys.NOW + 2 * keys.YEAR)
    assert read(pdf).facts == {"client": 1}
    with pytest.raises(NoSealError, match="ended on"):
        own_seal()


def test_seal_made_while_its_certificate_was_not_valid_does_not_count(settings):
    """By a key that somebody went on using."""
    expired = keys.pair(ends=keys.NOW - timedelta(days=1))
    keys.use(settings, expired)
    seal = seal_of(expired.key, expired.certificate)
    assert fault_of(sealed(plain(), seal=seal, reason="A test")) == Fault.CERTIFICATE
    assert "ended on" in refusal()


def test_certificate_that_has_not_begun_seals_nothing(settings):
    keys.use(settings, keys.pair(begins=keys.NOW + timedelta(days=1)))
    with pytest.raises(NoSealError, match="begins on"):
        own_seal()


def test_without_a_key_a_sentence_says_what_an_administrator_has_to_do(settings):
    settings.RELEASE_SEAL_KEY = settings.RELEASE_SEAL_CERTIFICATE = ""
    assert "RELEASE_SEAL_KEY_FILE" in refusal()
    assert "administrator" in refusal()


@pytest.mark.parametrize("facts", [None, b"no JSON"], ids=["none", "unreadable"])
def test_sealed_file_without_facts_is_none_of_a_release(facts):
    pdf = sealed(plain(facts), seal=own_seal(), reason="A test")
    assert fault_of(pdf) == Fault.FACTS


def test_time_stamp_is_the_time_of_the_seal(settings):
    at = keys.NOW - timedelta(days=3)
    with keys.authority(settings, at=at):
        pdf = sealed(plain(), seal=own_seal(), reason="A test")
    assert abs(read(pdf).at - at) < timedelta(seconds=1)


def test_time_stamp_of_an_unknown_authority_does_not_count(settings):
    with keys.authority(settings):
        pdf = sealed(plain(), seal=own_seal(), reason="A test")
    settings.RELEASE_TIMESTAMP_CERTIFICATES = ""
    assert fault_of(pdf) == Fault.TIMESTAMP


def test_nothing_is_sealed_with_a_time_stamp_that_would_not_count(settings, caplog):
    with keys.authority(settings):
        settings.RELEASE_TIMESTAMP_CERTIFICATES = keys.pair(stamps=True).certificate
        refuses_to_seal()
    assert "the time stamp does not count" in caplog.text


def refuses_to_seal() -> None:
    with pytest.raises(NoSealError, match="Nothing was saved"):
        sealed(plain(), seal=own_seal(), reason="A test")


def test_authority_that_does_not_answer_leaves_nothing_unsealed(settings, caplog):
    settings.RELEASE_TIMESTAMP_URL = "http://127.0.0.1:9/"
    refuses_to_seal()
    assert "Connection refused" in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        b"no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\n\r\n<html>A page that asks for a log-in</html>",
        b"HTTP/1.1 200 OK\r\n\r\n\x30\x03\x02\x01\x00",
    ],
    ids=["no HTTP", "cut off", "a page", "no time stamp"],
)
def test_answer_that_is_no_time_stamp_leaves_nothing_unsealed(settings, caplog, answer):
    with keys.server_that_says(settings, [answer]):
        refuses_to_seal()
    assert "gave none that counts" in caplog.text


def test_refusal_of_the_authority_is_named_by_its_number(settings, caplog):
    with keys.server_that_says(settings, [b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"]):
        refuses_to_seal()
    assert "HTTP status 403" in caplog.text


def test_answer_to_another_request_is_named(settings, caplog):
    with keys.authority(settings, nonce=1):
        refuses_to_seal()
    assert "gave none that counts: the answer belongs to another request" in caplog.text


def test_authority_that_sends_a_byte_now_and_then_is_given_up(settings, caplog):
    settings.RELEASE_TIMESTAMP_SECONDS = 0.5
    parts = [b"HTTP/1.1 200 OK\r\n", *[b"X: 1\r\n"] * 600]
    start = time.monotonic()
    with keys.server_that_says(settings, parts, every=0.2):
        refuses_to_seal()
        assert time.monotonic() - start < 60
    assert "no answer in time" in caplog.text
