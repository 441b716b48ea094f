"""An officer is alerted to what is unusual, looks at the events, and says so (docs/officers.md)."""

from playwright.sync_api import expect

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from tests.factories import UserFactory
from tests.plugins.look import PHONE
from tests.stories.conftest import heading

Kind = SecurityEvent.Kind


def test_officer_looks_at_an_alert(page, at_desk, dana, alice, harbor, look):
    at_desk(dana).goto("/admin/")
    page.get_by_role("link", name="Security alerts").first.click()
    expect(page.get_by_text("No new alerts")).to_be_visible()
    look("no-alerts")

    detail = {"methods": ["password", "authenticator"]}
    record_event(Kind.LOG_IN, user=alice, detail=detail)
    record_event(Kind.NEW_BROWSER, user=alice)
    record_event(Kind.NOT_FOUND, user=alice, client_id=7, detail={"page": "clients:dashboard"})
    record_event(Kind.MANY_RECORDS, user=alice, organization=harbor)
    page.goto("/admin/")
    card = page.get_by_role("link", name="about your users, not looked at yet")
    expect(card.locator(".num")).to_have_text("2")
    look("start-page")
    card.click()
    expect(heading(page, "Security alerts")).to_be_visible()
    look("alerts")
    page.get_by_role("link", name="Events of alert").first.click()
    expect(page.get_by_text("With password and authenticator app")).to_be_visible()
    look("events")
    page.go_back()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Mark as seen").click()
    expect(page.get_by_text("2 alerts marked as seen.")).to_be_visible()


def test_on_a_phone_and_without_script(elsewhere, harbor, alice):
    record_event(Kind.MANY_REVEALS, user=alice, organization=harbor)
    phone = elsewhere(UserFactory(dqo_at=[harbor]), java_script_enabled=False)
    phone.set_viewport_size(PHONE)
    phone.goto("/admin/agencies/securityalert/")
    phone.get_by_role("link", name="Events of alert").click()
    expect(phone.get_by_role("cell", name="Limit of revealed SSNs reached")).to_be_visible()
    phone.goto("/admin/agencies/securityalert/")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Mark as seen").click()
    expect(phone.get_by_text("1 alert marked as seen.")).to_be_visible()
    expect(phone.get_by_text("No new alerts")).to_be_visible()
