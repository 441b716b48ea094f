"""`manage.py check_releases` finds what was changed below the application, and names no person."""

import io
from datetime import timedelta
from pathlib import Path

import pgtrigger
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.models import Client, Release
from consent import checking
from consent.models import Signature, TemplateText
from consent.sealing import copies
from consent.sealing.certificates import seal_of
from consent.sealing.faults import Fault
from consent.sealing.seals import sealed
from files import store
from files.models import ClientFile, StoredFile
from privacy.erasure.actions import erase
from privacy.erasure.files import finish
from privacy.models.erasure import Cause
from tests.consent.factories import ReleaseFactory
from tests.consent.sealing import keys
from tests.consent.sealing.factories import of_one_line, plain, signed_release, version_of
from tests.factories import ClientFactory, UserFactory
from tests.files.factories import file_of
from tests.privacy.factories import granted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def real_document():
    """For `signed` of a test that asks for it."""


@pytest.fixture(autouse=True)
def small_documents(request, monkeypatch):
    """What is checked of a copy is its seal and its facts, not what else is on its pages."""
    if "real_document" not in request.fixturenames:
        monkeypatch.setattr(copies, "document", of_one_line)


def path_of(stored: StoredFile) -> Path:
    return Path(default_storage.path(stored.key))


def check(**options) -> tuple[str, str]:
    """What the command writes, and why it ends with 1; empty where it ends with 0."""
    out, refused = io.StringIO(), ""
    try:
        call_command("check_releases", stdout=out, **options)
    except CommandError as error:
        refused = str(error)
    return out.getvalue(), refused


def found(release: Release) -> tuple[Fault, ...]:
    (one,) = [one for one in checking.checked() if one.release == release.pk]
    return one.faults


def rewrite(model, pk: int, **values) -> None:
    """As whoever owns the database can."""
    with pgtrigger.ignore():
        model._base_manager.filter(pk=pk).update(**values)


def test_releases_as_they_were_signed_are_in_order(real_document, signed, alice, john):
    signed_release(john, alice, typed=True)
    said, refused = check()
    assert refused == ""
    assert said == (
        "2 releases checked: 0 are not what was signed or stored, 0 could not be read\n"
    )


def test_name_is_the_same_however_its_accents_were_typed(alice, john):
    signed = signed_release(john, alice, typed=True, typed_name="Jose\u0301 A\u0303")
    assert Signature.objects.get().typed_name == "Jos\u00e9 \u00c3"
    assert found(signed.release) == ()


def test_one_changed_byte_of_the_file_is_found(signed, john):
    path = path_of(signed.stored)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert Fault.BYTES in found(signed.release)
    said, refused = check()  # a CommandError: manage.py ends with 1
    assert f"Release {signed.release.pk}, file {signed.file.pk}, version" in said
    assert "1 are not what was signed" in refused
    assert john.last_name not in said + refused


def test_every_place_of_the_file_counts(signed):
    """In the zeros after the seal, too, which no seal covers."""
    path = path_of(signed.stored)
    content = path.read_bytes()
    for place in range(0, len(content), len(content) // 25):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert found(signed.release), place


def test_file_that_was_made_to_fit_its_row_is_found_by_its_seal(signed):
    path = path_of(signed.stored)
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(content)
    with store.fetch(signed.stored.key) as changed:
        rewrite(StoredFile, signed.stored.pk, sha256=checking.sha256_of(changed))
    assert found(signed.release) == (Fault.SEAL,)


def test_one_changed_letter_of_the_text_is_found(signed):
    text = TemplateText.objects.get(version=signed.signature.version, language="en")
    rewrite(TemplateText, text.pk, text=text.text.replace("agree", "agrea"))
    assert found(signed.release) == (Fault.TEXT,)


def test_text_that_is_gone_is_found(signed):
    with pgtrigger.ignore():
        TemplateText.objects.filter(version=signed.signature.version, language="es").delete()
    assert found(signed.release) == (Fault.TEXT,)


def test_text_that_was_changed_with_all_its_hashes_is_found_by_the_sealed_one(signed):
    other = "0" * 64
    rewrite(Release, signed.release.pk, text_hash=other)
    rewrite(Signature, signed.release.pk, text_hash=other)
    assert set(found(signed.release)) == {Fault.FACTS, Fault.TEXT}


@pytest.mark.parametrize(
    "change",
    [
        {"ends_on": None},
        {"begins_on": timezone.localdate() + timedelta(days=1)},
        {"covers": "bridge"},
        {"witness": "bob"},
        {"signed_by": "guardian", "guardian_name": "Gloria Guardian"},
        {"kind": "typed"},
        {"kind": "refused", "text_hash": "", "ends_on": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_row_that_was_changed_is_found_by_the_sealed_facts(signed, request, change):
    values = {
        name: request.getfixturevalue(value) if value in ("bridge", "bob") else value
        for name, value in change.items()
    }
    rewrite(Release, signed.release.pk, **values)
    said, _ = check()
    assert f"{Fault.FACTS.label} ({', '.join(sorted(change))})" in said


def test_swapped_files_are_found(signed, alice, harbor):
    jane = ClientFactory(organization=harbor, created_by=alice, first_name="Jane")
    other = signed_release(jane, alice, version=signed.signature.version)
    rewrite(ClientFile, signed.file.pk, release=None)
    rewrite(ClientFile, other.file.pk, release=signed.release)
    rewrite(ClientFile, signed.file.pk, release=other.release)
    assert found(signed.release) == found(other.release) == (Fault.FACTS,)


def test_swapped_contents_are_found(signed, alice, john):
    """Of two releases of one client, of one day and one text."""
    other = signed_release(john, alice, version=signed.signature.version)
    one, two = path_of(signed.stored), path_of(other.stored)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    for stored, size in ((signed.stored, other.stored), (other.stored, signed.stored)):
        rewrite(StoredFile, stored.pk, sha256=size.sha256)
    assert found(signed.release) == found(other.release) == (Fault.FACTS,)


def test_signature_of_another_hand_is_found(signed):
    rewrite(Signature, signed.release.pk, strokes=[[0, 0, 900, 900]])
    assert found(signed.release) == (Fault.FACTS,)


def test_missing_file_is_found(signed):
    path_of(signed.stored).unlink()
    assert found(signed.release) == (Fault.MISSING,)


def test_release_without_file_or_signature_is_found(signed, john):
    rewrite(ClientFile, signed.file.pk, release=None)
    assert found(signed.release) == (Fault.NO_FILE,)
    with pgtrigger.ignore():
        Signature.objects.all().delete()
    assert found(signed.release) == (Fault.NO_FILE, Fault.NO_SIGNATURE)


def test_store_that_does_not_answer_is_no_change(signed, monkeypatch):
    def fails(key):
        raise store.StoreError

    monkeypatch.setattr(checking.store, "fetch", fails)
    _, refused = check()
    assert "0 are not what was signed or stored, 1 could not be read" in refused


def test_certificate_that_is_not_trusted_any_more_is_named(signed, settings, seal):
    keys.use(settings, keys.pair())
    assert found(signed.release) == (Fault.UNTRUSTED,)
    keys.use(settings, keys.pair(), former=(seal,))
    assert found(signed.release) == ()


def test_expired_certificate_goes_on_to_verify(signed, time_machine):
    time_machine.move_to(keys.NOW + 2 * keys.YEAR)
    assert check()[1] == ""


def test_key_that_was_used_after_its_end_is_found(settings, alice, john, time_machine):
    ended = keys.pair(ends=keys.NOW + timedelta(days=1))
    keys.use(settings, ended)
    signed = signed_release(john, alice)
    path = path_of(signed.stored)
    time_machine.move_to(keys.NOW + timedelta(days=3))
    seal = seal_of(ended.key, ended.certificate)
    path.write_bytes(sealed(plain(), seal=seal, reason="Forged"))
    assert set(found(signed.release)) == {Fault.BYTES, Fault.CERTIFICATE}


def test_uploaded_paper_is_compared_with_what_was_stored(john, alice):
    release = ReleaseFactory(client=john, kind=Release.Kind.UPLOADED)
    file = file_of(john, by=alice, category="consent", release=release)
    assert found(release) == ()
    path_of(file.stored).write_bytes(b"another paper")
    assert found(release) == (Fault.BYTES,)


def test_verbal_releases_and_refusals_have_nothing_to_check(john):
    ReleaseFactory(client=john)
    ReleaseFactory(client=john, refused=True)
    assert check()[0].startswith("0 releases checked")


def test_release_that_was_moved_by_a_merge_is_in_order(signed, alice, harbor):
    survivor = ClientFactory(organization=harbor, created_by=alice)
    john = signed.release.client
    Client.with_deleted.filter(pk=john.pk).update(merged_into=survivor)
    for model, pk in ((Release, signed.release.pk), (ClientFile, signed.file.pk)):
        model._base_manager.filter(pk=pk).update(client=survivor)
    assert found(signed.release) == ()


def test_release_that_was_moved_to_somebody_else_is_found(signed, alice, harbor):
    stranger = ClientFactory(organization=harbor, created_by=alice)
    rewrite(Release, signed.release.pk, client=stranger)
    assert found(signed.release) == (Fault.FACTS,)


def test_of_an_erased_client_nothing_is_left_to_check(signed, dana):
    client = signed.release.client
    granted(client, dana)
    finish(erase(client_id=client.pk, cause=Cause.REQUEST, by=UserFactory(is_superuser=True)))
    assert not path_of(signed.stored).exists()
    assert check() == (
        "0 releases checked: 0 are not what was signed or stored, 0 could not be read\n",
        "",
    )


def test_since_leaves_out_what_was_recorded_before(signed):
    path_of(signed.stored).unlink()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert check(since=tomorrow)[1] == ""
    assert check(since=timezone.localdate())[1]


def test_batches_and_statements_do_not_grow_with_the_releases(
    alice, john, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(checking, "BATCH", 2)
    version = version_of(alice)
    for _ in range(5):
        signed_release(john, alice, version=version)
    # Four of each of three batches, and the end; the version with its texts once.
    with django_assert_max_num_queries(3 * 4 + 1 + 2):
        assert len(list(checking.checked())) == 5
