"""The pages that say why something was not done."""

from playwright.sync_api import expect

from tests.stories.conftest import heading


def test_a_page_that_does_not_exist(page, at_desk, alice, watch, look):
    watch.expects(404)
    at_desk(alice).goto("/clients/999999/")
    expect(page).to_have_title("Page not found · HMIS")
    look("404")
    page.get_by_role("main").get_by_role("link", name="Find Client").click()
    expect(heading(page, "Find Client")).to_be_visible()


def test_a_record_that_may_not_be_changed(page, at_desk, charlie, john, mary, watch, look):
    watch.expects(403)
    at_desk(charlie).goto(f"/clients/{john.pk}/interested-others/{mary.pk}/delete/")
    expect(page).to_have_title("You cannot do that · HMIS")
    expect(page.get_by_text("Mary Smith")).to_have_count(0)
    look("403")


def test_what_was_typed_into_a_record_deleted_meanwhile(
    page, at_desk, alice, bob, john, mary, watch, look
):
    watch.expects(404)
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/{mary.pk}/edit/")
    page.get_by_label("Type/Description").fill("Mother, calls on Sundays")
    mary.mark_deleted(by=bob)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
    expect(page.get_by_label("Type description")).to_have_value("Mother, calls on Sundays")
    look("deleted")


def test_a_form_that_is_too_large(page, at_desk, alice, john, watch, look, settings):
    watch.expects(413, 400)
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Type/Description").fill("Parent")
    page.get_by_label("Address", exact=True).evaluate("el => el.value = 'x'.repeat(9000)")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5000
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("That is too large to send · HMIS")
    look("413")


def test_a_form_that_expired(page, at_desk, alice, john, watch, look):
    watch.expects(403)
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/add/")
    page.get_by_label("Type/Description").fill("Parent")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("This form has expired · HMIS")
    expect(page.get_by_role("banner")).to_contain_text("Harbor Services")
    look("expired")
    page.go_back()
    expect(page.get_by_label("Type/Description")).to_have_value("Parent")


def test_a_fault_of_ours(page, at_desk, alice, john, watch, look, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError

    watch.expects(500)
    monkeypatch.setattr("clients.views.dashboard.get_client", break_down)
    at_desk(alice).goto(john.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look("500")


def test_too_many_wrong_passwords(page, alice, watch, look):
    watch.expects(429)
    page.goto("/accounts/login/")
    for _ in range(12):
        page.get_by_label("Work e-mail").fill(alice.email)
        page.get_by_label("Password").fill("guess")
        page.get_by_role("button", name="Log in", exact=True).click()
        refused = page.get_by_text("not correct").or_(page.get_by_text("Too many"))
        expect(refused.first).to_be_visible()
        if page.get_by_text("Too many").first.is_visible():
            break
    expect(page.get_by_text("Too many").first).to_be_visible()
    look("429")


def test_a_lost_connection_is_told_and_keeps_the_page(page, at_desk, alice, john, mary, watch):
    at_desk(alice).goto(f"/clients/{john.pk}/interested-others/{mary.pk}/edit/")
    page.context.set_offline(True)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("status").first).to_contain_text("There is no connection")
    page.context.set_offline(False)
    watch.complaints.clear()
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
