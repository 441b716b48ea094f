"""What is particular to an S3 store: it may be down, and it may sign addresses."""

import time
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.urls import reverse

from files.models import StoredFile
from files.store import StoreError
from tests.files.samples import jpeg
from tests.pages import errors

SECONDS = 15


@pytest.fixture
def down(s3):
    s3.stop()
    yield
    s3.start()


def test_store_that_is_down_tells_and_leaves_no_row(upload, down):
    start = time.monotonic()
    answer = upload()
    assert errors(answer)["file"] == [StoreError.sentence]
    assert not StoredFile.objects.exists()
    assert time.monotonic() - start < SECONDS


def test_download_from_a_store_that_is_down_tells(portal, alice, s3, filed):
    row = filed()
    s3.stop()
    browser = portal(alice)
    for name in ("download_client_file", "client_file_thumbnail"):
        answer = browser.get(reverse(f"files:{name}", args=[row.client_id, row.pk]))
        assert answer.status_code == 503
        assert "The file store does not answer" in answer.content.decode()
    assert browser.get(reverse("files:client_files", args=[row.client_id])).status_code == 200


def test_signed_address_gives_the_file_for_a_minute(portal, alice, s3, settings, filed):
    settings.SIGNED_DOWNLOADS = True
    content = jpeg()
    row = filed(content, "id.jpg")
    answer = portal(alice).get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    address = answer["Location"]
    assert "Expires=60" in address
    assert row.stored.key in urlsplit(address).path
    with urlopen(address) as given:
        assert given.read() == content
        assert given.headers["Content-Disposition"].startswith("attachment")


def test_address_without_its_signature_gives_nothing(s3, filed):
    row = filed()
    with pytest.raises(OSError, match=r"40[03]"):
        urlopen(f"{s3.url}/{s3.bucket}/{row.stored.key}")
