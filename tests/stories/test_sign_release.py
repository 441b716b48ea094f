"""A client signs on the screen: by mouse or finger, by a typed name, in Spanish (13.1)."""

import re

import pytest
from playwright.sync_api import Page, expect

from clients.models import Release
from consent.texts.actions import publish, seen, start_draft
from tests.consent.factories import ReleaseTemplateFactory
from tests.consent.sealing import keys
from tests.stories.conftest import PHONE, heading, resize


@pytest.fixture(autouse=True)
def text(settings, transactional_db, alice):
    """The sample is in force, and can be sealed."""
    keys.use(settings, keys.pair())
    draft = start_draft(template=ReleaseTemplateFactory(created_by=alice), by=alice)
    return publish(version=draft, seen_as=seen(draft), by=alice)


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


def test_client_signs_by_mouse_after_a_second_thought(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/add/")
    page.get_by_role("link", name="Sign on the screen").click()
    expect(heading(page, "Sign on the Screen")).to_be_visible()
    look("ask")
    page.get_by_role("button", name="Show the text").click()
    expect(heading(page, "Release of Information")).to_be_visible()
    english, spanish = page.get_by_role("article").all()
    assert english.bounding_box()["y"] == spanish.bounding_box()["y"], "side by side"
    expect(english).to_have_attribute("lang", "en")
    expect(spanish).to_have_attribute("lang", "es")
    expect(spanish).to_contain_text(john.display_name)
    expect(page.get_by_role("navigation", name="Favorites Menu")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    look("text")

    status = page.get_by_role("status")
    expect(status).to_have_text("The box is empty.")
    draw(page, NAME, DASH)
    expect(status).to_have_text("2 lines in the box.")
    page.get_by_role("button", name="Undo last line").click()
    expect(status).to_have_text("One line in the box.")
    before = ink(page)
    resize(page, PHONE)
    assert ink(page) == before, "turning the device keeps what was drawn"
    resize(page, {"width": 1280, "height": 900})
    page.get_by_role("button", name="Clear").click()
    expect(status).to_have_text("Cleared. The box is empty.")
    page.get_by_role("button", name="Sign", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Write your name in the box, or type it.")
    expect(alert).to_be_focused()
    look("nothing-signed")

    draw(page, NAME, DASH)
    drawn = ink(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"give the device back to {alice}")
    look("signed")
    release = Release.objects.get()
    assert (release.client, release.kind, release.witness) == (john, "signed", alice)
    page.get_by_role("link", name="Continue").click()
    expect(heading(page, "Release of Information")).to_be_visible()

    page.goto(f"/clients/{john.pk}/releases/{release.pk}/text/")
    hand = page.get_by_role("img", name="Signature by hand").locator("path")
    expect(hand).to_have_attribute("d", drawn)
    expect(page.get_by_role("main")).to_contain_text(release.text_hash)
    look("signed-text")


def test_client_chooses_spanish_and_types_the_name_by_keyboard(page, at_desk, alice, john, look):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("main")).to_have_attribute("lang", "es")
    expect(heading(page, "Autorización para compartir información")).to_be_visible()
    by_name = page.get_by_role("button", name="Escribiendo mi nombre")
    by_name.focus()
    page.keyboard.press("Enter")
    expect(by_name).to_have_attribute("aria-pressed", "true")
    name = page.get_by_label("Su nombre completo")
    expect(name).to_be_focused()
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


def test_what_was_drawn_is_not_sent_with_a_typed_name_and_comes_back(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    draw(page, NAME)
    page.get_by_role("button", name="By typing my name").click()
    page.get_by_role("button", name="With a finger, pen or mouse").click()
    expect(page.get_by_role("status")).to_have_text("One line in the box.")
    page.get_by_role("button", name="By typing my name").click()
    page.get_by_label("Your full name").fill("John Smith")
    page.get_by_label(re.compile("I have read this text")).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get().kind == "typed"


def test_typed_name_without_javascript_on_a_phone(elsewhere, alice, john, picture):
    page = elsewhere(alice, java_script_enabled=False, viewport=PHONE)
    page.goto(f"/clients/{john.pk}/releases/sign/")
    page.get_by_role("button", name="Show the text").click()
    english, spanish = page.get_by_role("article").all()
    assert english.bounding_box()["y"] < spanish.bounding_box()["y"], "one below the other"
    expect(page.get_by_role("img")).to_have_count(0)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Write your name in the box, or type it.")
    picture("without-javascript", of=page)
    page.get_by_label("Your full name").fill("John Smith")
    page.get_by_label(re.compile("I have read this text")).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get().signature.typed_name == "John Smith"


def test_finger_draws_on_a_phone_and_does_not_scroll(elsewhere, alice, john, look):
    page = elsewhere(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"/clients/{john.pk}/releases/sign/text/?members={john.pk}")
    box = page.get_by_role("img", name="Box for the signature")
    box.scroll_into_view_if_needed()
    frame, before = box.bounding_box(), page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)

    def finger(kind, *at):
        points = [{"x": frame["x"] + x, "y": frame["y"] + y} for x, y in at]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", (40, 30))
    for step in range(1, 9):
        finger("touchMove", (40 + 25 * step, 30 + 10 * step))
    finger("touchEnd")
    expect(page.get_by_role("status")).to_have_text("One line in the box.")
    assert page.evaluate("scrollY") == before
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(heading(page, "Thank you. It is signed.")).to_be_visible()
    assert Release.objects.get().kind == "signed"
