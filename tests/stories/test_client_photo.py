"""The Client Photo cheat sheet, label by label, the camera too, and refused (9.1, 9.2)."""

import pytest
from playwright.sync_api import expect

from files.models import ClientPhoto, StoredFile
from tests.files.factories import photo_of
from tests.files.samples import jpeg
from tests.stories.conftest import heading
from tests.waits import wait_until

CAMERA = "Take a photo with the camera"
REFUSE = """navigator.mediaDevices.getUserMedia =
    () => Promise.reject(new DOMException("", "NotAllowedError"));"""

# The picture is made when `finish` is called.
SLOW = """() => {
    const make = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...given) {
        window.finish = () => make.apply(this, given);
    };
}"""

WATCH = """() => {
    window.asked = [];
    const devices = navigator.mediaDevices, get = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (what) => { asked.push(what.video); return get(what); };
}"""

# Each camera opens when `allow` is called, as somebody allows it in the end.
HELD = """() => {
    window.opened = [];
    let allowed;
    const wait = new Promise((done) => { allowed = done; });
    const devices = navigator.mediaDevices, get = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (what) => {
        await wait;
        const stream = await get(what);
        opened.push(stream);
        return stream;
    };
    window.allow = allowed;
}"""
LEFT_ON = "opened.filter((stream) => stream.active).length"


@pytest.fixture
def photo_page(page, at_desk, alice, john):
    at_desk(alice).goto(john.get_absolute_url())
    menu = page.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_role("link", name="Client Photo").click()
    expect(heading(page, "Client Photo")).to_be_visible()
    return page


def loaded(image):
    return image.evaluate("(image) => image.decode().then(() => image.naturalWidth)")


def test_a_photo_is_chosen_saved_downloaded_replaced_and_deleted(photo_page, john, look):
    page = photo_page
    look("no-photo")
    file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg((600, 720))}
    page.get_by_label("Choose File").set_input_files(file)
    expect(page.get_by_role("img", name="The picture that will be saved")).to_be_visible()
    assert not StoredFile.objects.exists(), "nothing is stored before Save"
    look("chosen")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    assert loaded(page.get_by_role("img", name="Photo of the client. Download it.")) == 240
    assert loaded(page.get_by_label("Client", exact=True).locator("img")) == 240
    look("saved")
    with page.expect_download() as download:
        page.get_by_role("link", name="Photo of the client. Download it.").click()
    assert download.value.suggested_filename == f"Client {john.pk}.jpg"

    page.get_by_label("Choose File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    assert ClientPhoto.objects.count() == 1
    page.get_by_role("link", name="Remove Photo").click()
    look("remove")
    page.get_by_role("dialog").get_by_role("button", name="Remove Photo").click()
    expect(page.get_by_text("Photo deleted.")).to_be_visible()
    expect(page.get_by_text("No photo yet")).to_be_visible()
    assert not ClientPhoto.objects.exists()


def test_a_photo_is_taken_with_the_camera(photo_page, look):
    page = photo_page
    page.evaluate(WATCH)
    camera = page.get_by_role("button", name=CAMERA)
    viewer, choose = (page.locator(one).bounding_box() for one in ("[data-viewer]", "#id_photo"))
    assert camera.bounding_box()["y"] >= viewer["y"] + viewer["height"]
    assert choose["x"] >= viewer["x"] + viewer["width"], "the controls stand beside the viewer"
    camera.click()
    take = page.get_by_role("button", name="Take photo")
    expect(take).to_be_focused()
    look("camera")
    page.get_by_role("button", name="Switch camera").click()
    expect(take).to_be_focused()
    take.click()
    first, other = page.evaluate("asked")
    assert first["facingMode"] == "environment", "the rear lens"
    assert {name: other.get(name) for name in first} != first, "another camera"
    use, retake = (page.get_by_role("button", name=one) for one in ("Use this image", "Retake"))
    expect(use).to_be_focused()
    assert use.bounding_box()["y"] == retake.bounding_box()["y"], "side by side"
    look("captured")
    retake.click()
    take.click()
    page.evaluate(SLOW)
    use.click()
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    page.get_by_label("Choose File").focus()
    page.evaluate("finish()")
    expect(save).to_be_focused()
    expect(page.get_by_role("img", name="The picture that will be saved")).to_be_visible()
    expect(page.get_by_text("Press Save to keep this image, or Retake.")).to_be_visible()
    look("used")
    assert not StoredFile.objects.exists(), "nothing is stored before Save"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    assert loaded(page.get_by_role("img", name="Photo of the client. Download it.")) == 240
    assert ClientPhoto.objects.get().stored.size > 5000


def test_a_camera_asked_for_twice_is_on_once(photo_page):
    page = photo_page
    page.evaluate(HELD)
    page.get_by_role("button", name=CAMERA).dblclick()
    page.evaluate("allow()")
    expect(page.get_by_role("button", name="Take photo")).to_be_visible()
    wait_until(lambda: page.evaluate("opened.length") == 2)
    assert page.evaluate(LEFT_ON) == 1
    page.get_by_role("button", name="Cancel").click()
    assert page.evaluate(LEFT_ON) == 0


def test_a_camera_that_comes_after_cancel_is_turned_off(photo_page):
    page = photo_page
    page.get_by_role("button", name=CAMERA).click()
    page.get_by_role("button", name="Take photo").click()
    page.evaluate(HELD)
    page.get_by_role("button", name="Retake").click()
    page.get_by_role("button", name="Cancel").click()
    page.evaluate("allow()")
    wait_until(lambda: page.evaluate("opened.length") == 1)
    assert page.evaluate(LEFT_ON) == 0
    expect(page.get_by_role("button", name=CAMERA)).to_be_visible()


def test_cancel_shows_the_saved_photo_again(page, at_desk, alice, john):
    photo_of(john)
    at_desk(alice).goto(f"/clients/{john.pk}/photo/")
    page.get_by_role("button", name=CAMERA).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="Photo of the client. Download it.")).to_be_visible()
    expect(page.get_by_role("button", name=CAMERA)).to_be_focused()


def test_a_refused_camera_tells_how_to_allow_it(page, at_desk, alice, john, look):
    page.add_init_script(REFUSE)
    at_desk(alice).goto(f"/clients/{john.pk}/photo/")
    page.get_by_role("button", name=CAMERA).click()
    notice = page.get_by_role("alert").filter(has_text="did not give this page the camera")
    expect(notice).to_contain_text("set Camera to Allow, and reload the page")
    look("refused")
    file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Choose File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Photo saved.")).to_be_visible()


def test_the_browsers_own_refusal_is_understood(page, at_desk, alice, john, watch):
    """The page's Permissions-Policy taken away, Chromium itself refuses."""

    def without_camera(route):
        answer = route.fetch()
        headers = answer.headers | {"permissions-policy": "camera=()"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/photo/", without_camera)
    at_desk(alice).goto(f"/clients/{john.pk}/photo/")
    page.get_by_role("button", name=CAMERA).click()
    expect(page.get_by_text("did not give this page the camera")).to_be_visible()
    assert len(watch.complaints) == 1
    assert "camera is not allowed in this document" in watch.complaints.pop()


def test_without_a_camera_the_page_says_so(page, at_desk, alice, john):
    page.add_init_script(REFUSE.replace("NotAllowedError", "NotFoundError"))
    at_desk(alice).goto(f"/clients/{john.pk}/photo/")
    page.get_by_role("button", name=CAMERA).click()
    expect(page.get_by_text("No camera was found.")).to_be_visible()


def test_without_javascript_a_file_is_chosen(elsewhere, alice, john, picture):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(f"/clients/{john.pk}/photo/")
    expect(page.get_by_role("button", name=CAMERA)).to_have_count(0)
    file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Choose File").set_input_files(file)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Photo saved.")).to_be_visible()
    picture("saved", of=page)
    page.get_by_role("link", name="Remove Photo").click()
    page.get_by_role("button", name="Remove Photo").click()
    expect(page.get_by_text("Photo deleted.")).to_be_visible()
