"""Under *consent for parts* a client's details are shown where they are shared, and nowhere else.

Contact, race, veteran status, aliases and the full SSN: whoever may know who the client is does not
read them without a release, unless the own agency filed or serves the client (13.2).
"""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from agencies.models import SecurityEvent
from agencies.use_limits import UseLimit
from clients import loading
from clients.duplicates.likely import likely_duplicates
from clients.forms.duplicates import MergeForm
from clients.merge.preview import Preview
from clients.models import Client, ClientAccess, ClientAlias, ClientSearch
from clients.search import Criteria, near_matches
from clients.sharing_reasons import Reason
from clients.views.merge import get_pair
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.models import Enrollment
from hud.choices import VeteranStatus
from hud.programs import VASH
from tests.agencies.factories import FunderFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.intake.conftest import Walk
from tests.factories import ClientFactory, ReleaseFactory, UserFactory
from tests.files.factories import file_of
from tests.pages import send

PHONE, ALIAS = "617-555-0142", "Jacko"


@pytest.fixture(autouse=True)
def _only_parts(policy, john):
    john.asian, john.veteran_status = True, VeteranStatus.YES
    john.save()
    ClientAlias.objects.create(client=john, first_name=ALIAS)
    policy("parts")


def shown(text: str) -> list[str]:
    """Which of John's details stand in a text."""
    return [one for one in (PHONE, "john@example.org", "Saltmarsh", ALIAS, "Asian") if one in text]


@pytest.fixture
def bea(bridge):
    return UserFactory(dqo_at=[bridge])


def refused(answer) -> None:
    assert answer.status_code == 403
    assert Reason.NONE in answer.text
    assert "need a release of information that" in answer.text
    assert shown(answer.text) == []


def test_edit_says_which_release_is_missing_and_where_to_read_why(portal, charlie, bridge, john):
    browser, page = portal(charlie), reverse("clients:edit", args=[john.pk])
    for answer in (browser.get(page), browser.post(page, {"first_name": "Jon"})):
        refused(answer)
        assert f"covers {bridge}" in " ".join(answer.text.split())
        assert "Ask the client for a release of information." in answer.text
        assert reverse("clients:sharing", args=[john.pk]) in answer.text
    events = SecurityEvent.objects.filter(kind=SecurityEvent.Kind.REFUSED)
    assert set(events.values_list("client", flat=True)) == {john.pk}
    assert not ClientAccess.objects.filter(kind="change").exists()
    ReleaseFactory(client=john)
    assert browser.get(page).status_code == 200


def test_refusals_of_clients_who_were_not_opened_are_counted(
    settings, portal, charlie, john, harbor
):
    """They say what the client answered: whoever walks through the IDs is stopped."""
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 2")}
    browser, page = portal(charlie), reverse("clients:edit", args=[john.pk])
    assert browser.get(john.get_absolute_url()).status_code == 200
    assert [browser.get(page).status_code for _ in range(4)] == [403] * 4
    others = [ClientFactory(organization=harbor) for _ in range(2)]
    pages = [reverse("clients:edit", args=[one.pk]) for one in others]
    assert [browser.post(pages[0]).status_code, browser.get(pages[1]).status_code] == [429, 429]


def test_full_ssn_says_the_same(portal, charlie, john):
    browser = portal(charlie)
    refused(browser.get(reverse("clients:ask_to_reveal_ssn", args=[john.pk])))
    refused(browser.post(reverse("clients:reveal_ssn", args=[john.pk]), {"reason": "identity"}))


def test_who_has_no_right_to_full_ssns_is_told_so(portal, alice, harbor, john):
    alice.memberships.update(may_reveal_ssn=False)
    answer = portal(alice).get(reverse("clients:ask_to_reveal_ssn", args=[john.pk]))
    assert answer.status_code == 403
    assert "You can see only the last four digits of SSNs." in answer.text


def test_merge_pages_of_an_officer_of_the_other_agency(portal, rf, bea, bridge, john):
    """Nor do they say whether something differs that is not shown."""
    own = ClientFactory(
        organization=bridge, first_name="John", last_name="Smith", phone="617-555-0199"
    )
    page = portal(bea).get(reverse("admin:clients_merge", args=sorted([own.pk, john.pk])))
    assert shown(page.text) == []
    assert "617-555-0199" in page.text
    rows = {row["label"]: row for row in page.context["form"].rows}
    assert "Race and Ethnicity" not in rows
    assert not rows["Phone"]["contradicts"]
    assert "Veteran Status" not in rows
    request = rf.get("/")
    request.user = bea
    ReleaseFactory(client=john)
    form = MergeForm(preview=Preview(get_pair(request, own.pk, john.pk), bea), data=None, token="")
    assert {row["label"]: row for row in form.rows}["Phone"]["contradicts"]


def test_intake_of_who_is_not_served_yet(portal, charlie, bridge, john):
    """Enrolling needs no release; the details come with the enrollment."""
    project = FunderFactory(project__organization=bridge, funder=min(VASH))
    project = project.project
    walk = Walk(portal(charlie), start(by=charlie, organization=bridge, client=john))
    step = walk.see(Step.BASIC)
    assert shown(step.text) == []
    assert "New SSN" not in step.text
    assert reverse("clients:sharing", args=[john.pk]) in step.text
    answer = walk.save(Step.BASIC)
    assert answer["Location"].endswith(f"/{Step.FAMILY}/")
    walk.save(Step.FAMILY)
    walk.save(Step.PROGRAM, walk.program(project, john))
    entered = "Year Entered Military Service"
    assert entered not in walk.see(Step.UNIVERSAL).text, "asked of veterans"
    ReleaseFactory(client=john)
    assert PHONE in walk.see(Step.BASIC).text
    assert entered in walk.see(Step.UNIVERSAL).text


def test_typed_details_are_not_saved_where_they_are_not_shared_any_more(
    portal, charlie, bridge, john
):
    release = ReleaseFactory(client=john)
    walk = Walk(portal(charlie), start(by=charlie, organization=bridge, client=john))
    typed = {"first_name": "John", "sex": "1", "phone": "617-555-0177"}
    type(release).objects.filter(pk=release.pk).update(undecided=True)
    answer = walk.save(Step.BASIC, typed)
    assert "What you typed was not saved" in answer.text
    assert shown(answer.text) == []
    john.refresh_from_db()
    assert john.phone == PHONE
    assert walk.save(Step.BASIC).status_code == 302


def test_release_that_was_revoked_while_a_lock_was_waited_for_covers_nobody(
    charlie, john, monkeypatch
):
    release = ReleaseFactory(client=john)
    assert loading.lock_visible(charlie, john.pk).has_details
    lock = loading._visible.first

    def wait(user, client_id):
        locked = lock(user, client_id)
        type(release).objects.filter(pk=release.pk).update(undecided=True)
        return locked

    monkeypatch.setattr(loading, "_visible", SimpleNamespace(first=wait))
    assert not loading.lock_visible(charlie, john.pk).has_details


def test_search_by_an_alias_finds_and_does_not_tell_it(portal, charlie, alice, john):
    """Whoever typed a part of it is not told the rest."""
    for user, is_shown in ((charlie, False), (alice, True)):
        browser = portal(user)
        found = browser.post(reverse("clients:find"), {"first_name": "Jack"}, follow=True)
        assert [one.pk for one in found.context["matches"].clients] == [john.pk]
        assert (ALIAS in found.text) is is_shown
        assert ("also known by a name that is not shared with you" in found.text) is not is_shown
        search = ClientSearch.objects.filter(user=user).latest("pk")
        lines = browser.get(reverse("clients:results_csv", args=[search.pk]))
        assert (ALIAS in b"".join(lines).decode()) is is_shown


def test_dashboard_does_not_say_which_details_were_not_collected(portal, charlie, alice, john):
    john.asian = False
    john.save()
    missing = "Not collected: Race and Ethnicity"
    assert missing in portal(alice).get(john.get_absolute_url()).text
    assert missing not in portal(charlie).get(john.get_absolute_url()).text


def test_copy_of_the_record_needs_them(portal, bea, john):
    page = reverse("privacy:copy", args=[john.pk])
    for answer in (portal(bea).get(page), portal(bea).post(page, {"kind": "pdf"})):
        refused(answer)


def test_same_phone_of_a_new_client_is_not_told(portal, charlie, alice, john):
    """That what was typed is what another agency has is a detail too."""
    typed = {"first_name": "John", "last_name": "Smith", "phone": PHONE, "sex": "1"}
    for user, is_shown in ((charlie, False), (alice, True)):
        browser = portal(user)
        browser.post(reverse("clients:find"), {"last_name": "Smith"})
        search = ClientSearch.objects.filter(user=user).latest("pk")
        form = browser.get(f"{reverse('clients:add')}?search={search.pk}").context["form"]
        names = ("organization", "form_token")
        data = typed | {name: form[name].value() for name in names}
        asked = browser.post(f"{reverse('clients:add')}?search={search.pk}", data)
        assert [one.client.pk for one in asked.context["duplicates"]] == [john.pk]
        assert ("Same phone" in asked.text) is is_shown


def test_who_serves_the_client_reads_them_everywhere(portal, charlie, bridge, john):
    file_of(john, by=charlie, organization=bridge)
    browser = portal(charlie)
    assert shown(browser.get(reverse("clients:edit", args=[john.pk])).text)
    EnrollmentFactory(client=john, organization=bridge)
    assert Enrollment.objects.exists()
    assert PHONE in browser.get(john.get_absolute_url()).text


@pytest.mark.parametrize(("is_covered", "asks"), [(True, True), (False, False)])
def test_contact_that_is_not_shared_does_not_answer_who_it_is(
    portal, charlie, bridge, alice, john, is_covered, asks
):
    """Somebody may type address after address until the question comes up."""
    search = ClientSearch(user=charlie)
    search.criteria = {"last_name": "Zzz"}
    search.save()
    if is_covered:
        ReleaseFactory(client=john, created_by=alice)
    ClientFactory.create_batch(20, organization=bridge, last_name="Smith")
    typed = {"first_name": "Jon", "last_name": "Smith", "sex": "0", "phone": PHONE}
    typed |= {"email": john.email, "city": john.city}
    page = send(portal(charlie), f"{reverse('clients:add')}?search={search.pk}", **typed)
    shown = [one.client for one in page.context["duplicates"]] if page.context else []
    assert (john in shown) is asks


def ssn_reasons(matches, john) -> list[str]:
    """What of John's SSN is said to be alike."""
    reasons = [one for match in matches if match.client == john for one in match.reasons]
    return [one for one in reasons if "SSN" in one and one != "Different SSN"]


@pytest.mark.parametrize(
    ("ssn", "to_charlie", "to_alice"),
    [
        ("219456789", ["Same SSN"], ["Same SSN"]),
        ("319456789", ["Same last four digits of the SSN"], ["One digit of the SSN differs"]),
        ("219465789", [], ["Two digits of the SSN swapped"]),
        ("219456788", ["One digit of the SSN differs"], ["One digit of the SSN differs"]),
    ],
)
def test_digits_of_the_ssn_that_are_not_seen_are_not_told(
    charlie, alice, john, ssn, to_charlie, to_alice
):
    """Charlie may reveal SSNs, but not John's; nor may he find it by search after search."""
    john.ssn, john.ssn_data_quality = "219456789", 1
    john.save()
    names = {"first_name": "Jhon", "last_name": john.last_name}
    new = Client(**names, dob=john.dob, ssn=ssn)
    criteria = Criteria(**names, dob=john.dob, ssn=ssn)
    for user, told in ((charlie, to_charlie), (alice, to_alice)):
        assert ssn_reasons(near_matches(criteria, user), john) == told
        assert ssn_reasons(likely_duplicates(new, user), john) == told


def test_nobody_is_found_by_digits_of_the_ssn_that_are_not_seen(charlie, alice, john):
    john.ssn, john.ssn_data_quality = "219456789", 1
    john.save()
    for user, is_found in ((charlie, False), (alice, True)):
        assert bool(near_matches(Criteria(ssn="319456789"), user)) is is_found
        assert bool(likely_duplicates(Client(ssn="319456789"), user)) is is_found
