"""Client Photo: drawn again, upright, without metadata; a new one replaces it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clients.models import Client, ClientAccess
from files import actions
from files.inspection import SENTENCES
from files.models import ClientPhoto, StoredFile
from tests.files.samples import heic, jpeg, pdf, png, png_bomb, turned_jpeg
from tests.pages import errors, filled, messages, send


@pytest.fixture
def photo_page(john):
    return reverse("files:client_photo", args=[john.pk])


@pytest.fixture
def take(portal, alice, photo_page):
    def save(content=None, name="photo.jpg", by=alice, **options):
        photo = SimpleUploadedFile(name, content or jpeg())
        return send(portal(by), photo_page, photo=photo, **options)

    return save


def downloaded(browser, client):
    answer = browser.get(reverse("files:download_client_photo", args=[client.pk]))
    assert answer.status_code == 200
    return answer, Image.open(io.BytesIO(b"".join(answer.streaming_content)))


def test_photo_is_shown_in_the_bar_and_on_the_dashboard(take, portal, bob, john):
    assert take().status_code == 302
    photo = ClientPhoto.objects.get()
    john.refresh_from_db()
    assert john.photo_token == photo.token
    small = reverse("files:small_client_photo", args=[john.pk, photo.token])
    browser = portal(bob)
    for address in (john.get_absolute_url(), f"/clients/{john.pk}/edit/"):
        assert small in browser.get(address).content.decode()
    answer = browser.get(small)
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (240, 288)
    assert answer["Cache-Control"] == "private, no-store"


def test_photo_costs_no_query_on_other_pages(take, portal, alice, john):
    browser = portal(alice)
    browser.get(john.get_absolute_url())
    with CaptureQueriesContext(connection) as before:
        browser.get(john.get_absolute_url())
    take()
    with CaptureQueriesContext(connection) as after:
        browser.get(john.get_absolute_url())
    assert len(after) == len(before)


def test_click_downloads_the_photo_under_a_name_without_the_clients(take, portal, bob, john):
    take()
    answer, image = downloaded(portal(bob), john)
    assert answer["Content-Disposition"] == f'attachment; filename="Client {john.pk}.jpg"'
    assert image.format == "JPEG"
    access = ClientAccess.objects.get(user=bob)
    assert (access.client, access.kind) == (john, "export")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_is_upright_and_has_no_metadata(take, portal, alice, john, orientation):
    take(turned_jpeg(orientation))
    _, image = downloaded(portal(alice), john)
    assert not image.getexif()
    assert image.size == ((640, 400) if orientation < 5 else (400, 640))
    corners = {1: (9, 9), 2: (-9, 9), 3: (-9, -9), 4: (9, -9)}
    corners |= {5: (9, 9), 6: (-9, 9), 7: (-9, -9), 8: (9, -9)}
    x, y = corners[orientation]
    red, green, blue = image.getpixel((x % image.width, y % image.height))
    assert red > 200
    assert max(green, blue) < 80, "the red corner is where the camera meant it"


@pytest.mark.parametrize("content", [heic(), png(mode="RGBA")], ids=["heic", "png"])
def test_photo_of_any_kind_becomes_a_jpeg(take, portal, alice, john, content):
    take(content)
    assert downloaded(portal(alice), john)[1].mode == "RGB"


def test_large_photo_is_made_small(take, portal, alice, john):
    take(jpeg((4000, 3000)))
    assert downloaded(portal(alice), john)[1].size == (1024, 768)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf, "not_a_picture"),
        (lambda: b"plain text", "not_a_picture"),
        (lambda: b"<svg><script>1</script></svg>", "markup"),
        (png_bomb, "pixels"),
        (lambda: jpeg()[:2000], "damaged"),
    ],
    ids=["pdf", "text", "svg", "bomb", "cut short"],
)
def test_what_is_no_photo_is_refused(take, john, content, reason):
    assert errors(take(content()))["photo"] == [SENTENCES[reason]]
    assert not StoredFile.objects.exists()
    john.refresh_from_db()
    assert john.photo_token == ""


def test_new_photo_replaces_the_old_one(take, portal, alice, john):
    take()
    old = ClientPhoto.objects.get()
    take(png((500, 600)))
    new = ClientPhoto.objects.get()
    assert new != old
    john.refresh_from_db()
    assert john.photo_token == new.token
    assert downloaded(portal(alice), john)[1].size == (500, 600)
    gone = reverse("files:small_client_photo", args=[john.pk, old.token])
    assert portal(alice).get(gone).status_code == 404
    assert ClientPhoto.with_deleted.get(pk=old.pk).deleted_by == alice


def test_remove_photo_asks_and_deletes(take, portal, alice, john, photo_page):
    take()
    browser = portal(alice)
    remove = reverse("files:delete_client_photo", args=[john.pk])
    assert "Remove the photo?" in browser.get(remove).content.decode()
    assert ClientPhoto.objects.exists()
    assert messages(browser.post(remove, follow=True)) == ["Photo deleted."]
    assert not ClientPhoto.objects.exists()
    assert Client.objects.get(pk=john.pk).photo_token == ""
    download = reverse("files:download_client_photo", args=[john.pk])
    assert browser.get(download).status_code == 404
    assert browser.post(remove).status_code == 302, "twice does no harm"


@pytest.fixture
def deleted(take, portal, alice, john, photo_page):
    """Alice deleted the photo; a function that presses Restore and tells what the page says."""
    take()
    portal(alice).post(reverse("files:delete_client_photo", args=[john.pk]))

    def restore(by=alice):
        undo = reverse("files:restore_client_photo", args=[john.pk])
        said = messages(portal(by).post(undo, follow=True))
        return said, bool(Client.objects.get(pk=john.pk).photo_token)

    return restore


def test_deleted_photo_is_restored(deleted, portal, alice, john, photo_page):
    assert "Recently deleted (1)" in portal(alice).get(photo_page).text
    assert deleted() == (["Photo restored."], True)
    photo = ClientPhoto.objects.get()
    assert Client.objects.get(pk=john.pk).photo_token == photo.token
    assert downloaded(portal(alice), john)
    assert "Recently deleted" not in portal(alice).get(photo_page).text
    assert deleted() == ([], True), "twice does no harm"


def test_deleted_photo_is_restored_by_nobody_else(deleted, portal, bob, photo_page):
    assert "Deleted:" not in portal(bob).get(photo_page).text
    assert deleted(bob) == ([], False)


def test_deleted_photo_is_restored_within_the_hour(deleted, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=1, minutes=1))
    assert deleted() == ([], False)


def test_deleted_photo_is_not_restored_over_a_newer_one(
    deleted, take, portal, alice, bob, john, photo_page
):
    take(by=bob)
    token = Client.objects.get(pk=john.pk).photo_token
    assert deleted() == ([], True)
    assert Client.objects.get(pk=john.pk).photo_token == token
    portal(bob).post(reverse("files:delete_client_photo", args=[john.pk]))
    assert "Deleted:" not in portal(alice).get(photo_page).text
    assert deleted() == ([], False), "it is Bob's to restore"


def test_photo_of_a_restricted_client_is_hidden_with_it(take, portal, charlie, john):
    take()
    photo = ClientPhoto.objects.get()
    addresses = [
        reverse("files:client_photo", args=[john.pk]),
        reverse("files:download_client_photo", args=[john.pk]),
        reverse("files:small_client_photo", args=[john.pk, photo.token]),
    ]
    for address in addresses:
        assert portal(charlie).get(address).status_code == 200
    Client.objects.filter(pk=john.pk).update(visibility="own")
    for address in addresses:
        assert portal(charlie).get(address).status_code == 404


def test_camera_is_allowed_on_this_page_alone(portal, alice, john, photo_page):
    browser = portal(alice)
    assert browser.get(photo_page)["Permissions-Policy"] == "camera=(self)"
    assert browser.get(john.get_absolute_url()).get("Permissions-Policy") != "camera=(self)"


def test_photo_does_not_touch_the_version_of_an_open_edit(take, john):
    take()
    version = john.version
    john.refresh_from_db()
    assert john.version == version


def test_other_organization_neither_replaces_nor_deletes_a_photo(
    take, portal, alice, charlie, john, photo_page
):
    take()
    remove = reverse("files:delete_client_photo", args=[john.pk])
    browser = portal(charlie)
    page = browser.get(photo_page)
    assert "This photo was saved by Harbor Services." in page.text
    assert remove not in page.text
    assert browser.get(remove).status_code == 403
    assert browser.post(remove).status_code == 403
    photo = SimpleUploadedFile("photo.png", png())
    typed = filled(page.context["form"], photo=photo)
    assert browser.post(photo_page, typed).status_code == 403
    assert john.clientphotos.get().created_by == alice


def test_photo_that_was_saved_while_another_one_came_stays(take, charlie, john, monkeypatch):
    stored_photo = actions.stored_photo

    def stored_late(findings):
        monkeypatch.undo()
        assert take().status_code == 302
        return stored_photo(findings)

    monkeypatch.setattr(actions, "stored_photo", stored_late)
    assert take(by=charlie).status_code == 403
    assert ClientPhoto.objects.get().organization == john.organization
    assert StoredFile.objects.count() == 1


def test_other_organization_saves_the_first_photo_and_both_may_replace_it(
    take, portal, alice, charlie, john
):
    take(png(), by=charlie)
    take()
    assert john.clientphotos.get().created_by == alice
    assert ClientPhoto.with_deleted.filter(client=john).count() == 2
