"""The left menu, its order, its pins (1.3-1.5), and who has which workspace."""

import re
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.urls import reverse

from clients.admin.deleted_records import DeletedRecordAdmin
from clients.models import ClientAccess
from consent.models import TemplateVersion
from hmis.menus import ALL_ENTRIES
from tests.factories import ClientFactory, UserFactory
from tests.html_forms import forms_of

# 1.4, without what needs access to Coordinated Access.
ORDER = [
    "Find Client",
    "Client Dashboard",
    "Intake",
    [
        *("Profile", "Edit Client", "Case Managers", "Case Notes"),
        *("Client Files", "Client Photo", "Interested Others"),
        *("Release of Information", "Tasks"),
    ],
    ["Family", "Family Members", "Family History"],
    ["Enrollments", "Enrollments", "Services", "Attendance"],
    ["Coordinated Access", "Events", "Assessments"],
]
WITHOUT_CLIENT = ["Find Client", "Intake", ["Enrollments", "Attendance"]]


def lines(page) -> list:
    return [
        [item["label"], *(line["label"] for line in item["entries"])]
        if "entries" in item
        else item["label"]
        for item in page.context["menu"]["entries"]
    ]


def pins(page) -> list[str]:
    return [pin["label"] for pin in page.context["menu"]["pins"]]


@pytest.fixture
def person(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


def pin(browser, key, **data):
    return browser.post(reverse("pin", args=[key]), data)


def test_menu_of_an_open_client_has_every_item_in_order(portal, alice, person):
    browser = portal(alice)
    for page in ("dashboard", "edit", "interested_others"):
        answer = browser.get(reverse(f"clients:{page}", args=[person.pk]))
        assert lines(answer) == ORDER
        assert "Favorites Menu" in answer.content.decode()


def test_document_check_is_seen_where_the_coordinated_access_is(portal, cass, person):
    profile = lines(portal(cass).get(person.get_absolute_url()))[3]
    assert profile[4:6] == ["Client Files", "Document Check"]


@pytest.mark.parametrize("address", ["/clients/", "/duplicates/report/"])
def test_items_that_need_a_client_wait_for_one(portal, alice, address):
    assert lines(portal(alice).get(address)) == WITHOUT_CLIENT


def test_client_that_may_not_be_seen_is_not_open(portal, charlie, person):
    person.visibility = "own"
    person.save()
    page = portal(charlie).get(person.get_absolute_url())
    assert page.status_code == 404
    assert lines(page) == WITHOUT_CLIENT


def test_items_lead_to_pages_of_the_open_client(portal, alice, person):
    browser = portal(alice)
    menu = browser.get(person.get_absolute_url()).context["menu"]["entries"]
    urls = [line["url"] for item in menu for line in item.get("entries", [item])]
    assert [browser.get(url).status_code for url in urls] == [200] * len(urls)


def test_item_of_the_page_is_marked_and_its_folder_open(portal, alice, person):
    page = portal(alice).get(reverse("clients:edit", args=[person.pk]))
    folders = {item["key"]: item for item in page.context["menu"]["entries"] if "entries" in item}
    folder = folders["profile"]
    assert folder["open"]
    assert [line["label"] for line in folder["entries"] if line["active"]] == ["Edit Client"]
    assert 'aria-current="page"' in page.content.decode()


def test_profile_is_open_where_a_client_is_and_other_folders_on_their_own_pages(
    portal, alice, person
):
    def open_on(name) -> list[str]:
        page = portal(alice).get(reverse(name, args=[person.pk]))
        return [item["label"] for item in page.context["menu"]["entries"] if item.get("open")]

    assert open_on("clients:dashboard") == ["Profile"]
    assert open_on("enrollments:enrollments") == ["Profile", "Enrollments"]


def test_pin_puts_an_item_on_top_and_takes_it_down_again(portal, alice, person):
    browser, page = portal(alice), person.get_absolute_url()
    for key in ("edit-client", "find-client"):
        assert pin(browser, key, next=page)["Location"] == page
    assert pins(browser.get(page)) == ["Edit Client", "Find Client"]
    assert lines(browser.get(page)) == ORDER
    html = browser.get(page).content.decode()
    assert html.index("pin-top-edit-client") < html.index("pin-in-find-client")
    pin(browser, "edit-client", next=page, pinned="0")
    assert pins(browser.get(page)) == ["Find Client"]


def test_pin_pressed_twice_at_once_is_pressed_once(portal, alice):
    browser = portal(alice)
    for value, pinned in (("1", ["Find Client"]), ("0", [])):
        for _ in range(2):
            menu = browser.get("/clients/").text
            pin(browser, "find-client", pinned=value)
        button = re.search(r'value="(\d)"\s*formaction="[^"]*find-client/pin/', menu)
        assert button[1] != value, "the button says the other one now"
        assert pins(browser.get("/clients/")) == pinned


def test_menu_is_one_form_whose_buttons_have_the_addresses(portal, alice):
    browser = portal(alice)
    html = browser.get("/clients/").content.decode()
    menu = html[html.index('<nav id="favorites-menu"') :]
    (form,) = forms_of(menu[: menu.index("</nav>")])
    assert form.sent["next"] == ["/clients/"]
    address = re.search(r'formaction="([^"]*)"\s*id="pin-in-find-client"', menu)[1]
    assert browser.post(address, form.sent)["Location"] == "/clients/"
    assert pins(browser.get("/clients/")) == ["Find Client"]


def test_pins_are_kept_per_user(portal, alice, bob):
    pin(portal(alice), "find-client")
    assert pins(portal(alice).get("/clients/")) == ["Find Client"]
    assert pins(portal(bob).get("/clients/")) == []


def test_pins_are_on_top_in_every_workspace_where_they_can_be_opened(portal, alice, person):
    browser = portal(alice)
    for key in ("edit-client", "find-client"):
        pin(browser, key)
    assert pins(browser.get("/")) == ["Find Client"]


def test_htmx_gets_the_menu_of_the_page_where_the_pin_was_pressed(portal, alice, person):
    page = reverse("clients:edit", args=[person.pk])
    answer = portal(alice).post(
        reverse("pin", args=["edit-client"]), {"next": page}, headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith('<nav id="favorites-menu"')
    assert lines(answer) == ORDER
    assert pins(answer) == ["Edit Client"]
    assert f'value="{page}"' in html


def test_menu_after_a_pin_does_not_tell_whether_there_is_such_a_client(portal, charlie, person):
    hidden = ClientFactory(organization=person.organization, visibility="own")
    browser, seen = portal(charlie), []
    for pk in (person.pk, hidden.pk, 10**9, 10**30):
        page = reverse("clients:edit", args=[pk])
        answer = browser.post(
            reverse("pin", args=["edit-client"]), {"next": page}, headers={"HX-Request": "true"}
        )
        seen.append((lines(answer), pins(answer)))
    assert seen == [(ORDER, ["Edit Client"])] * 4
    assert not ClientAccess.objects.exists()


@pytest.mark.parametrize("key", ["nothing", "profile", "-", "x" * 300])
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_unknown_key_is_404(portal, alice, key, htmx):
    answer = portal(alice).post(reverse("pin", args=[key]), headers=htmx)
    assert answer.status_code == 404
    alice.refresh_from_db()
    assert alice.pinned == []


@pytest.mark.parametrize(
    "pressed_on",
    ["", "x", "https://evil.example/", "//evil.example/", "/nowhere/", "\x00", "http://["],
)
def test_pin_follows_only_own_addresses(portal, alice, pressed_on):
    answer = pin(portal(alice), "find-client", next=pressed_on)
    assert answer["Location"] in ("/", "/nowhere/")
    answer = portal(alice).post(
        reverse("pin", args=["find-client"]), {"next": pressed_on}, headers={"HX-Request": "true"}
    )
    assert answer.status_code in (200, 404)


def test_pin_that_is_no_longer_in_the_menu_is_left_out(portal, alice):
    alice.pinned = ["gone-since", "find-client"]
    alice.save()
    assert pins(portal(alice).get("/clients/")) == ["Find Client"]


def test_every_item_has_a_key_that_fits_the_column():
    assert all(0 < len(key) <= 40 for key in ALL_ENTRIES)


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("alice", ["Home", "Clients"]),
        ("charlie", ["Home", "Clients"]),
        ("dana", ["Home", "Clients", "Data Quality"]),
        ("cass", ["Home", "Clients", "Data Quality"]),
    ],
)
def test_data_quality_is_a_workspace_of_officers_only(portal, request, who, tabs):
    page = portal(request.getfixturevalue(who)).get("/")
    assert [tab["label"] for tab in page.context["workspaces"]] == tabs
    assert [tab["active"] for tab in page.context["workspaces"]] == [
        True,
        *[False] * (len(tabs) - 1),
    ]


def test_administrator_has_the_data_quality_workspace(portal, harbor):
    page = portal(UserFactory(is_superuser=True)).get("/")
    assert page.context["workspaces"][-1]["label"] == "Data Quality"


# The Data Quality workspace


def entries(page) -> list[dict]:
    menu = page.context["menu"]["entries"]
    return [line for item in menu for line in item.get("entries", [item])]


@pytest.mark.parametrize("who", ["dana", "cass", "boss"])
def test_every_list_of_admin_is_in_the_menu_of_those_who_may_see_it(request, portal, db, who):
    boss = UserFactory(is_superuser=True)
    user = boss if who == "boss" else request.getfixturevalue(who)
    browser = portal(user)
    page = browser.get(reverse("admin:index"))
    asker = SimpleNamespace(user=user)
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_view_permission(asker)
        and not isinstance(model_admin, DeletedRecordAdmin)  # all kinds are in one list
        and model is not TemplateVersion  # on the page of the text that they are versions of
    }
    found = {line["url"] for line in entries(page)}
    assert lists <= found
    assert [browser.get(address).status_code for address in found] == [200] * len(found)
    assert "Favorites Menu" in page.content.decode()


def test_data_quality_is_marked_on_the_pages_of_a_list(portal, dana, harbor):
    for address in ("admin:agencies_user_changelist", "admin:agencies_user_add"):
        page = portal(dana).get(reverse(address))
        assert [one["label"] for one in entries(page) if one["active"]] == ["Users"]
        assert [one["label"] for one in page.context["workspaces"] if one["active"]] == [
            "Data Quality"
        ]


def test_entry_of_data_quality_is_pinned_by_officers_alone(portal, dana, alice):
    assert pin(portal(alice), "dq-user").status_code == 404
    assert pin(portal(dana), "dq-user").status_code == 302
    dana.refresh_from_db()
    assert dana.pinned == ["dq-user"]
    assert pins(portal(dana).get("/")) == ["Users"]


def test_pin_is_gone_with_the_officers_role(portal, dana):
    pin(portal(dana), "dq-user")
    dana.memberships.update(role="case_manager")
    assert pins(portal(dana).get("/")) == []


def test_deleted_records_are_marked_on_the_list_of_a_kind(portal, dana, harbor):
    for address in ("admin:deleted_records", "admin:casenotes_casenote_changelist"):
        page = portal(dana).get(reverse(address))
        assert [one["label"] for one in entries(page) if one["active"]] == ["Deleted Records"]


def test_every_kind_of_deleted_record_belongs_to_their_entry():
    kinds = {
        model._meta.label_lower
        for model, model_admin in admin.site._registry.items()
        if isinstance(model_admin, DeletedRecordAdmin)
    }
    assert set(ALL_ENTRIES["dq-deleted"].models) == kinds
