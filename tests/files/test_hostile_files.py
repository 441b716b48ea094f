"""Whatever somebody uploads is stored safely as what it is, or refused with a sentence."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from files.inspection import SENTENCES
from files.models import ClientFile, StoredFile
from tests.files.samples import REFUSED, STORED
from tests.pages import errors


def test_there_are_at_least_forty_hostile_or_broken_files():
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_a_sentence(upload, case):
    name, make, reason = REFUSED[case]
    answer = upload(make(), name)
    assert errors(answer)["file"] == [SENTENCES[reason]]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("case", STORED)
def test_file_is_stored_as_what_it_is(portal, alice, upload, case):
    name, make, kind = STORED[case]
    content = make()
    answer = upload(content, name)
    assert answer.status_code == 302, answer.context["form"].errors
    row = ClientFile.objects.select_related("stored").get()
    assert row.stored.kind == kind
    browser = portal(alice)
    download = browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert b"".join(download.streaming_content) == content
    assert_is_locked_up(download)
    assert download["Content-Disposition"].startswith("attachment;")
    assert browser.get(row.get_absolute_url()).status_code == 200
    if row.stored.pages:
        page = reverse("files:client_file_page", args=[row.client_id, row.pk, row.stored.pages])
        assert_is_clean_jpeg(browser.get(page))
        small = browser.get(reverse("files:client_file_thumbnail", args=[row.client_id, row.pk]))
        assert_is_clean_jpeg(small)


def assert_is_locked_up(answer):
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


def assert_is_clean_jpeg(answer):
    assert_is_locked_up(answer)
    assert answer["Content-Type"] == "image/jpeg"
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in content
    assert b"Secret" not in content


@pytest.mark.parametrize("case", [case for case in STORED if case.startswith("name_")])
def test_document_name_is_harmless(upload, case):
    name, make, _ = STORED[case]
    upload(make(), name)
    kept = ClientFile.objects.get().document_name
    assert kept
    assert len(kept) <= 150
    assert kept.isprintable()
    assert not set("/\\\u202e\r\n\t") & set(kept)


def test_key_in_the_store_says_nothing(filed):
    row = filed(name="John Smith 1980-05-17.jpg")
    assert row.stored.key.startswith("files/")
    assert re.fullmatch(r"files/([0-9a-f]{2})/\1[0-9a-f]{30}-\d+", row.stored.key)
    assert len(row.stored.key) > 40


def test_declared_type_is_of_no_account(portal, alice, john):
    browser = portal(alice)
    address = reverse("files:add_client_file", args=[john.pk])
    form = browser.get(address).context["form"]
    file = SimpleUploadedFile("x.pdf", b"<html><script>1</script>", content_type="application/pdf")
    data = {"organization": form["organization"].value(), "file": file}
    assert errors(browser.post(address, data))["file"] == [SENTENCES["markup"]]
