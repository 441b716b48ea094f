"""What becomes of values, names, reports and rights when two clients become one."""

from datetime import timedelta

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from clients.merge.execute import Choices, Refused, merge
from clients.merge.preview import FACTS, OWN
from clients.merge.steps import raw_rows
from clients.models import Client, ClientAlias, ClientMerge, DuplicateReport
from tests.clients.merge.conftest import previewed
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    DuplicateReportFactory,
    MembershipFactory,
    PossibleDuplicateFactory,
    UserFactory,
    with_ssn,
)


def now(client, *names):
    row = Client.objects.get(pk=client.pk)
    return tuple(getattr(row, name) for name in names)


# values


def test_every_column_of_a_client_is_chosen_or_stays_the_own_one():
    chosen = [name for fact in FACTS for name in fact.columns]
    columns = {field.name for field in Client._meta.concrete_fields}
    assert len(chosen) == len(set(chosen))
    assert set(chosen) | OWN == columns
    assert not set(chosen) & OWN


def test_value_that_tells_more_is_kept_where_nothing_is_chosen(merged, john, jon):
    Client.objects.filter(pk=john.pk).update(phone="", email="")
    merged(john, jon)
    assert now(john, "first_name", "dob", "phone") == ("John", john.dob, "617-555-0199")
    assert now(john, "veteran_status", "ssn", "email") == (1, "123121234", "")


def test_officer_chooses_whose_value_is_kept(merged, john, jon):
    merged(john, jon, values={"name": jon.pk, "dob": jon.pk, "ssn": jon.pk, "sex": jon.pk})
    assert now(john, "first_name", "last_name", "last_key") == ("Jon", "Smyth", "smyth")
    assert now(john, "dob", "dob_data_quality") == (None, 99)
    assert now(john, "ssn", "ssn_hash", "ssn_data_quality") == ("", "", 99)


def test_marks_of_imported_values_go_where_the_values_go_and_come_back(merged, undone, john, jon):
    """Neither has an SSN, and both say that it is known in full, as real files do."""
    broken = {"ssn": "", "ssn_data_quality": 1, "breaks": ["client_ssn_quality_fits"]}
    with pgtrigger.ignore("clients.Client:keeps_marks"):
        Client.objects.filter(pk=jon.pk).update(**broken)
        Client.objects.filter(pk=john.pk).update(
            dob=None, dob_data_quality=1, breaks=["client_dob_quality_fits"]
        )
    record = merged(john, jon, values={"ssn": jon.pk, "dob": jon.pk})
    assert now(john, "ssn", "ssn_data_quality", "breaks") == ("", 1, ["client_ssn_quality_fits"])
    undone(record)
    assert now(john, "dob", "dob_data_quality", "breaks") == (None, 1, ["client_dob_quality_fits"])
    assert now(jon, "ssn_data_quality", "breaks") == (1, ["client_ssn_quality_fits"])


def test_ssn_that_is_taken_over_finds_the_client(merged, john, jon):
    merged(jon, john, values={"ssn": john.pk})
    assert list(with_ssn("123121234").current()) == [jon]
    assert now(jon, "ssn", "ssn_data_quality") == ("123121234", 1)


def test_same_ssn_in_another_encryption_is_no_difference(dana, harbor, john):
    twin = ClientFactory(organization=harbor, ssn="123121234", ssn_data_quality=1)
    keys = [fact.key for fact in previewed(john, twin, dana).different]
    assert "ssn" not in keys
    assert "sex" in keys


def test_snapshot_keeps_both_rows_whole_and_no_ssn_in_the_clear(merged, john, jon):
    Client.objects.filter(pk=jon.pk).update(ssn="219099871", ssn_data_quality=1)
    rows = raw_rows(Client, [john.pk, jon.pk])
    kept = merged(john, jon, values={"ssn": jon.pk}).snapshot["rows"]
    assert {int(pk): row for pk, row in kept.items()} == rows
    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot::text FROM clients_clientmerge")
        (text,) = cursor.fetchone()
    assert "Smyth" in text
    assert "123121234" not in text
    assert "219099871" not in text


def test_history_tells_who_merged(merged, john, jon):
    events = john.events.filter(pgh_label="update").count()
    merged(john, jon)
    assert john.events.filter(pgh_label="update").count() == events + 1
    assert jon.events.filter(pgh_label="update").latest("pgh_id").merged_into_id == john.pk


def test_hud_key_of_the_one_who_is_gone_is_kept(merged, john, jon):
    key = jon.personal_id
    merged(john, jon)
    assert Client.objects.get(pk=jon.pk).personal_id == key


# names


def test_name_that_is_not_kept_becomes_an_alias(merged, john, jon):
    merged(john, jon)
    names = set(ClientAlias.objects.filter(client=john).values_list("first_name", "last_name"))
    assert ("Jon", "Smyth") in names
    assert ("John", "Smith") not in names


def test_name_of_the_one_who_stays_becomes_the_alias_where_the_other_is_kept(merged, john, jon):
    merged(john, jon, values={"name": jon.pk})
    assert [one.display_name for one in john.aliases.all()] == ["John Smith"]


def test_alias_of_both_is_not_said_twice(merged, undone, john, jon):
    ClientAliasFactory(client=john, first_name="Johnny", last_name="Smithers")
    ClientAliasFactory(client=jon, first_name="JOHNNY", last_name="Smithers")
    done = merged(john, jon)
    assert [one.display_name for one in john.aliases.all()] == ["Johnny Smithers", "Jon Smyth"]
    undone(done)
    assert [one.display_name for one in jon.aliases.all()] == ["JOHNNY Smithers"]


def test_no_alias_without_a_name(merged, john, harbor):
    nameless = ClientFactory(organization=harbor, first_name="", last_name="", name_data_quality=99)
    merged(john, nameless)
    assert not john.aliases.exists()


# pairs


def test_report_of_the_two_is_resolved_and_opens_again_with_undo(merged, undone, dana, john, jon):
    report = DuplicateReportFactory(client_1=jon, client_2=john, organization=john.organization)
    done = merged(john, jon)
    report.refresh_from_db()
    assert (report.resolution, report.resolved_by) == ("merged", dana)
    assert (report.client_1, report.client_2) == (jon, john)
    undone(done)
    report.refresh_from_db()
    assert (report.resolution, report.resolved_by, report.resolved_at) == ("", None, None)


def test_report_of_a_third_names_the_one_who_stays(merged, john, jon, harbor):
    third = ClientFactory(organization=harbor)
    report = DuplicateReportFactory(client_1=jon, client_2=third, organization=harbor)
    merged(john, jon)
    report.refresh_from_db()
    assert (report.client_1, report.client_2, report.resolution) == (john, third, "")


def test_report_that_led_to_an_earlier_merge_stays_as_it_was(merged, john, jon, harbor):
    first = ClientFactory(organization=harbor)
    report = DuplicateReportFactory(client_1=first, client_2=jon, organization=harbor)
    merged(jon, first)
    merged(john, jon)
    report.refresh_from_db()
    assert (report.client_1, report.client_2, report.resolution) == (first, jon, "merged")


def test_likeness_of_the_two_is_decided(merged, undone, dana, john, jon):
    pair = PossibleDuplicateFactory(client_1=john, client_2=jon)
    done = merged(jon, john)
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == ("same", dana)
    undone(done)
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == ("open", None)


def test_likeness_to_a_third_moves_with_the_lower_id_first(merged, john, jon, harbor):
    third = ClientFactory(organization=harbor)
    pair = PossibleDuplicateFactory(client_1=john, client_2=third)
    merged(jon, john)
    pair.refresh_from_db()
    assert (pair.client_1, pair.client_2, pair.decision) == (jon, third, "open")
    merged(third, jon)
    pair.refresh_from_db()
    assert pair.decision == "same"


def test_likeness_of_a_higher_id_is_turned_round(merged, john, jon, harbor):
    third = ClientFactory(organization=harbor)
    pair = PossibleDuplicateFactory(client_1=john, client_2=jon)
    merged(third, john)
    pair.refresh_from_db()
    assert (pair.client_1, pair.client_2) == (jon, third)


def test_likeness_that_is_listed_already_waits_with_the_old_id(merged, undone, john, jon, harbor):
    third = ClientFactory(organization=harbor)
    listed = PossibleDuplicateFactory(client_1=john, client_2=third)
    other = PossibleDuplicateFactory(client_1=jon, client_2=third)
    done = merged(john, jon)
    model = type(listed)
    assert list(model.objects.current()) == [listed]
    undone(done)
    assert set(model.objects.current()) == {listed, other}


def test_different_people_is_said_of_the_one_who_stays_too(merged, dana, john, jon, harbor):
    third = ClientFactory(organization=harbor)
    decided = {"decision": "different", "decided_by": dana, "decided_at": timezone.now()}
    pair = PossibleDuplicateFactory(client_1=jon, client_2=third, **decided)
    merged(john, jon)
    pair.refresh_from_db()
    assert (pair.client_1, pair.client_2, pair.decision) == (john, third, "different")


# rights


def who_may(user, survivor, gone):
    choices = Choices(previewed(survivor, gone, user).digest)
    try:
        merge(survivor=survivor.pk, gone=gone.pk, choices=choices, by=user)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize(
    ("who", "own", "shared"),
    [
        ("alice", False, False),
        ("charlie", False, False),
        ("cass", False, False),
        ("dana", True, False),
        ("officer of both", True, True),
        ("officer of the other", False, False),
        ("administrator", True, True),
    ],
)
def test_who_merges_clients_of_the_own_and_of_two_agencies(
    request, who, own, shared, john, jon, harbor, bridge
):
    people = {
        "officer of both": lambda: UserFactory(dqo_at=[harbor, bridge]),
        "officer of the other": lambda: UserFactory(dqo_at=[bridge]),
        "administrator": lambda: UserFactory(is_superuser=True),
    }
    user = people[who]() if who in people else request.getfixturevalue(who)
    assert who_may(user, john, jon) is own
    theirs = ClientFactory(organization=bridge)
    assert who_may(user, ClientFactory(organization=harbor), theirs) is shared


def test_officer_whose_access_was_taken_undoes_nothing(merged, undone, dana, john, jon):
    done = merged(john, jon)
    dana.memberships.all().delete()
    del dana.access
    with pytest.raises(PermissionDenied):
        undone(done)
    assert Client.objects.get(pk=jon.pk).merged_into == john


def test_restricted_record_is_not_merged_with_one_that_all_see(merged, john, jon):
    Client.objects.filter(pk=jon.pk).update(visibility="own")
    with pytest.raises(Refused, match="Change who may see it in Edit Client first"):
        merged(john, jon)
    Client.objects.filter(pk=john.pk).update(visibility="own")
    merged(john, jon)
    assert now(john, "visibility") == ("own",)


def test_restricted_records_of_two_agencies_are_not_merged(merged, john, bridge):
    theirs = ClientFactory(organization=bridge, visibility="own")
    Client.objects.filter(pk=john.pk).update(visibility="own")
    with pytest.raises(Refused, match="not merged"):
        merged(john, theirs, by=UserFactory(is_superuser=True))
    assert not ClientMerge.objects.exists()


# the preview


@pytest.mark.parametrize(
    "action",
    [
        lambda john, jon: AlertFactory(client=jon),
        lambda john, jon: Client.objects.filter(pk=john.pk).update(phone="1"),
        lambda john, jon: Client.objects.filter(pk=jon.pk).update(phone="1"),
        lambda john, jon: ClientAliasFactory(client=john),
    ],
)
def test_change_since_the_preview_is_looked_at_first(dana, john, jon, action):
    seen = previewed(john, jon, dana).digest
    assert previewed(john, jon, dana).digest == seen
    action(john, jon)
    with pytest.raises(Refused, match="have changed since"):
        merge(survivor=john.pk, gone=jon.pk, choices=Choices(seen), by=dana)
    assert not ClientMerge.objects.exists()


def test_edited_row_calls_for_a_new_preview(dana, john, jon):
    alert = AlertFactory(client=jon)
    seen = previewed(john, jon, dana).digest
    alert.text = "Call after visiting"
    alert.save()
    assert previewed(john, jon, dana).digest != seen


def test_preview_of_the_other_way_round_is_another_one(dana, john, jon):
    assert previewed(john, jon, dana).digest != previewed(jon, john, dana).digest


def test_view_of_a_record_calls_for_no_new_preview(dana, portal, john, jon):
    seen = previewed(john, jon, dana).digest
    portal(dana).get(john.get_absolute_url())
    assert previewed(john, jon, dana).digest == seen


@pytest.mark.parametrize("gone", ["merged", "deleted"])
def test_client_that_went_meanwhile_is_not_merged(merged, dana, john, jon, harbor, gone):
    third = ClientFactory(organization=harbor)
    seen = previewed(third, jon, dana).digest
    if gone == "merged":
        merged(john, jon)
    else:
        jon.mark_deleted(by=dana)
    with pytest.raises(Refused, match="merged or deleted in the meantime"):
        merge(survivor=third.pk, gone=jon.pk, choices=Choices(seen), by=dana)


def test_deleted_rows_move_and_are_counted(merged, dana, john, jon):
    alert = AlertFactory(client=jon)
    alert.mark_deleted(by=dana, at=timezone.now() - timedelta(days=1))
    (part,) = [one for one in previewed(john, jon, dana).parts if one.label == "Alerts"]
    assert (part.moving, part.deleted, part.present) == (1, 1, 0)
    merged(john, jon)
    assert type(alert).with_deleted.get().client == john


def test_officer_without_cas_access_learns_nothing_of_document_checks(dana, harbor, john, jon):
    from tests.clients.merge.rows import document_check

    document_check(jon)
    labels = [one.label for one in previewed(john, jon, dana).parts]
    assert "Document checks" not in labels
    harbor.is_cas = True
    harbor.save()
    del dana.access
    assert "Document checks" in [one.label for one in previewed(john, jon, dana).parts]


def test_preview_takes_few_queries(dana, django_assert_max_num_queries, john, jon):
    MembershipFactory(user=dana)
    preview = previewed(john, jon, dana)
    with django_assert_max_num_queries(8):
        shown = [preview.parts, preview.conflicts, preview.digest, preview.former_names]
    assert len(shown) == 4


def test_reports_of_a_merge_are_never_deleted(merged, john, jon):
    report = DuplicateReportFactory(client_1=jon, client_2=john, organization=john.organization)
    merged(john, jon)
    assert DuplicateReport.objects.filter(pk=report.pk).exists()
