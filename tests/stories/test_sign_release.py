"""A client signs on the screen: by mouse or finger, by a typed name, in Spanish (13.1)."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from agencies.actions import end_sessions
from clients.models import Client, Release
from tests.consent.factories import published
from tests.consent.sealing import keys
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory
from tests.plugins.look import DESK, PHONE, resize
from tests.stories.conftest import heading, log_in
from tests.stories.test_intake import ClickCounter

MOST_CLICKS = 6


@pytest.fixture(autouse=True)
def text(settings, transactional_db, alice):
    """The sample is in force, and can be sealed."""
    keys.use(settings, keys.pair())
    return published(by=alice)


@pytest.fixture
def children(alice, john, harbor):
    """Two, in the household that John heads."""
    project = ProjectFactory(organization=harbor)
    own = {"created_by": alice, "project": project}
    head = EnrollmentFactory(client=john, **own)
    for name in ("Tim", "Tom"):
        child = ClientFactory(
            first_name=name, dob=date(2019, 5, 6), organization=harbor, created_by=alice
        )
        EnrollmentFactory(client=child, household=head.household, relationship_to_hoh=2, **own)


def draw(page: Page, *strokes) -> None:
    """Draw with the mouse; a stroke is points in hundredths of the box."""
    box = page.get_by_role("img", name=re.compile("Box for the signature|Cuadro para la firma"))
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    for points in strokes:
        at = [
            (frame["x"] + frame["width"] * x / 100, frame["y"] + frame["height"] * y / 100)
            for x, y in points
        ]
        page.mouse.move(*at[0])
        page.mouse.down()
        for one in at[1:]:
            page.mouse.move(*one, steps=6)
        page.mouse.up()


NAME = [(10, 70), (20, 30), (30, 70), (40, 40), (55, 60)]
DASH = [(20, 80), (70, 82)]


def ink(page: Page) -> str:
    return page.locator("[data-sign-ink]").get_attribute("d")


def think_again(page: Page) -> None:
    """Draw, take a line back, and then the rest."""
    status = page.locator("#box-status")
    draw(page, NAME, DASH)
    expect(status).to_have_text("2 lines in the box.")
    page.get_by_role("button", name="Undo last line").click()
    expect(status).to_have_text("One line in the box.")
    page.get_by_role("button", name="Clear").click()
    expect(status).to_have_text("Cleared. The box is empty.")


def sign_in_spanish_by_keyboard(page: Page, john: Client, look) -> None:
    """What is drawn before the name is typed is not sent."""
    page.goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}&language=es")
    expect(page.get_by_role("main")).to_have_attribute("lang", "es")
    expect(heading(page, "Autorización para compartir información")).to_be_visible()
    draw(page, NAME)
    by_name = page.get_by_role("button", name="Escribiendo mi nombre")
    by_name.press("Enter")
    expect(by_name).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Su nombre completo")).to_be_focused()
    look("typed-in-spanish")
    page.keyboard.type("John Smith")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label(re.compile("He leído este texto"))).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(heading(page, "Gracias. Está firmado.")).to_be_visible()
    signature = Release.objects.get(kind="typed").signature
    assert (signature.typed_name, signature.language) == ("John Smith", "es")
    assert signature.strokes == []


def test_head_signs_by_mouse_for_the_children_and_then_in_spanish_by_keyboard(
    page, at_desk, alice, john, children, look, record_property
):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/")
    counter = ClickCounter(page)
    counter.click(page.get_by_role("link", name="Add Release").first)
    counter.click(page.get_by_role("link", name="Sign on the screen"))
    expect(heading(page, "Sign on the Screen")).to_be_visible()
    look("ask")
    counter.press("Show the text")
    expect(heading(page, "Release of Information")).to_be_visible()
    english, spanish = page.get_by_role("article").all()
    assert english.bounding_box()["y"] == spanish.bounding_box()["y"], "side by side"
    expect(english).to_have_attribute("lang", "en")
    expect(spanish).to_have_attribute("lang", "es")
    expect(spanish).to_contain_text("John Smith, Tim Smith y Tom Smith")
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    look("text")

    page.get_by_role("button", name="Sign", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Write your name by hand, or type it.")
    expect(alert).to_be_focused()
    look("nothing-signed")
    think_again(page)
    draw(page, NAME, DASH)
    expect(page.locator("#box-status")).to_have_text("2 lines in the box.")
    drawn = ink(page)
    resize(page, PHONE)
    assert ink(page) == drawn, "turning the device keeps what was drawn"
    resize(page, DESK)
    counter.press("Sign")
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"give the device back to {alice}")
    look("signed")
    counter.click(page.get_by_role("link", name="Continue"))
    expect(heading(page, "Release of Information")).to_be_visible()
    record_property("clicks", counter.pressed)
    assert counter.pressed <= MOST_CLICKS
    release, *theirs = Release.objects.order_by("client")
    assert (release.client, release.kind, release.witness) == (john, "signed", alice)
    assert [one.guardian_name for one in theirs] == ["John Smith"] * 2
    page.goto(f"/clients/{john.pk}/releases/{release.pk}/text/")
    hand = page.get_by_role("img", name="Signature by hand").locator("path")
    expect(hand).to_have_attribute("d", drawn)
    expect(page.get_by_role("main")).to_contain_text(release.text_hash)
    look("signed-text")
    sign_in_spanish_by_keyboard(page, john, look)


def test_line_that_is_begun_while_the_page_still_loads_is_kept(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    box = page.get_by_role("img", name="Box for the signature")
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.mouse.down()
    expect(page.locator("[data-sign-ink]")).to_have_attribute("d", re.compile("^M"))
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")  # as at the end of the loading
    page.mouse.move(frame["x"] + 90, frame["y"] + 60, steps=3)
    page.mouse.up()
    expect(page.locator("#box-status")).to_have_text("One line in the box.")


def test_on_a_phone_with_a_finger_and_without_javascript(elsewhere, alice, john, picture):
    page = elsewhere(alice, has_touch=True, is_mobile=True)
    resize(page, PHONE)
    page.goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    english, spanish = page.get_by_role("article").all()
    assert english.bounding_box()["y"] < spanish.bounding_box()["y"], "one below the other"
    page.get_by_role("link", name="Go to the signature").tap()
    box = page.get_by_role("img", name="Box for the signature")
    expect(box).to_be_in_viewport()
    frame, before = box.bounding_box(), page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)

    def finger(kind, *at):
        points = [{"x": frame["x"] + x, "y": frame["y"] + y} for x, y in at]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", (40, 30))
    for step in range(1, 9):
        finger("touchMove", (40 + 25 * step, 30 + 10 * step))
    finger("touchEnd")
    expect(page.locator("#box-status")).to_have_text("One line in the box.")
    assert page.evaluate("scrollY") == before, "a finger in the box draws, and does not scroll"
    page.get_by_role("button", name="Sign", exact=True).tap()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get().kind == "signed"

    page = elsewhere(alice, java_script_enabled=False)
    page.set_viewport_size(PHONE)
    page.goto(f"/clients/{john.pk}/releases/sign/")
    page.get_by_role("button", name="Show the text").click()
    expect(page.get_by_role("img")).to_have_count(0)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Write your name by hand, or type it.")
    picture("without-javascript", of=page)
    page.get_by_label("Your full name").fill("John Smith")
    page.get_by_label(re.compile("I have read this text")).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get(kind="typed").signature.typed_name == "John Smith"


@pytest.mark.new_browser
def test_signature_stays_on_the_covered_page_while_somebody_logs_in_again(
    page, at_desk, alice, john, watch, look
):
    watch.expects(401)
    at_desk(alice).goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    draw(page, NAME)
    expect(page.locator("#box-status")).to_have_text("One line in the box.")
    drawn = ink(page)
    end_sessions(user=alice)
    page.get_by_role("button", name="Sign", exact=True).click()
    covered = page.get_by_role("dialog", name="You were logged out")
    expect(covered).to_be_visible()
    assert "John" not in page.content()
    with page.context.expect_page() as opened:
        covered.get_by_role("link", name="Log in again").click()
    log_in(opened.value, alice)
    expect(heading(opened.value, "Good to see you, Alice")).to_be_visible()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(covered).to_be_hidden()
    assert ink(page) == drawn
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get().kind == "signed"


def test_signature_that_came_too_late_is_asked_again(elsewhere, alice, john, picture):
    page = elsewhere(alice, java_script_enabled=False)
    page.goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}&ends_on=03/01/2027")
    page.get_by_label("Your full name").fill("John Smith")
    page.get_by_label(re.compile("I have read this text")).check()
    end_sessions(user=alice)
    page.get_by_role("button", name="Sign", exact=True).click()
    log_in(page, alice)
    expect(page.get_by_role("alert")).to_contain_text("The signature was not saved")
    picture("signed-too-late", of=page)
    page.set_viewport_size(PHONE)
    picture("signed-too-late-phone", of=page)
    assert "03/01/2027" in page.url.replace("%2F", "/")
