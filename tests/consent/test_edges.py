"""What a release never opens, when it ends by itself, and who forgets a client with it (R13.2)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Organization
from clients.duplicates.likely import likely_duplicates
from clients.duplicates.run import find_duplicates
from clients.forms.duplicates import DuplicateReportForm
from clients.models import Client, FormDraft, PossibleDuplicate, Release
from clients.sharing import Part, why
from clients.sharing_reasons import Reason
from consent.actions import Answer, record_release, revoke
from enrollments.models import Enrollment, IntakeDraft
from exchange.imports.run import import_files
from tests.cas.factories import NotificationFactory
from tests.clients.merge.rows import form_draft, intake_draft
from tests.consent.factories import ReleaseFactory
from tests.consent.matrix import Policy
from tests.consent.population import choose
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.exchange.sets import small_set
from tests.factories import ClientFactory, UserFactory
from tests.pages import errors, form_of
from tests.tasks.factories import TaskFactory

NAME = "Quokkaberg"


@pytest.fixture(autouse=True)
def agencies(harbor, bridge):
    """Consent is required everywhere."""
    of = {"harbor": harbor, "bridge": bridge}
    choose(of, Policy.REQUIRED)
    return of


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="John",
        last_name=NAME,
        ssn="219099876",
        ssn_data_quality=1,
    )


def sees(user, client) -> bool:
    return Client.objects.visible_to(user).filter(pk=client.pk).exists()


def restrict(client, visibility=Client.Visibility.OWN_ORGANIZATION) -> None:
    Client.objects.filter(pk=client.pk).update(visibility=visibility)
    client.refresh_from_db()


# restricted records


def test_release_opens_no_restricted_record(charlie, john):
    ReleaseFactory(client=john)
    assert sees(charlie, john)
    restrict(john)
    assert not sees(charlie, john)
    assert why(charlie, john, Part.IDENTITY).reason is Reason.RESTRICTED


def test_release_counts_again_once_the_record_is_not_restricted_any_more(charlie, john):
    ReleaseFactory(client=john)
    restrict(john)
    restrict(john, Client.Visibility.ALL_ORGANIZATIONS)
    assert sees(charlie, john)


@pytest.mark.parametrize("policy", Policy)
def test_restricted_record_is_as_closed_under_every_policy(policy, agencies, charlie, john):
    choose(agencies, policy)
    restrict(john)
    assert not sees(charlie, john)


# minors


@pytest.fixture
def jimmy(harbor, alice):
    """Turns 18 on May 6, 2028."""
    return ClientFactory(organization=harbor, created_by=alice, dob=date(2010, 5, 6))


@pytest.fixture
def guardians_release(jimmy, harbor, alice, bob, time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    answer = Answer(
        kind=Release.Kind.VERBAL,
        organization=harbor,
        answered_on=date(2026, 3, 2),
        guardian_name="Gloria Guardian",
        witness=bob,
    )
    (row,) = record_release(clients=[jimmy], answer=answer, by=alice)
    return row


@pytest.mark.parametrize(
    ("moment", "is_seen"),
    [
        ("2026-03-02T17:00:00Z", True),
        ("2028-05-05T17:00:00Z", True),
        ("2028-05-06T03:59:00Z", True),  # a minute to midnight in New York
        ("2028-05-06T04:01:00Z", False),
        ("2030-01-01T17:00:00Z", False),
    ],
)
def test_guardians_release_ends_as_the_client_turns_18(
    guardians_release, jimmy, charlie, time_machine, moment, is_seen
):
    time_machine.move_to(moment, tick=False)
    assert sees(charlie, jimmy) is is_seen


def test_adult_answers_again(guardians_release, jimmy, charlie, harbor, alice, bob, time_machine):
    time_machine.move_to("2028-05-06T17:00:00Z", tick=False)
    assert why(charlie, jimmy, Part.IDENTITY).reason is Reason.ENDED
    answer = Answer(
        kind=Release.Kind.VERBAL, organization=harbor, answered_on=date(2028, 5, 6), witness=bob
    )
    (row,) = record_release(clients=[jimmy], answer=answer, by=alice)
    assert row.signed_by == Release.SignedBy.CLIENT
    assert sees(charlie, jimmy)


@pytest.mark.parametrize(
    ("moment", "is_seen"), [("2027-05-05T17:00:00Z", True), ("2027-05-06T17:00:00Z", False)]
)
def test_date_of_birth_that_is_corrected_later_ends_a_guardians_release_on_that_birthday(
    guardians_release, jimmy, charlie, time_machine, moment, is_seen
):
    Client.objects.filter(pk=jimmy.pk).update(dob=date(2009, 5, 6))
    time_machine.move_to(moment, tick=False)
    assert sees(charlie, jimmy) is is_seen


# imported clients


def imported(tmp_path) -> None:
    path = small_set().write_zip(tmp_path / "set.zip")
    import_files(source=path, by=UserFactory(is_superuser=True))


def test_imported_clients_were_never_asked(tmp_path, charlie):
    imported(tmp_path)
    house = Organization.objects.get(organization_name="Harbor House")
    assert house.sharing_in_force == Policy.REQUIRED
    clients = Client.objects.filter(organization=house)
    assert clients.exists()
    assert not Release.objects.exists()
    assert not Client.objects.visible_to(charlie).filter(organization=house).exists()
    assert not Enrollment.objects.visible_to(charlie).filter(organization=house).exists()
    assert clients.count() == Client.objects.visible_to(UserFactory(at=[house])).count()


def test_next_import_leaves_the_answers_alone(tmp_path, charlie):
    imported(tmp_path)
    client = Client.objects.get(personal_id="C1")
    ReleaseFactory(client=client)
    before = list(Release.objects.values())
    imported(tmp_path)
    assert list(Release.objects.values()) == before
    assert sees(charlie, client)


# households


def test_household_in_which_a_client_is_hidden_names_nobody_to_the_intake(
    agencies, harbor, charlie, john, jimmy
):
    """Though the other one is shared: it would say where the client was."""
    choose(agencies, Policy.PARTS)
    first = EnrollmentFactory(client=john)
    others = {"household": first.household, "project": first.project}
    other = EnrollmentFactory(client=jimmy, relationship_to_hoh=2, **others)
    ReleaseFactory(client=jimmy)
    seen = Enrollment.objects.visible_to(charlie)
    assert seen.get() == other
    assert not seen.beside(john, charlie).exists()
    ReleaseFactory(client=john)
    assert seen.beside(john, charlie).get() == other


# the same person twice


def test_client_who_is_not_shared_is_no_likely_duplicate(charlie, john):
    typed = Client(first_name="John", last_name=NAME, ssn=john.ssn, dob=john.dob)
    assert not likely_duplicates(typed, charlie)
    ReleaseFactory(client=john)
    assert [one.client for one in likely_duplicates(typed, charlie)] == [john]


def test_client_who_is_not_shared_cannot_be_reported(charlie, bridge, john):
    own = ClientFactory(organization=bridge, created_by=charlie)
    typed = {"client_1": own.pk, "client_2": john.pk, "comment": "The same"}
    found = errors(form_of(DuplicateReportForm, charlie, **typed))
    assert found == {"client_2": [f"There is no client {john.pk}. Check the ID."]}


def test_pair_of_two_agencies_is_found_and_shown_to_no_officer_of_one(
    portal, bridge, charlie, dana, john
):
    ClientFactory(
        organization=bridge,
        created_by=charlie,
        first_name="John",
        last_name=NAME,
        ssn=john.ssn,
        ssn_data_quality=1,
        dob=john.dob,
    )
    find_duplicates(whole=True, processes=1)
    assert PossibleDuplicate.objects.count() == 1
    page = portal(dana).get(reverse("admin:clients_possibleduplicate_changelist"))
    assert not page.context["cl"].result_list


# who serves a client


@pytest.mark.parametrize("kind", ["enrollment", "assignment"])
def test_agency_that_serves_the_client_knows_whom_and_nothing_of_the_others(
    bridge, charlie, john, kind
):
    theirs = EnrollmentFactory(client=john)
    if kind == "enrollment":
        own = EnrollmentFactory(client=john, organization=bridge, created_by=charlie)
        assert set(Enrollment.objects.visible_to(charlie)) == {own}
    else:
        CaseAssignmentFactory(
            enrollment=theirs, case_manager=charlie, organization=bridge, created_by=charlie
        )
        assert theirs not in Enrollment.objects.visible_to(charlie)
    assert sees(charlie, john)
    assert why(charlie, john, Part.IDENTITY).reason is Reason.SERVED


def test_user_of_two_agencies_sees_what_either_sees(harbor, bridge, john):
    both = UserFactory(at=[bridge, harbor])
    assert sees(both, john)


# places that remember


REMEMBER = ("home", "clients:find", "form_drafts", "tasks:mine", "cas:notifications")


def test_places_that_remember_a_client_forget_who_is_shared_no_more(
    portal, bridge, charlie, alice, john
):
    """In a session that is open, and in what the user had typed before."""
    release = ReleaseFactory(client=john)
    browser = portal(charlie)
    assert browser.get(john.get_absolute_url()).status_code == 200
    FormDraft.objects.filter(pk=form_draft(john).pk).update(user=charlie)
    IntakeDraft.objects.filter(pk=intake_draft(john).pk).update(
        organization=bridge, created_by=charlie
    )
    TaskFactory(client=john, organization=bridge, created_by=charlie, due_on=timezone.localdate())
    NotificationFactory(recipient=charlie, client=john)
    before = [place for place in REMEMBER if NAME in browser.get(reverse(place)).text]
    assert len(before) >= 3, before
    revoke(releases=[release], reason=Release.Reason.CLIENT, by=alice)
    for place in REMEMBER:
        assert NAME not in browser.get(reverse(place)).text, place
    assert browser.get(john.get_absolute_url()).status_code == 404


def test_page_that_was_open_when_the_release_ended_saves_nothing(portal, charlie, alice, john):
    release = ReleaseFactory(client=john)
    browser = portal(charlie)
    address = reverse("casenotes:add", args=[john.pk])
    assert browser.get(address).status_code == 200
    revoke(releases=[release], reason=Release.Reason.CLIENT, by=alice)
    assert browser.post(address, {"title": "Met", "text": "At the shelter"}).status_code == 404
    assert not john.casenotes.exists()


def test_access_that_is_refused_is_in_the_log_of_the_agency_that_filed_the_client(
    portal, charlie, john
):
    portal(charlie).get(john.get_absolute_url())
    assert john.accesses.get().kind == "refused"


def test_ended_release_closes_the_record_at_midnight(charlie, john, time_machine):
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    today = date(2026, 3, 2)
    ReleaseFactory(client=john, answered_on=today, begins_on=today, ends_on=today)
    time_machine.move_to("2026-03-03T04:59:00Z", tick=False)
    assert sees(charlie, john)
    time_machine.move_to("2026-03-03T05:01:00Z", tick=False)
    assert not sees(charlie, john)


def test_release_that_begins_later_opens_nothing_before(charlie, john):
    ReleaseFactory(client=john, begins_on=timezone.localdate() + timedelta(days=1))
    assert not sees(charlie, john)
    assert why(charlie, john, Part.IDENTITY).reason is Reason.FUTURE
