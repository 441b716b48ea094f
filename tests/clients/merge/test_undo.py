"""Undo: what was, comes back; what was written since stays where it belongs."""

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from clients.merge.execute import Refused
from clients.models import Client, ClientAlias, ClientMerge
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.clients.merge.rows import dump
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import AlertFactory, ClientFactory, InterestedOtherFactory
from tests.files.factories import photo_of


def of(row):
    return type(row)._base_manager.get(pk=row.pk).client


def test_note_written_after_the_merge_stays_with_the_one_who_stayed(merged, undone, john, jon):
    before = CaseNoteFactory(client=jon)
    done = merged(john, jon)
    after = CaseNoteFactory(client=Client.objects.get(pk=john.pk))
    assert list(john.casenotes.order_by("pk")) == [before, after]
    undone(done)
    assert of(before) == jon
    assert of(after) == john


def test_row_that_is_filed_under_the_old_id_goes_to_the_one_who_stays(merged, undone, john, jon):
    done = merged(john, jon)
    stale = CaseNoteFactory(client=jon)  # a page that was opened before
    assert of(stale) == john
    many = CaseNoteFactory.build_batch(
        2, client=jon, organization=jon.organization, created_by=jon.created_by
    )
    type(stale).objects.bulk_create(many)
    assert john.casenotes.count() == 3
    undone(done)
    assert of(stale) == john
    assert of(CaseNoteFactory(client=jon)) == jon


def test_service_stays_with_its_enrollment_though_its_note_goes_back(merged, undone, john, jon):
    """What a row cannot be without decides where it belongs."""
    note, own = CaseNoteFactory(client=jon), EnrollmentFactory(client=john)
    done = merged(john, jon)
    service = ServiceFactory(enrollment=own, client=john, note=note)
    undone(done)
    assert of(note) == jon
    assert of(service) == john


def test_what_hangs_on_an_enrollment_goes_back_with_it(merged, undone, john, jon):
    enrollment, own = EnrollmentFactory(client=jon), EnrollmentFactory(client=john)
    done = merged(john, jon)
    enrollment.refresh_from_db()
    written = [
        factory(enrollment=enrollment, client=john)
        for factory in (CaseAssignmentFactory, ServiceFactory, CaseNoteFactory)
    ]
    written.append(
        IncomeBenefitsFactory(enrollment=enrollment, client=john, data_collection_stage=2)
    )
    kept = ServiceFactory(enrollment=own, client=john)
    undone(done)
    assert [of(row) for row in written] == [jon] * 4
    assert of(kept) == john


def test_edited_row_goes_back_as_it_was_edited(merged, undone, john, jon):
    alert = AlertFactory(client=jon)
    done = merged(john, jon)
    alert.refresh_from_db()
    alert.text = "Two dogs"
    alert.save()
    assert not undone(done)
    alert.refresh_from_db()
    assert (alert.client, alert.text) == (jon, "Two dogs")


def test_value_that_was_corrected_since_stays_and_is_told(merged, undone, alice, john, jon):
    done = merged(john, jon, values={"phone": jon.pk, "name": jon.pk})
    client = Client.objects.get(pk=john.pk)
    merged_version = client.version
    client.phone = "617-555-0100"
    client.version += 1
    client.stamp(by=alice)
    client.save()
    notes = undone(done)
    assert notes == [
        f"Phone of Client ID {john.pk} was changed after the merge and stays as it is."
    ]
    client.refresh_from_db()
    assert (client.phone, client.first_name) == ("617-555-0100", "John")
    assert client.version > merged_version + 1  # an open form must not save over it


def test_ssn_that_was_corrected_since_stays_and_is_told(merged, undone, alice, john, jon):
    jon.ssn, jon.ssn_data_quality = "219099871", 1
    jon.save()
    done = merged(john, jon, values={"ssn": jon.pk})
    client = Client.objects.get(pk=john.pk)
    client.ssn = "219099800"
    client.stamp(by=alice)
    client.save()
    notes = undone(done)
    assert notes == [f"SSN of Client ID {john.pk} was changed after the merge and stays as it is."]
    client.refresh_from_db()
    assert client.ssn == "219099800"


def test_form_of_before_the_merge_does_not_fit_after_it(merged, john, jon):
    versions = {john.version, jon.version}
    merged(john, jon)
    assert Client.objects.get(pk=john.pk).version not in {
        v + n for v in versions for n in range(99)
    }


def test_alias_that_the_merge_added_goes_unless_it_was_changed(merged, undone, john, jon):
    done = merged(john, jon)
    alias = john.aliases.get()
    alias.first_name = "Jonny"
    alias.save()
    undone(done)
    assert ClientAlias.objects.get().display_name == "Jonny Smyth"


def test_alias_that_was_deleted_since_is_told(merged, undone, john, jon):
    ClientAlias(client=jon, first_name="Jo").save()
    done = merged(john, jon)
    john.aliases.filter(first_name="Jo").delete()
    assert undone(done) == ["1 of the client aliases was changed or deleted since, and stays so."]


def test_undo_undoes_once(merged, undone, john, jon, dana):
    done = merged(john, jon)
    undone(done)
    done.refresh_from_db()
    assert (done.undone_by, done.is_in_force) == (dana, False)
    with pytest.raises(Refused, match="was undone already"):
        undone(done)


def test_two_can_be_merged_again_after_undo(merged, undone, john, jon):
    undone(merged(john, jon))
    again = merged(jon, john)
    assert Client.objects.get(pk=john.pk).merged_into == jon
    undone(again)
    assert Client.objects.current().count() == 2


# merges upon merges


@pytest.fixture
def three(john, jon, harbor):
    third = ClientFactory(organization=harbor, first_name="Johan")
    for client in (john, jon, third):
        InterestedOtherFactory(client=client)
        CaseNoteFactory(client=client)
    return john, jon, third


def test_chain_is_undone_from_its_end(merged, undone, three):
    john, jon, third = three
    before = dump(Client)
    first = merged(jon, third)
    between = dump(Client)
    second = merged(john, jon)
    with pytest.raises(
        Refused,
        match=f"Client ID {jon.pk} was merged into Client ID {john.pk} after this, on .* first",
    ):
        undone(first)
    assert john.casenotes.count() == 3
    undone(second)
    assert dump(Client) == between
    assert Client.objects.all().numbered(third.pk).get() == jon
    assert jon.casenotes.count() == 2
    undone(first)
    assert dump(Client) == before
    assert [one.casenotes.count() for one in three] == [1, 1, 1]


def test_two_into_one_are_undone_the_last_one_first(merged, undone, three):
    john, jon, third = three
    before = dump(Client)
    first, second = merged(john, jon), merged(john, third)
    with pytest.raises(Refused, match="Undo that merge first"):
        undone(first)
    undone(second)
    undone(first)
    assert dump(Client) == before


def test_merge_of_others_is_in_nobodys_way(merged, undone, three, harbor):
    john, jon, _ = three
    done = merged(john, jon)
    merged(*ClientFactory.create_batch(2, organization=harbor))
    undone(done)


# what stands against it


def test_undo_that_the_database_refuses_changes_nothing_and_says_why(
    merged, undone, john, jon, alice
):
    for client in (john, jon):
        photo_of(client)
    done = merged(john, jon, keep=jon.pk)
    client = Client.objects.get(pk=john.pk)
    for photo in client.clientphotos.all():
        photo.mark_deleted(by=alice)
    newer = photo_of(client)
    with pytest.raises(Refused) as refusal:
        undone(done)
    assert refusal.value.texts == [
        "The merge cannot be undone as the records are now.",
        "This client has a photo already. Delete it first.",
    ]
    assert ClientMerge.objects.in_force().get() == done
    assert of(newer) == john


def test_enrollment_begun_since_stands_against_the_one_that_was_soft_deleted(
    merged, undone, john, jon, harbor
):
    first = EnrollmentFactory(client=john)
    EnrollmentFactory(client=jon, project=first.project)
    done = merged(john, jon, keep=jon.pk)
    kept = john.enrollments.get()
    kept.exit_date = date(2026, 2, 1)
    kept.save()
    EnrollmentFactory(
        client=Client.objects.get(pk=john.pk), project=first.project, entry_date=date(2026, 3, 1)
    )
    with pytest.raises(Refused, match="cannot be undone"):
        undone(done)
    assert john.enrollments.count() == 2


# keys


def test_snapshot_is_encrypted_again_with_a_new_key(merged, undone, settings, john, jon):
    jon.ssn, jon.ssn_data_quality = "219099871", 1
    jon.save()
    done = merged(john, jon, values={"ssn": jon.pk})
    old = settings.SSN_ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    settings.SSN_ENCRYPTION_KEYS = [new, *old]
    call_command("rotate_ssn_keys", verbosity=0)
    settings.SSN_ENCRYPTION_KEYS = [new]
    assert not undone(done)
    assert Client.objects.get(pk=john.pk).ssn == "123121234"
    assert Client.objects.get(pk=jon.pk).ssn == "219099871"
