"""Who may see what: files follow the enrollments' rule, document checks are CAS's alone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.models import UseCount
from agencies.use_limits import UseLimit
from clients.models import ClientAccess
from files import store
from files.models import ClientFile, DocumentCheck
from tests.factories import ClientFactory, UserFactory
from tests.files.samples import jpeg, pdf
from tests.pages import messages, send

SECRET = "Diagnosis of Dr. Cooper"


@pytest.fixture
def cas_user(bob, cas_organization):
    """Bob works for CAS as well as for Harbor."""
    bob.memberships.create(organization=cas_organization)
    return bob


@pytest.fixture
def people(alice, charlie, dana):
    """Users without access to CAS."""
    return [alice, charlie, dana]


@pytest.fixture
def check(portal, cass, john):
    address = reverse("files:add_document_check", args=[john.pk])
    answer = send(
        portal(cass),
        address,
        checklist="disability",
        item=SECRET,
        acceptable_document="Letter",
        file=SimpleUploadedFile("x.pdf", pdf()),
    )
    assert answer.status_code == 302
    return DocumentCheck.objects.select_related("stored").get()


def file_addresses(row):
    place = [row.client_id, row.pk]
    yield reverse("files:client_file", args=place)
    yield reverse("files:download_client_file", args=place)
    yield reverse("files:client_file_thumbnail", args=place)
    yield reverse("files:client_file_page", args=[*place, 1])


def check_addresses(row):
    yield reverse("files:document_checks", args=[row.client_id])
    yield reverse("files:add_document_check", args=[row.client_id])
    for name in ("document_check", "download_document_check", "edit_document_check"):
        yield reverse(f"files:{name}", args=[row.client_id, row.pk])
    yield reverse("files:delete_document_check", args=[row.client_id, row.pk])
    yield reverse("files:document_check_page", args=[row.client_id, row.pk, 1])


def test_any_organization_sees_the_files_of_a_shared_client(portal, charlie, filed):
    row = filed(name="Lease.jpg")
    browser = portal(charlie)
    assert "Lease.jpg" in browser.get(f"/clients/{row.client_id}/files/").content.decode()
    for address in file_addresses(row):
        assert browser.get(address).status_code == 200


def test_files_of_a_restricted_client_are_hidden_with_it(portal, charlie, bob, filed, restricted):
    row = filed(to=restricted)
    for address in (f"/clients/{restricted.pk}/files/", *file_addresses(row)):
        assert portal(charlie).get(address).status_code == 404
        assert portal(bob).get(address).status_code == 200


def test_address_of_one_session_is_of_no_use_to_somebody_logged_out(client, filed):
    for address in file_addresses(filed()):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_file_is_found_under_its_own_client_only(portal, alice, filed, restricted):
    row = filed()
    for address in file_addresses(row):
        wrong = address.replace(f"/clients/{row.client_id}/", f"/clients/{restricted.pk}/")
        assert portal(alice).get(wrong).status_code == 404


def test_file_counts_as_opened_whatever_of_it_is_read_first(portal, alice, filed, settings):
    settings.USE_LIMITS = {"downloads": UseLimit.parse("hour 2 2")}
    first, second, third = (filed(pdf(pages=3), name=f"{n}.pdf") for n in range(3))
    browser = portal(alice)

    def status(row, query="", number=0) -> int:
        place = [row.client_id, row.pk, *([number] if number else [])]
        name = "files:client_file_page" if number else "files:client_file"
        return browser.get(reverse(name, args=place) + query).status_code

    read = [status(first), status(first, number=1), status(first, "?page=2")]
    read += [status(first, number=2), status(first, "?as=text")]
    assert read == [200] * 5
    assert UseCount.objects.get(user=alice, kind="downloads").count == 1
    assert status(second, number=2) == 200, "without its page"
    assert [status(third, "?as=text"), status(third, number=3)] == [429, 429]


def test_thumbnails_count_as_opening_whose_page_was_not_opened(
    portal, bob, harbor, filed, settings
):
    others = [ClientFactory(organization=harbor) for _ in range(2)]
    first, again, second = filed(), filed(), filed(to=others[0])
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
    browser = portal(bob)

    def status(client, row) -> int:
        name = "files:client_file_thumbnail"
        return browser.get(reverse(name, args=[client.pk, row.pk])).status_code

    assert browser.get(reverse("files:client_files", args=[first.client_id])).status_code == 200
    assert [status(row.client, row) for row in (first, again)] == [200, 200]
    assert [status(others[1], second), status(others[0], second)] == [429, 429]


def test_pictures_of_a_client_who_was_not_opened_are_counted(portal, bob, harbor, filed, settings):
    row, others = filed(), ClientFactory.create_batch(4, organization=harbor)
    browser = portal(bob)

    def status(name, *place) -> int:
        return browser.get(reverse(f"files:{name}", args=place)).status_code

    browser.get(row.client.get_absolute_url())
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 3 3")}
    assert status("client_file_page", row.client_id, row.pk, 1) == 200
    assert status("small_client_photo", row.client_id, "replaced") == 404
    tried = [status("small_client_photo", 987654, "x"), status("client_file_page", 987654, 1, 1)]
    tried += [status("client_file_thumbnail", 987654, 1)]
    tried += [status("small_client_photo", others[0].pk, "x")]
    tried += [status("client_file_page", others[1].pk, row.pk, 1)]
    assert tried == [404, 404, 404, 429, 429]
    assert status("client_file_page", row.client_id, row.pk, 1) == 200


def test_page_that_says_that_the_file_is_gone_is_in_the_access_log(portal, charlie, filed):
    row = filed()
    store.delete(row.stored.key)
    page = portal(charlie).get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert page.status_code == 503
    assert row.client.display_name in page.text
    assert ClientAccess.objects.get(user=charlie).client_id == row.client_id


def test_deleted_file_is_gone_for_everybody(portal, alice, filed):
    row = filed()
    row.mark_deleted(by=alice)
    for address in file_addresses(row):
        assert portal(alice).get(address).status_code == 404


def test_only_the_filing_organization_changes_a_file(portal, charlie, bob, filed):
    row = filed(name="Lease.jpg")
    for name in ("edit_client_file", "delete_client_file"):
        address = reverse(f"files:{name}", args=[row.client_id, row.pk])
        assert portal(charlie).get(address).status_code == 403
        assert portal(charlie).post(address).status_code == 403
    address = reverse("files:edit_client_file", args=[row.client_id, row.pk])
    assert send(portal(bob), address, document_name="Lease 2026").status_code == 302
    row.refresh_from_db()
    assert (row.document_name, row.updated_by) == ("Lease 2026", bob)


def test_delete_is_undone_by_who_deleted_and_by_the_officer(portal, alice, dana, charlie, filed):
    row = filed(name="Lease.jpg")
    browser = portal(alice)
    place = [row.client_id, row.pk]
    listed = browser.post(reverse("files:delete_client_file", args=place), follow=True)
    assert messages(listed) == ["File deleted."]
    assert "Restore" in listed.content.decode()
    assert not ClientFile.objects.exists()
    restore = reverse("files:restore_client_file", args=place)
    assert portal(charlie).post(restore).status_code == 403
    assert messages(browser.post(restore, follow=True)) == ["File restored."]
    assert ClientFile.objects.get() == row

    row.mark_deleted(by=alice)
    officer = portal(dana)
    admin = reverse("admin:files_clientfile_changelist")
    assert "Lease.jpg" in officer.get(admin).content.decode()
    officer.post(admin, {"action": "restore_selected", "_selected_action": [row.pk]})
    assert ClientFile.objects.get() == row


def test_officer_of_another_organization_puts_nothing_back(portal, alice, bridge, filed):
    row = filed(name="Lease.jpg")
    row.mark_deleted(by=alice)
    officer = portal(UserFactory(dqo_at=[bridge]))
    admin = reverse("admin:files_clientfile_changelist")
    assert "Lease.jpg" not in officer.get(admin).content.decode()
    officer.post(admin, {"action": "restore_selected", "_selected_action": [row.pk]})
    assert not ClientFile.objects.exists()


def test_every_view_is_in_the_access_log_and_a_page_s_pictures_are_one_view(portal, bob, filed):
    row = filed()

    def views():
        return {view.page for view in ClientAccess.objects.filter(user=bob, client=row.client)}

    browser = portal(bob)
    thumbnail = reverse("files:client_file_thumbnail", args=[row.client_id, row.pk])
    browser.get(thumbnail)
    assert views() == {"files:client_file_thumbnail"}
    browser.get(row.get_absolute_url())
    browser.get(thumbnail)
    browser.get(reverse("files:client_file_page", args=[row.client_id, row.pk, 1]))
    assert views() == {"files:client_file_thumbnail", "files:client_file"}
    browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk]))
    assert "files:download_client_file" in views()


def test_downloads_are_logged_as_exported_and_open_their_client_once(portal, bob, filed, settings):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
    row = filed()
    browser = portal(bob)
    for name in ("download_client_file", "client_file", "download_client_file"):
        page = browser.get(reverse(f"files:{name}", args=[row.client_id, row.pk]))
        assert page.status_code == 200
    found = ClientAccess.objects.filter(user=bob).order_by("pk").values_list("page", "kind")
    assert list(found) == [
        ("files:download_client_file", "export"),
        ("files:client_file", "view"),
        ("files:download_client_file", "export"),
    ]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_document_checks_do_not_exist_without_access_to_cas(portal, people, check, verb):
    for user in people:
        for address in check_addresses(check):
            assert portal(user).generic(verb, address).status_code == 404, address
        restore = reverse("files:restore_document_check", args=[check.client_id, check.pk])
        assert portal(user).generic(verb, restore).status_code == 404
    seen = ClientAccess.objects.filter(user__in=people).exclude(kind="refused")
    assert not seen.exists()


def test_no_page_but_the_one_that_uploads_names_document_checks(portal, alice, dana, check, filed):
    row = filed()
    for user in (alice, dana):
        browser = portal(user)
        for address in (
            f"/clients/{check.client_id}/",
            f"/clients/{check.client_id}/edit/",
            f"/clients/{check.client_id}/files/",
            f"/clients/{check.client_id}/files/?view=grid",
            f"/clients/{check.client_id}/photo/",
            row.get_absolute_url(),
            "/",
        ):
            page = browser.get(address).content.decode()
            assert "document-check" not in page.replace("#document-check", ""), address
            assert SECRET not in page
            assert "Document Check" not in page, address
        assert browser.post("/menu/document-check/pin/").status_code == 404
    assert portal(dana).get("/admin/files/documentcheck/").status_code == 403
    assert b"ocument check" not in portal(dana).get("/admin/").content


def test_pin_of_who_lost_the_access_is_not_shown(portal, cas_user, john, cas_organization):
    browser = portal(cas_user)
    session = browser.session
    session["organization"] = cas_organization.pk
    session.save()
    assert browser.post("/menu/document-check/pin/").status_code == 302
    assert b"Document Check" in browser.get(f"/clients/{john.pk}/").content
    cas_user.memberships.filter(organization=cas_organization).delete()
    assert b"Document Check" not in browser.get(f"/clients/{john.pk}/").content


def test_rows_themselves_are_visible_to_cas_only(alice, dana, cass, cas_user, check):
    for user in (alice, dana):
        assert not DocumentCheck.objects.visible_to(user).exists()
    for user in (cass, cas_user):
        assert DocumentCheck.objects.visible_to(user).get() == check


def test_search_finds_nothing_of_a_document_check(portal, alice, check):
    answer = portal(alice).post("/search/", {"q": SECRET}, follow=True)
    assert "Cooper" not in answer.content.decode().replace(f'value="{SECRET}"', "") or (
        b"No records found" in answer.content
    )


def test_cas_user_of_any_organization_sees_document_checks(portal, cas_user, check):
    browser = portal(cas_user)
    session = browser.session
    session["organization"] = cas_user.organizations[0].pk
    session.save()
    for address in check_addresses(check):
        expected = 403 if "edit" in address or "delete" in address else 200
        if check.organization in cas_user.organizations:
            expected = 200
        assert browser.get(address).status_code == expected, address


def test_document_check_of_a_restricted_client_is_hidden_from_cas(portal, cass, restricted):
    address = reverse("files:document_checks", args=[restricted.pk])
    assert portal(cass).get(address).status_code == 404


def test_document_check_keeps_what_was_typed(check, cass):
    assert (check.checklist, check.item, check.created_by) == ("disability", SECRET, cass)
    assert check.verified_on == timezone.localdate()
    assert check.stored.kind == "pdf"


def test_document_check_needs_no_file(portal, cass, john):
    address = reverse("files:add_document_check", args=[john.pk])
    answer = send(
        portal(cass), address, checklist="homeless", item="A", acceptable_document="B", file=""
    )
    assert answer.status_code == 302
    row = DocumentCheck.objects.get()
    assert row.stored is None
    browser = portal(cass)
    assert ("The original document was checked.") in browser.get(
        row.get_absolute_url()
    ).content.decode()
    assert (
        browser.get(reverse("files:download_document_check", args=[john.pk, row.pk])).status_code
        == 404
    )


def test_verification_date_is_not_in_the_future(portal, cass, john):
    address = reverse("files:add_document_check", args=[john.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = send(
        portal(cass),
        address,
        checklist="homeless",
        item="A",
        acceptable_document="B",
        verified_on=f"{tomorrow:%m/%d/%Y}",
        file=SimpleUploadedFile("x.jpg", jpeg()),
    )
    assert answer.context["form"].errors["verified_on"] == [
        "Enter a date that is not in the future."
    ]


def upload_page(portal, user, client) -> str:
    page = portal(user).get(reverse("files:add_client_file", args=[client.pk]))
    return " ".join(page.content.decode().split())


def test_upload_page_warns_and_names_document_check_to_everybody(portal, alice, cass, john, check):
    for user, has_link in ((alice, False), (cass, True)):
        page = upload_page(portal, user, john)
        assert "Never upload CAS papers, verification of disability, or anything with a" in page
        assert "system-wide file cabinet" in page
        warning = page[page.index("Those go to") :]
        assert "Document Check" in warning
        assert (reverse("files:document_checks", args=[john.pk]) in page) is has_link
        assert ("document-check" in page.replace("#document-check", "")) is has_link
        assert ("no access" in warning) is not has_link
        assert SECRET not in page


@pytest.mark.parametrize(
    ("of_agency", "of_cas", "taker"),
    [
        ("Sam & Lee, 555-0100", "Cooper", "Sam &amp; Lee, 555-0100"),
        ("", "Cooper, 555-0199", "Cooper, 555-0199"),
        ("", "", "Coordinated Access"),
    ],
    ids=["the agency's", "the CoC's", "its name"],
)
def test_who_has_no_access_reads_to_whom_the_papers_go(
    portal, alice, harbor, cas_organization, john, of_agency, of_cas, taker
):
    for organization, contact in ((harbor, of_agency), (cas_organization, of_cas)):
        organization.document_contact = contact
        organization.save()
    assert f"give them to <strong><bdi>{taker}</bdi></strong>" in upload_page(portal, alice, john)


def test_papers_go_by_the_contact_of_the_organization_in_force(portal, alice, bridge, john):
    alice.memberships.create(organization=bridge)
    bridge.document_contact = "Bridge's front desk"
    bridge.save()
    browser = portal(alice)
    session = browser.session
    session["organization"] = bridge.pk
    session.save()
    page = browser.get(reverse("files:add_client_file", args=[john.pk]))
    assert page.context["form"].takes_papers == "Bridge's front desk"


def test_where_nobody_takes_papers_officers_are_to_be_asked(portal, alice, john):
    assert "ask a Data Quality Officer who takes them" in upload_page(portal, alice, john)
