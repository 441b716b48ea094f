"""The undo of a merge gives a row to another client while somebody waits for the one it was with.

Who writes about a client holds that client's lock: what was read before it counts no more.
"""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from cas.actions import scheduled
from cas.actions.notify import notify_of_event
from cas.models import Event, Notification
from casenotes import services_at_once
from casenotes.models import CaseNote, Service
from clients.locks import lock_client_of
from clients.merge.undo import undo
from clients.models import Release
from consent import actions as releases
from enrollments.access import get_client_of_household
from enrollments.actions import assessments, deletion
from enrollments.intake import finish
from enrollments.intake.draft.start import start
from enrollments.locks import GIVEN_BACK
from enrollments.models import Enrollment, IncomeBenefits, IntakeDraft
from exchange.beside.notes import import_notes
from exchange.beside.table import STALE, Load
from exchange.models import SourceSystem
from hud.choices import DataCollectionStage
from tasks.actions import lock_clients_of_work
from tests.at_once.waiting import one_after_the_other
from tests.cas.factories import EventFactory
from tests.enrollments.factories import CaseAssignmentFactory, IncomeBenefitsFactory
from tests.factories import ReleaseFactory, UserFactory

pytestmark = pytest.mark.usefixtures("patient_merge")

ANNUAL = DataCollectionStage.ANNUAL


@pytest.fixture
def behind(case):
    """A function that sends an action behind the undo of the merge; what it gave."""

    def send(action):
        merged = case.merged

        def take_apart():
            return undo(merge_id=merged.pk, by=case.population.dana)

        return one_after_the_other([case.john.pk], take_apart, action)[1]

    return send


@pytest.fixture
def moved(case):
    """The enrollment that the merge gave to John, as it is read before the undo."""
    assert case.merged
    return Enrollment.objects.get(client=case.john, project=case.population.others)


@pytest.fixture
def annual(moved):
    """An annual assessment of that enrollment."""
    day = moved.entry_date + timedelta(days=3)
    return IncomeBenefitsFactory(
        enrollment=moved, data_collection_stage=ANNUAL, information_date=day
    )


def refusal_of(action, **arguments):
    """What sends an action, and gives the sentence with which it is refused."""

    def send():
        with pytest.raises(ValidationError) as refused:
            action(**arguments)
        return refused.value.messages

    return send


def held(action, client_id):
    """What sends an action in a transaction, and gives whether it holds a client's lock then."""

    def send():
        with transaction.atomic():
            action()
            other = connection.copy()
            try:
                with other.cursor() as cursor:
                    cursor.execute(
                        "SELECT FROM clients_client WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                        [client_id],
                    )
            except OperationalError:
                return True
            finally:
                other.close()
            return False

    return send


def test_enrollment_is_not_restored(case, moved, behind):
    alice = case.population.alice
    moved.mark_deleted(by=alice)
    said = behind(refusal_of(deletion.restore_enrollments, enrollment=moved, by=alice))
    row = Enrollment.with_deleted.get(pk=moved.pk)
    assert said == [GIVEN_BACK]
    assert (row.client, bool(row.date_deleted)) == (case.other, True)


def test_assessment_is_not_deleted(case, moved, annual, behind):
    arguments = {"enrollment": moved, "stage": ANNUAL, "day": annual.information_date}
    alice = case.population.alice
    said = behind(refusal_of(assessments.delete_assessment, **arguments, by=alice))
    assert said == [GIVEN_BACK]
    assert IncomeBenefits.objects.get(pk=annual.pk).client == case.other


def test_assessment_is_not_restored(case, moved, annual, behind):
    arguments = {"enrollment": moved, "stage": ANNUAL, "day": annual.information_date}
    arguments["by"] = case.population.alice
    assessments.delete_assessment(**arguments)
    said = behind(refusal_of(assessments.restore_assessment, **arguments))
    assert said == [GIVEN_BACK]
    assert not IncomeBenefits.objects.filter(pk=annual.pk).exists()


def test_page_of_a_household_holds_the_client_whose_number_it_is_again(case, behind):
    request = RequestFactory().post("/")
    request.user = case.population.alice
    number = case.merged.merged_id
    assert behind(held(lambda: get_client_of_household(request, number), number))


def test_import_holds_the_client_of_an_enrollment_that_was_looked_up_before(case, moved, behind):
    rows = Enrollment.with_deleted.all()
    assert behind(held(lambda: lock_client_of(moved, among=rows), case.other.pk))
    assert moved.client == case.other


def test_release_is_not_revoked(case, behind):
    alice = case.population.alice
    release = ReleaseFactory(client=case.other, organization=case.population.harbor)
    assert case.merged
    arguments = {"releases": [release], "reason": Release.Reason.CLIENT, "by": alice}
    assert behind(refusal_of(releases.revoke, **arguments)) == [releases.STALE]
    assert Release.objects.get(pk=release.pk).revoked_at is None


def test_services_that_were_recorded_at_once_are_not_taken_back(case, moved, behind):
    alice = case.population.alice
    service = Service(
        client_id=moved.client_id,
        enrollment=moved,
        organization=case.population.harbor,
        service_type=case.population.service_type,
        units=1,
    )
    days = [case.today - timedelta(days=back) for back in (2, 1)]
    rows = services_at_once.add_services(service=service, members=[], days=days, by=alice)
    first, last = services_at_once.range_of(rows)
    arguments = {"first": first, "last": last, "page": "casenotes:undo_services", "by": alice}
    said = behind(refusal_of(services_at_once.take_back, **arguments))
    assert said == [services_at_once.NOT_TAKEN_BACK]
    assert Service.objects.filter(client=case.other).count() == 2


def test_work_that_is_handed_over_is_held_with_the_client_who_has_it_again(case, behind):
    people = case.population
    giver = UserFactory(at=[people.harbor])
    enrollment = case.other.enrollments.get()
    CaseAssignmentFactory(
        enrollment=enrollment, case_manager=giver, begins_on=enrollment.entry_date
    )
    arguments = {"organizations": [people.harbor.pk], "to": people.bob, "by": people.dana}
    lock = lambda: lock_clients_of_work(user=giver, **arguments)  # noqa: E731
    assert behind(held(lock, case.other.pk))


def test_intake_holds_the_client_whom_it_is_about_again(case, behind):
    people = case.population
    draft = start(by=people.alice, organization=people.harbor, client=case.other)
    assert case.merged
    draft = IntakeDraft.objects.get(pk=draft.pk)
    draft.answers.follow_merges()

    assert behind(held(lambda: finish._locked(draft, people.alice), case.other.pk))


@pytest.mark.parametrize("who", ["who was merged away", "who remained"])
def test_note_of_another_system_is_not_filed(case, moved, behind, tmp_path, who):
    person = case.john if who == "who remained" else case.other
    table = tmp_path / "notes.csv"
    table.write_text(
        "NoteID,PersonalID,EnrollmentID,Date,Text\n"
        f"N1,{person.personal_id},{moved.enrollment_id},3/2/2024,Came in at once.\n"
    )
    system = SourceSystem.objects.create(name=f"The old system of {who}")
    load = Load("CaseNote", "import_notes", system, case.population.alice)
    said = []
    tell = lambda number, why: said.append((number, why))  # noqa: E731
    behind(partial(import_notes, table, load=load, tell=tell))
    assert said == [(2, STALE)]
    assert not CaseNote.objects.filter(text="Came in at once.").exists()


def test_event_is_notified_to_nobody_of_the_client_who_had_it(case, behind):
    """The next run of cron notifies those of the client who has it again."""
    event = EventFactory(enrollment=case.other.enrollments.get(), event_date=case.today)
    assert case.merged
    event = Event.objects.get(pk=event.pk)
    write = partial(notify_of_event, event)
    assert behind(partial(scheduled._in_transaction, event.client_id, write, row=event)) == 0
    assert not Notification.objects.filter(event=event).exists()
    event = Event.objects.get(pk=event.pk)
    assert event.client == case.other
