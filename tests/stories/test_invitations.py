"""An invitation is answered by the invited (docs/officers.md)."""

from playwright.sync_api import expect

from tests.factories import InvitationFactory
from tests.stories.conftest import heading


def test_invited_user_accepts_one_and_declines_another(
    page, at_desk, charlie, harbor, cas_organization, look
):
    InvitationFactory(user=charlie, organization=harbor)
    InvitationFactory(user=charlie, organization=cas_organization, role="dqo")
    at_desk(charlie).goto("/")
    harbors = page.get_by_role("region", name="Harbor Services invites you as case manager")
    other = page.get_by_role(
        "region", name="Coordinated Access invites you as Data Quality Officer"
    )
    expect(harbors).to_be_visible()
    look("home")
    other.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Declined.")).to_be_visible()
    expect(heading(page, "Choose your organization")).to_be_visible()
    look("settings")
    harbors.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You now have access to Harbor Services.")).to_be_visible()
    expect(harbors).to_have_count(0)
    assert {one.organization for one in charlie.memberships.all()} >= {harbor}
