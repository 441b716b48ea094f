"""The one rule of sharing (13.2): `why` in words and `visible_to` in SQL say the same."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.loading import opened
from clients.models import Alert, Client, ClientAccess, EmergencyAccess, Release, SSNReveal
from clients.recipients import may_know, may_read
from clients.search import Criteria, exact_matches, near_matches
from clients.sharing import Part, why, why_of_others
from clients.sharing_reasons import Reason
from clients.side_by_side import compare
from enrollments.models import Enrollment
from exchange.export.scope import Scope
from exchange.files import FILES
from files.models import ClientFile, ClientPhoto
from tests.casenotes.factories import CaseNoteFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import (
    AlertFactory,
    ClientFactory,
    OrganizationFactory,
    ReleaseFactory,
    UserFactory,
)
from tests.files.factories import file_of, photo_of

POLICIES = ["open", "parts", "required"]
TODAY = date(2026, 3, 10)
AGO, YESTERDAY, TOMORROW = (TODAY + timedelta(days=days) for days in (-30, -1, 1))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY} 12:00-05:00", tick=False):
        yield


def release(client, **values) -> Release:
    days = {"answered_on": AGO, "begins_on": AGO}
    return ReleaseFactory(client=client, **(days | values))


def refuse(client, day=TODAY, **values) -> Release:
    return release(client, kind="refused", answered_on=day, begins_on=day, **values)


def revoke(row, reason="client") -> None:
    row.revoked_at, row.revoked_by, row.revoked_reason = timezone.now(), row.witness, reason
    row.save()


def revoked(client, bridge):
    revoke(release(client))


def revoked_by_mistake(client, bridge):
    """What was replaced counts again where the later answer was a mistake."""
    release(client)
    revoke(refuse(client), "mistake")


# By name: what the client answered, whether it covers Bridge House today, and why not.
ANSWERS = {
    "none": (lambda client, bridge: None, Reason.NONE),
    "for all": (lambda client, bridge: release(client), None),
    "for Bridge House": (lambda client, bridge: release(client, covers=bridge), None),
    "until today": (lambda client, bridge: release(client, ends_on=TODAY), None),
    "ended": (lambda client, bridge: release(client, ends_on=YESTERDAY), Reason.ENDED),
    "not begun": (lambda client, bridge: release(client, begins_on=TOMORROW), Reason.FUTURE),
    "for another": (
        lambda client, bridge: release(client, covers=OrganizationFactory()),
        Reason.NONE,
    ),
    "refused": (lambda client, bridge: refuse(client), Reason.REFUSED),
    "released, then refused": (
        lambda client, bridge: (release(client), refuse(client)),
        Reason.REFUSED,
    ),
    "for all, then refused for Bridge House": (
        lambda client, bridge: (release(client), refuse(client, covers=bridge)),
        Reason.REFUSED,
    ),
    "for all, then refused for another": (
        lambda client, bridge: (release(client), refuse(client, covers=OrganizationFactory())),
        None,
    ),
    "refused for Bridge House, then released for all": (
        lambda client, bridge: (
            refuse(client, AGO, covers=bridge),
            release(client, answered_on=YESTERDAY, begins_on=YESTERDAY),
        ),
        Reason.REFUSED,
    ),
    "refused for Bridge House, then released for it, and for all": (
        lambda client, bridge: (
            refuse(client, AGO, covers=bridge),
            release(client, covers=bridge, ends_on=AGO),
            release(client, answered_on=YESTERDAY, begins_on=YESTERDAY),
        ),
        None,
    ),
    "refused for Bridge House by mistake, then released for all": (
        lambda client, bridge: (
            revoke(refuse(client, AGO, covers=bridge), "mistake"),
            release(client, answered_on=YESTERDAY, begins_on=YESTERDAY),
        ),
        None,
    ),
    "for Bridge House, then refused for all": (
        lambda client, bridge: (release(client, covers=bridge), refuse(client)),
        Reason.REFUSED,
    ),
    "refused, then released": (
        lambda client, bridge: (
            refuse(client, AGO),
            release(client, answered_on=YESTERDAY, begins_on=YESTERDAY),
        ),
        None,
    ),
    "a later one has ended": (
        lambda client, bridge: (
            release(client),
            release(client, answered_on=YESTERDAY, begins_on=YESTERDAY, ends_on=YESTERDAY),
        ),
        Reason.ENDED,
    ),
    "the next one begins tomorrow": (
        lambda client, bridge: (release(client), release(client, begins_on=TOMORROW)),
        None,
    ),
    "revoked": (revoked, Reason.REVOKED),
    "refused by mistake": (revoked_by_mistake, None),
    "undecided": (lambda client, bridge: release(client, undecided=True), Reason.UNDECIDED),
}


def sees(user, row) -> bool:
    return type(row).objects.visible_to(user).filter(pk=row.pk).exists()


def again(client) -> Client:
    return Client.objects.select_related("organization").get(pk=client.pk)


@pytest.mark.parametrize(("setting", "answer"), list(product(POLICIES, ANSWERS)))
def test_other_organization_sees_by_policy_and_release(
    policy, bridge, charlie, john, setting, answer
):
    given, reason = ANSWERS[answer]
    rows = [EnrollmentFactory(client=john), AlertFactory(client=john), file_of(john)]
    photo = photo_of(john)
    given(john, bridge)
    policy(setting)
    is_covered = reason is None
    knows = setting != "required" or is_covered
    reads = setting == "open" or is_covered
    assert sees(charlie, john) == sees(charlie, photo) == knows
    assert [sees(charlie, row) for row in rows] == [reads] * 3
    for part in Part:
        expected = knows if part is Part.IDENTITY else reads
        found = why(charlie, again(john), part)
        assert found.is_shown == expected, part
        if not expected:
            assert found.reason == reason


@pytest.mark.parametrize("setting", POLICIES)
def test_own_organization_and_administrators_see_whatever_is_set(policy, alice, john, setting):
    row = EnrollmentFactory(client=john)
    refuse(john)
    policy(setting)
    for user in (alice, UserFactory(is_superuser=True)):
        assert sees(user, john)
        assert sees(user, row)
        assert why(user, again(john), Part.RECORDS).is_shown


@pytest.mark.parametrize("setting", POLICIES)
def test_a_release_opens_no_restricted_client(policy, charlie, john, setting):
    john.visibility = "own"
    john.save()
    alert = AlertFactory(client=john)
    release(john)
    policy(setting)
    assert not sees(charlie, john)
    assert not sees(charlie, alert)
    assert why(charlie, again(john), Part.IDENTITY).reason == Reason.RESTRICTED


def test_a_release_opens_no_row_that_its_author_shares_with_nobody(policy, charlie, john):
    note = CaseNoteFactory(client=john, visibility="own")
    release(john)
    policy("required")
    assert sees(charlie, john)
    assert not sees(charlie, note)


def test_who_serves_the_client_knows_who_it_is_and_reads_the_own_rows(
    policy, bridge, charlie, john
):
    own = EnrollmentFactory(client=john, organization=bridge)
    theirs = EnrollmentFactory(client=john)
    policy("required")
    assert sees(charlie, john)
    assert sees(charlie, own)
    assert not sees(charlie, theirs)
    assert why(charlie, again(john), Part.IDENTITY).reason == Reason.SERVED
    assert why_of_others(charlie, again(john), Part.RECORDS).reason == Reason.NONE
    own.mark_deleted(by=charlie)
    assert not sees(charlie, john)


def test_the_copy_of_a_release_does_not_outlast_it(policy, bridge, charlie, john):
    """Its own file lets an agency know the client no longer than the release does."""
    own = {"client": john, "organization": bridge}
    row = release(**own)
    file_of(john, by=charlie, organization=bridge, release=row, category="consent")
    ClientAccess.objects.create(user=charlie, page="x", **own)
    policy("required")
    assert sees(charlie, john)
    revoke(row)
    assert not sees(charlie, john)
    assert not ClientAccess.objects.filter(may_know("user", "client"), client=john).exists()
    file_of(john, by=charlie, organization=bridge)
    assert sees(charlie, john)


def test_who_sees_the_identity_alone_reads_no_address_and_changes_nothing(
    policy, portal, bridge, charlie, alice, john
):
    john.phone, john.ssn, john.ssn_data_quality = "617-555-0142", "123121234", 1
    john.save()
    browser, page = portal(charlie), john.get_absolute_url()
    summary = reverse("print_summary", args=[john.pk])
    edit, reveal = f"{page}edit/", reverse("clients:reveal_ssn", args=[john.pk])
    text = browser.get(page).text
    assert "617-555-0142" in text
    assert "</svg>Edit</a>" in text
    policy("parts")
    for address in (page, summary):
        text = browser.get(address).text
        assert "617-555-0142" not in text
        assert "Veteran Status" not in text
        assert "Date of Birth" in text
    assert "</svg>Edit</a>" not in browser.get(page).text
    assert reveal not in browser.get(page).text
    for answer in (browser.get(edit, follow=True), browser.post(edit, follow=True)):
        assert Reason.NONE in answer.text
        assert "617-555-0142" not in answer.text
    assert browser.post(reveal, {"reason": "identity"}).status_code == 403
    assert not SSNReveal.objects.exists()
    assert "617-555-0142" in portal(alice).get(page).text
    EnrollmentFactory(client=john, organization=bridge)
    assert "617-555-0142" in browser.get(page).text
    assert browser.get(edit).status_code == 200


def test_details_side_by_side_are_those_that_are_shared(policy, charlie, john):
    john.phone = "617-555-0142"
    john.save()
    policy("parts")
    found = Client.objects.with_sharing(charlie).get(pk=john.pk)
    new = Client(first_name="Jon", phone="617-555-0199")
    rows = {row.label: row for row in compare([new, found], ["new", "known"])}
    assert [cell.value for cell in rows["Phone"].cells] == ["617-555-0199", ""]
    assert rows["Name"].cells[1].value == "John Smith"


def test_an_own_row_is_seen_by_whoever_knows_the_client_no_more(policy, bridge, charlie, john):
    """An alert alone does not say that an agency serves the client, and stays its own."""
    own = AlertFactory(client=john, organization=bridge)
    policy("required")
    assert not sees(charlie, john)
    assert sees(charlie, own)
    assert why(charlie, again(john), Part.RECORDS, bridge).reason == Reason.OWN
    john.visibility = "own"
    john.save()
    assert not sees(charlie, own)
    assert why(charlie, again(john), Part.RECORDS, bridge).reason == Reason.RESTRICTED


def test_what_others_file_about_the_own_client_needs_a_release_too(policy, alice, bridge, john):
    row = AlertFactory(client=john, organization=bridge)
    policy("parts")
    assert sees(alice, john)
    assert not sees(alice, row)
    assert why(alice, again(john), Part.RECORDS, bridge).reason == Reason.NONE
    release(john)
    assert sees(alice, row)


def test_the_stricter_one_of_two_agencies_decides(policy, harbor, bridge, john):
    other = UserFactory(at=[OrganizationFactory()])
    theirs, ours = AlertFactory(client=john, organization=bridge), AlertFactory(client=john)
    bridge.sharing = "required"
    bridge.save()
    assert sees(other, john)
    assert sees(other, ours)
    assert not sees(other, theirs)
    harbor.sharing = "parts"
    harbor.save()
    assert not sees(other, ours)
    assert sees(other, john)


def test_a_row_of_an_enrollment_is_as_strict_as_the_enrollments_agency(bridge, harbor, john):
    enrollment = EnrollmentFactory(client=john, organization=bridge)
    assignment = CaseAssignmentFactory(enrollment=enrollment, organization=harbor)
    other = UserFactory(at=[OrganizationFactory()])
    assert sees(other, assignment)
    bridge.sharing = "parts"
    bridge.save()
    assert not sees(other, assignment)


def test_a_user_of_two_organizations_needs_a_release_for_one(policy, bridge, john):
    second = OrganizationFactory()
    user = UserFactory(at=[bridge, second])
    policy("required")
    release(john)
    refuse(john, covers=bridge)
    assert sees(user, john)
    refuse(john, covers=second)
    assert not sees(user, john)


def test_user_without_organization_sees_what_is_open_alone(policy, john):
    nobody = UserFactory()
    assert sees(nobody, john)
    policy("required")
    release(john)
    assert not sees(nobody, john)


def test_releases_are_seen_by_who_knows_the_client(policy, charlie, john):
    row = refuse(john)
    assert row in Release.objects.visible_to(charlie)
    policy("required")
    assert row not in Release.objects.visible_to(charlie)


def test_revocation_takes_effect_with_the_next_click(policy, portal, charlie, john):
    policy("required")
    row = release(john)
    browser = portal(charlie)
    assert browser.get(john.get_absolute_url()).status_code == 200
    revoke(row)
    assert browser.get(john.get_absolute_url()).status_code == 404


def test_a_kept_statement_asks_for_the_day_of_the_call(policy, charlie, john):
    policy("required")
    release(john, ends_on=TODAY)
    now = timezone.now()
    assert opened.first(charlie, john.pk, now) == john
    near = Criteria(first_name="Jhon", last_name="Smith")
    assert [one.client for one in near_matches(near, charlie)] == [john]
    with time_machine.travel(f"{TOMORROW} 12:00-05:00", tick=False):
        assert opened.first(charlie, john.pk, now) is None
        assert near_matches(near, charlie) == []
        assert exact_matches(Criteria(last_name="Smith"), charlie).clients == []


def test_emergency_access_opens_what_is_shared_with_nobody_else(
    policy, settings, portal, bridge, charlie, john
):
    settings.BREAK_GLASS = True
    alert = AlertFactory(client=john)
    policy("required")
    assert Client.objects.hidden_from(charlie).get() == john
    EmergencyAccess.objects.create(
        client=john,
        user=charlie,
        organization=bridge,
        reason="danger",
        explanation="A fire",
        begins_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=4),
    )
    assert not sees(charlie, john)
    assert sees(charlie, alert)
    assert why(charlie, again(john), Part.RECORDS).reason == Reason.EMERGENCY
    page = portal(charlie).get(john.get_absolute_url())
    assert page.context["client"].is_emergency
    release(john)
    assert not portal(charlie).get(john.get_absolute_url()).context["client"].is_emergency


@pytest.mark.parametrize(("setting", "answer"), list(product(POLICIES, ANSWERS)))
def test_for_each_rows_own_user_the_rule_is_the_same(
    policy, bridge, charlie, john, setting, answer
):
    alert = AlertFactory(client=john)
    people = [charlie, john.created_by, UserFactory(at=[bridge, OrganizationFactory()])]
    for user in people:
        ClientAccess.objects.create(user=user, client=john, organization=bridge, page="x")
    ANSWERS[answer][0](john, bridge)
    policy(setting)
    rows = ClientAccess.objects.filter(client=john)
    knowing = set(rows.filter(may_know("user", "client")).values_list("user", flat=True))
    assert knowing == {user.pk for user in people if sees(user, john)}
    reading = set(rows.filter(may_read("user", "client")).values_list("user", flat=True))
    others = {charlie.pk, people[2].pk}
    assert reading & others == {user.pk for user in people if sees(user, alert)} & others


@pytest.mark.parametrize(
    ("setting", "answer"), list(product(POLICIES, ["none", "for all", "refused"]))
)
def test_an_export_takes_along_what_its_readers_may_see(
    policy, bridge, charlie, john, setting, answer
):
    enrollment = EnrollmentFactory(client=john)
    ANSWERS[answer][0](john, bridge)
    policy(setting)
    rows = Scope(readers=(bridge.pk,)).rows(FILES["Enrollment"])
    assert rows.filter(pk=enrollment.pk).exists() == sees(charlie, enrollment)


def test_the_page_says_why_something_is_not_shown(policy, portal, charlie, alice, john):
    page = f"/clients/{john.pk}/sharing/"
    policy("parts")
    refuse(john)
    text = portal(charlie).get(page).text
    assert Reason.REFUSED in text
    assert "Respect the refusal." in text
    assert "Harbor" not in text.partition("<main")[2].partition("How records")[0]
    policy("required")
    assert portal(charlie).get(page).status_code == 404
    assert Reason.OWN in portal(alice).get(page).text


def test_page_says_what_a_merged_client_adds_and_what_the_agency_has_chosen(
    portal, harbor, bridge, alice, john
):
    page = f"/clients/{john.pk}/sharing/"
    harbor.sharing, bridge.sharing = "parts", "required"
    harbor.save()
    bridge.save()
    assert "Of this client" not in portal(alice).get(page).text
    ClientFactory(organization=bridge, merged_into=john)
    shown = portal(alice).get(page)
    assert "Of this client" in shown.text
    assert (shown.context["in_force"], shown.context["of_all"]) == ("parts", "required")


def test_lists_say_that_something_may_be_hidden(policy, portal, charlie, john):
    hint = "Records that need a release of information are not shown."
    page = f"/clients/{john.pk}/files/"
    assert hint not in portal(charlie).get(page).text
    policy("parts")
    assert hint in portal(charlie).get(page).text
    release(john)
    assert hint not in portal(charlie).get(page).text


@pytest.mark.parametrize(
    "address", ["case-managers/", "family/", "family/history/", "cas/", "cas/assessments/"]
)
def test_pages_of_enrollments_say_that_something_may_be_hidden(
    policy, portal, charlie, john, address
):
    hint = "Records that need a release of information are not shown."
    assert hint not in portal(charlie).get(f"/clients/{john.pk}/{address}").text
    policy("parts")
    assert hint in portal(charlie).get(f"/clients/{john.pk}/{address}").text


def test_nothing_hidden_is_said_not_to_be_there(policy, portal, charlie, bridge):
    """A dashboard or a printed summary that says "Not enrolled" would say what nobody knows."""
    other = ClientFactory(organization=OrganizationFactory(), created_by=charlie)
    pages = {
        "": ("Not enrolled in any project.", "None that you see."),
        "summary/print/": ("None", "Not shown without a release of information"),
    }
    for address, (said, instead) in pages.items():
        assert instead not in portal(charlie).get(f"/clients/{other.pk}/{address}").text
        assert said in portal(charlie).get(f"/clients/{other.pk}/{address}").text
    policy("parts")
    for address, (said, instead) in pages.items():
        shown = portal(charlie).get(f"/clients/{other.pk}/{address}").text
        assert instead in shown
        assert said not in shown or address
        assert "Nothing is due or missing." not in shown
        assert "No files yet." not in shown


def test_parts_of_querysets():
    """What is added without saying which part it is needs a release."""
    assert ClientPhoto.objects.all().part is Part.IDENTITY
    assert ClientFile.objects.all().part is Part.FILES
    assert Alert.objects.all().part is Enrollment.objects.all().part is Part.RECORDS


def test_refusal_on_the_day_of_a_release_is_the_later_answer(policy, charlie, john):
    """Both were given today, and the later number counts."""
    first, second = release(john, answered_on=TODAY, begins_on=TODAY), refuse(john)
    first.refresh_from_db()
    assert (first.replaced_on, second.replaced_on) == (TODAY, None)
    policy("required")
    assert not sees(charlie, john)


def test_what_a_merge_moves_is_weighed_again(policy, charlie, john):
    other = ClientFactory(organization=john.organization)
    row = release(other)
    refuse(john)
    policy("required")
    assert sees(charlie, other)
    Release.objects.filter(pk=row.pk).update(client=john)
    assert not sees(charlie, john), "the refusal is later"
    Release.objects.filter(pk=row.pk).update(client=other)
    assert sees(charlie, other)
