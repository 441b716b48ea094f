"""A signed release in Client Files: read, downloaded, and changed by nobody (13.1)."""

import pytest
from playwright.sync_api import expect

from consent.sealing.seals import read
from tests.consent.sealing import keys
from tests.consent.sealing.factories import signed_release


@pytest.fixture
def signed(settings, alice, john):
    keys.use(settings, keys.pair())
    return signed_release(john, alice)


def test_a_signed_release_is_read_and_downloaded_and_offers_no_change(
    page, at_desk, alice, john, signed, look
):
    at_desk(alice).goto(f"/clients/{john.pk}/files/")
    card = page.get_by_role("list", name="Files").get_by_role("listitem")
    expect(card).to_contain_text("Harbor Services")
    card.locator("summary").click()
    expect(card.get_by_role("link", name="Download")).to_be_visible()
    expect(card.get_by_role("link", name="Edit")).to_have_count(0)
    expect(card.get_by_role("link", name="Delete")).to_have_count(0)
    page.keyboard.press("Escape")
    card.get_by_role("link", name="Release of Information").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("It belongs to a Release of Information")
    expect(main.get_by_role("link", name="Edit")).to_have_count(0)
    look("signed-release")
    page.get_by_role("link", name="Read as text").click()
    expect(main).to_contain_text("Autorización para compartir información")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert read(download.value.path().read_bytes()).facts["client"] == john.pk
