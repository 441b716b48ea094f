"""With the mail settings of `make run` an invitation and a reset are followed to a log-in."""

import pytest
from playwright.sync_api import expect

from agencies.models import User
from outbox import demonstration
from tests.stories.conftest import heading, log_in
from tests.waits import wait_until

FIRST_PASSWORD, SECOND_PASSWORD = "four plain words here", "four other words there"


@pytest.fixture
def sent(settings, tmp_path):
    """A function that waits until so many mails have been kept."""
    settings.DEMO, settings.MAIL_AT_ONCE = True, True
    settings.EMAIL_BACKEND = demonstration.BACKEND
    settings.DEMONSTRATION_MAIL_DIR = tmp_path / "mail"
    settings.SITE_URL = "http://127.0.0.1:8000/"  # another port than that of the story's server
    return lambda count: wait_until(lambda: len(demonstration.kept_mails()) == count)


def choose(page, password):
    page.get_by_label("New Password", exact=True).fill(password)
    page.get_by_label("New Password (again)").fill(password)
    page.get_by_role("button", name="Change password").click()
    page.get_by_role("link", name="Log in").click()


def test_invitation_and_reset_are_followed_in_the_demonstration(
    at_desk, elsewhere, dana, look, sent
):
    office = at_desk(dana)
    office.goto("/admin/agencies/user/add/")
    office.get_by_label("Work e-mail").fill("nora@harbor.example")
    office.get_by_label("First name").fill("Nora")
    office.get_by_label("Last name").fill("Quist")
    office.get_by_role("button", name="Invite").click()
    expect(office.get_by_text("An invitation is on its way to nora@harbor")).to_be_visible()
    sent(1)
    office.goto("/")
    office.get_by_role("banner").locator("summary").filter(has_text="Your account").click()
    office.get_by_role("link", name="Demonstration mail").click()
    expect(heading(office, "Demonstration mail")).to_be_visible()
    look("list")

    home = elsewhere()
    home.goto("/")
    home.get_by_role("link", name="Demonstration mail").click()
    home.get_by_role("link", name="An invitation to HMIS").click()
    expect(home.get_by_role("main")).to_contain_text("Harbor Services invites you")
    look("invitation", page=home)
    home.get_by_role("link", name="/password/reset/key/").click()
    choose(home, FIRST_PASSWORD)
    nora = User.objects.get(email="nora@harbor.example")
    log_in(home, nora, FIRST_PASSWORD)
    home.get_by_role("button", name="Accept").click()
    expect(heading(home, "Good to see you, Nora")).to_be_visible()

    cafe = elsewhere()
    cafe.goto("/accounts/login/")
    cafe.get_by_role("link", name="Forgot your password?").click()
    cafe.get_by_label("Work e-mail").fill(nora.email)
    cafe.get_by_role("button", name="Send the link").click()
    expect(heading(cafe, "Check your e-mail")).to_be_visible()
    sent(2)
    cafe.get_by_role("link", name="Demonstration mail").click()
    cafe.get_by_role("link", name="Choose a new password").click()
    cafe.get_by_role("link", name="/password/reset/key/").click()
    choose(cafe, SECOND_PASSWORD)
    log_in(cafe, nora, SECOND_PASSWORD)
    expect(heading(cafe, "Good to see you, Nora")).to_be_visible()

    office.goto("/")
    office.get_by_role("link", name="Mail", exact=True).click()
    office.get_by_role("navigation", name="Which list").get_by_role("link", name="Sent").click()
    expect(office.get_by_role("row").filter(has_text="Invitation")).to_contain_text(
        "nora@harbor.example"
    )
    expect(office.get_by_role("row").filter(has_text="Password reset")).to_have_count(0)
    look("sent")
