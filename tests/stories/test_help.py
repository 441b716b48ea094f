"""Help: the question mark beside a page's own steps, the search, and what HUD's questions mean."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import format_html
from playwright.sync_api import expect

from hmis.help.topics import topics
from tests.plugins.look import PHONE
from tests.stories.conftest import heading


@pytest.fixture
def page(page, at_desk, alice):
    return at_desk(alice)


def question_mark(page):
    return page.get_by_role("banner").get_by_role("button", name="Help")


def panel(page):
    return page.get_by_role("complementary", name="Help", exact=True)


def test_question_mark_shows_the_steps_beside_the_page_and_leaves_what_is_typed(page, look):
    page.goto("/clients/")
    page.get_by_label("First Name", exact=True).fill("Jo")
    question_mark(page).click()
    expect(panel(page).get_by_role("heading", name="Find a client")).to_be_focused()
    expect(panel(page).get_by_role("listitem").first).to_contain_text(
        "Open Find Client in the menu."
    )
    expect(question_mark(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_label("First Name", exact=True)).to_have_value("Jo")
    look("panel")
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(question_mark(page)).to_be_focused()
    page.keyboard.press("Space")
    expect(panel(page)).to_be_visible()
    panel(page).get_by_role("button", name="Close help").click()
    expect(panel(page)).to_have_count(0)
    expect(page.get_by_label("First Name", exact=True)).to_have_value("Jo")


def test_link_of_a_text_opens_its_page(page, john, monkeypatch):
    topic = topics()["find-a-client"]
    link = format_html('<p><a href="{}">John</a></p>', john.get_absolute_url())
    monkeypatch.setitem(vars(topic), "html", topic.html + link)
    page.goto("/clients/")
    question_mark(page).click()
    panel(page).get_by_role("link", name="John").click()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(panel(page)).to_have_count(0)


def test_search_and_links_stay_in_the_panel(page, john, look):
    page.goto(john.get_absolute_url())
    question_mark(page).click()
    panel(page).get_by_role("link", name="All help").click()
    expect(panel(page).get_by_role("heading", name="Getting in and around")).to_be_visible()
    panel(page).get_by_label("Search the help").press_sequentially("safe haven")
    expect(panel(page).get_by_role("link", name="What is a Safe Haven?")).to_be_visible()
    expect(panel(page).get_by_role("link", name="Find a client")).to_have_count(0)
    look("found")
    panel(page).get_by_label("Search the help").fill("read only")
    panel(page).get_by_role("link", name="Lock and print case notes").click()
    expect(panel(page).get_by_role("heading", name="Lock and print case notes")).to_be_focused()
    expect(heading(page, "Client Dashboard")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{john.get_absolute_url()}$"))


@pytest.mark.new_browser
def test_words_typed_as_soon_as_the_search_is_there_are_searched(page, john):
    page.clock.install()
    page.goto(john.get_absolute_url())
    question_mark(page).click()
    expect(panel(page)).to_be_visible()
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    panel(page).get_by_role("link", name="All help").click()
    panel(page).get_by_label("Search the help").press_sequentially("safe haven")
    page.clock.run_for(1000)
    expect(panel(page).get_by_role("link", name="What is a Safe Haven?")).to_be_visible()


def test_sheet_is_downloaded_and_printed_without_the_shell(page, look):
    page.goto("/help/write-a-case-note/")
    expect(heading(page, "Write a case note")).to_be_visible()
    look("topic")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download document").click()
    assert downloading.value.suggested_filename == "help-write-a-case-note.pdf"
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".help-text ol > li").first).to_be_visible()


def test_index_and_questions_have_everything(page, look):
    page.goto("/help/")
    look("index")
    with page.expect_response("**/help/"):
        page.get_by_label("Search the help").fill("month counts")
    with page.expect_response("**/help/"):
        page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="When does a month count as a homeless month?").click()
    expect(heading(page, "What HUD's questions mean")).to_be_visible()
    look("questions")


def test_question_says_what_it_means_where_it_is_asked(page, john, look):
    page.goto(f"/clients/{john.pk}/edit/")
    meant = page.get_by_text("What this means: SSN Data Quality")
    meant.click()
    expect(page.get_by_text("What if the client has no SSN")).to_be_visible()
    look("explained")


def test_keys_of_one_character_open_help_and_search_until_they_are_turned_off(page):
    page.goto("/clients/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(panel(page).get_by_role("heading", name="Find a client")).to_be_focused()
    page.keyboard.press("?")
    expect(question_mark(page)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_label("Search", exact=True)).to_have_value("?")
    page.goto("/help/")
    page.get_by_label("Keys of one character").uncheck()
    page.goto("/clients/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    page.keyboard.press("?")
    expect(page.get_by_label("Search", exact=True)).not_to_be_focused()
    page.goto("/help/")
    expect(page.get_by_label("Keys of one character")).not_to_be_checked()
    page.get_by_label("Keys of one character").check()
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()


def test_help_works_on_a_phone_and_without_script(elsewhere, alice):
    phone = elsewhere(alice)
    phone.set_viewport_size(PHONE)
    phone.goto("/clients/")
    question_mark(phone).click()
    expect(panel(phone).get_by_role("heading", name="Find a client")).to_be_focused()
    assert panel(phone).bounding_box()["width"] == PHONE["width"]
    plain = elsewhere(alice, java_script_enabled=False)
    plain.goto("/clients/")
    plain.get_by_role("banner").get_by_role("link", name="Help").click()
    expect(heading(plain, "Find a client")).to_be_visible()
    plain.get_by_role("link", name="All help").click()
    plain.get_by_label("Search the help").fill("photo")
    plain.get_by_role("main").get_by_role("button", name="Search").click()
    expect(plain.get_by_role("link", name="Add a client's photo")).to_be_visible()
