"""The Data Quality workspace: an officer's day, and what every page of it looks like (11)."""

import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Organization, User
from tests.agencies.admin.rows import OF_CAS, ROWS
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import OrganizationFactory, UserFactory
from tests.pages import without_tokens
from tests.stories.conftest import PASSWORD, heading, log_in

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NEW_PASSWORD = "four plain words here"


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", first_name="Ada", is_superuser=True)


@pytest.fixture
def office(at_desk, dana):
    page = at_desk(dana)
    page.goto("/admin/")
    return page


def url(model, page="changelist", pk=None):
    args = [] if pk is None else [pk]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_officer_invites_and_the_invited_user_logs_in(office, elsewhere, harbor, look, deliver):
    office.get_by_role("link", name="Users", exact=True).last.click()
    office.get_by_role("link", name="Invite a user").click()
    look("invite")
    office.get_by_role("button", name="Invite").click()
    expect(office.get_by_role("alert").first).to_contain_text("Work e-mail")
    look("invite-refused")
    office.get_by_label("Work e-mail").fill("nora@harbor.example")
    office.get_by_label("First name").fill("Nora")
    office.get_by_label("Last name").fill("Quist")
    office.get_by_role("button", name="Invite").click()
    expect(office.get_by_text("An invitation is on its way to nora@harbor")).to_be_visible()
    row = office.get_by_role("row", name=re.compile("nora@harbor"))
    expect(row).to_contain_text("Waiting for an answer")
    look("invitations")

    deliver()
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    home = elsewhere()
    home.goto(urlsplit(link).path)
    home.get_by_label("New Password", exact=True).fill(NEW_PASSWORD)
    home.get_by_label("New Password (again)").fill(NEW_PASSWORD)
    home.get_by_role("button", name="Change password").click()
    home.get_by_role("link", name="Log in").click()
    log_in(home, User.objects.get(email="nora@harbor.example"), NEW_PASSWORD)
    home.get_by_role("button", name="Accept").click()
    expect(heading(home, "Good to see you, Nora")).to_be_visible()
    expect(home.get_by_role("link", name="Data Quality")).to_have_count(0)
    office.reload()
    expect(row).to_contain_text("Accepted")


def test_officer_deactivates_and_every_session_ends(office, elsewhere, bob, harbor, john, look):
    enrollment = EnrollmentFactory(client=john)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=bob)
    desk = elsewhere(bob)
    desk.goto("/")
    expect(heading(desk, "Good to see you, Bob")).to_be_visible()
    office.goto(url(User, "change", bob.pk))
    expect(office.get_by_role("link", name=re.compile("Hand over Client"))).to_be_visible()
    look("user")
    office.get_by_role("link", name="Deactivate").click()
    look("deactivate")
    office.get_by_role("button", name="Deactivate").click()
    expect(office.get_by_text("Every session of this user has ended.")).to_be_visible()
    desk.goto("/clients/")
    expect(desk.get_by_label("Work e-mail")).to_be_visible()
    log_in(desk, bob, PASSWORD)
    expect(heading(desk, "This account is not active")).to_be_visible()
    office.get_by_role("link", name="Reactivate").click()
    office.get_by_role("button", name="Reactivate").click()
    expect(office.get_by_text("This user can log in again.")).to_be_visible()
    office.get_by_role("link", name="History").click()
    expect(office.get_by_role("main")).to_contain_text("Active")
    look("history-of-user")


def test_officer_resets_a_second_factor(office, bob, look):
    TOTP.activate(bob, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    office.goto(url(User, "change", bob.pk))
    office.get_by_role("link", name="Reset two-step log-in").click()
    look("question")
    office.get_by_label("Called back at the number").check()
    office.get_by_role("button", name="Reset two-step log-in").click()
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Confirm").click()
    expect(office.get_by_text("Two-step log-in was reset")).to_be_visible()
    assert not Authenticator.objects.filter(user=bob).exists()


def test_officer_reads_who_looked_and_what_changed(office, elsewhere, alice, john, look):
    desk = elsewhere(alice)
    desk.goto(f"/clients/{john.pk}/edit/")
    desk.get_by_label("Phone").fill("617-555-0199")
    desk.get_by_role("button", name="Finish").click()
    expect(desk.get_by_text("Client saved.")).to_be_visible()

    office.goto(reverse("admin:clients_clientaccess_changelist"))
    expect(office.get_by_role("row", name=re.compile(str(alice))).first).to_be_visible()
    office.get_by_label("User's e-mail").fill(alice.email)
    office.get_by_role("button", name="Show", exact=True).click()
    expect(office.get_by_role("row").filter(has_text="Opened for change").first).to_be_visible()
    look("access-log")

    office.goto(reverse("admin:clients_clientaccess_trail"))
    look("ask-for-client")
    office.get_by_label("Client ID").fill(str(john.pk))
    office.get_by_role("button", name="Show").click()
    expect(office.get_by_role("listitem").filter(has_text="617-555-0199")).to_contain_text(
        "617-555-0142"
    )
    look("changes")
    office.get_by_role("link", name="Views").click()
    expect(office.get_by_role("row", name=re.compile(str(alice))).first).to_be_visible()
    look("looks")


def test_officer_of_another_agency_is_refused(at_desk, bridge, bob, watch):
    stranger = at_desk(UserFactory(dqo_at=[bridge]))
    stranger.goto(url(User, "change", bob.pk))
    expect(stranger.get_by_text("does not exist, or it belongs to another")).to_be_visible()
    watch.expects(404)
    stranger.goto(reverse("admin:agencies_user_do", args=[bob.pk, "deactivate"]))
    expect(stranger.get_by_role("button", name="Deactivate")).to_have_count(0)


def test_case_manager_has_no_such_workspace(at_desk, bob, watch):
    page = at_desk(bob)
    page.goto("/")
    expect(page.get_by_role("link", name="Data Quality")).to_have_count(0)
    watch.expects(403)
    page.goto("/admin/")
    expect(heading(page, "Data Quality")).to_have_count(0)


def test_workspace_is_usable_on_a_phone(office, look):
    look("start")
    office.set_viewport_size({"width": 390, "height": 844})
    office.get_by_role("button", name="Menu").click()
    menu = office.get_by_role("navigation", name="Favorites Menu")
    menu.get_by_text("People").click()
    menu.get_by_role("link", name="Users").click()
    expect(heading(office, "Users")).to_be_visible()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_and_form_looks_right(
    page, at_desk, harbor, cas_organization, dana, cass, boss, look, model
):
    """Axe, no sideways scrolling, room for a finger, nothing on the console; a picture of each.

    What an administrator is shown just as the officer was is looked at once.
    """
    own = cas_organization if model in OF_CAS else harbor
    row = ROWS[model](own)
    for _ in range(3):
        ROWS[model](OrganizationFactory() if model is Organization else own)
    shown = set()
    for role, user in (("officer", cass if model in OF_CAS else dana), ("administrator", boss)):
        at_desk(user)
        for name, key in pages_of(model, row, user):
            address = url(model, name, key)
            content = content_of(page.request.get(address))
            if content not in shown:
                shown.add(content)
                page.goto(address)
                if name == "changelist":
                    expect(page.get_by_role("table")).to_be_visible()
                look(f"{role}-{name}", leaves=True)


def content_of(response):
    """Return a page below its bars, without what is new each time that it is asked for."""
    assert response.ok
    (content,) = re.findall("<main.*", response.text(), re.DOTALL)
    return without_tokens(content)


def pages_of(model, row, user):
    asker = SimpleNamespace(user=user)
    model_admin = admin.site.get_model_admin(model)
    yield from (("changelist", None), ("change", row.pk), ("history", row.pk))
    if model_admin.has_add_permission(asker):
        yield "add", None
    if model_admin.has_delete_permission(asker, row):
        yield "delete", row.pk
