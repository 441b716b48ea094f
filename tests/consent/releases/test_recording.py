"""A release is recorded for several members at once: who signs for whom, and what is refused."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Release
from consent.actions import (
    IS_OWN,
    NO_GUARDIAN,
    NO_WITNESS,
    NOBODY,
    ONE_ADULT,
    REVOKED_LATER,
    record_release,
    revoke,
)
from consent.minors import is_minor, last_day_as_minor
from records.models import Visibility
from tests.consent.conftest import TODAY
from tests.factories import ClientFactory, OrganizationFactory, UserFactory

Kind = Release.Kind
HASH = "a" * 64


def refusal(clients, answer, by):
    with pytest.raises(ValidationError) as refused:
        record_release(clients=clients, answer=answer, by=by)
    assert not Release.objects.exists()
    return refused.value.message_dict


def test_each_member_has_a_release_of_the_same_moment(family, answer, alice, bob, harbor):
    rows = record_release(clients=family, answer=answer(), by=alice)
    assert [row.client for row in rows] == family
    assert {row.date_created for row in rows} == {rows[0].date_created}
    for row in rows:
        assert (row.organization, row.created_by, row.witness) == (harbor, alice, bob)
        assert (row.begins_on, row.covers, row.state) == (TODAY, None, Release.State.IN_FORCE)


def test_guardian_answers_for_minors_alone_until_the_day_before_they_are_18(
    family, jimmy, answer, alice
):
    rows = record_release(clients=family, answer=answer(), by=alice)
    by_client = {row.client: row for row in rows}
    minors = by_client.pop(jimmy)
    assert (minors.signed_by, minors.guardian_name) == ("guardian", "John Smith")
    assert minors.ends_on == date(2028, 5, 5)
    for row in by_client.values():
        assert (row.signed_by, row.guardian_name, row.ends_on) == ("client", "", None)


def test_minors_release_ends_earlier_where_that_was_agreed(jimmy, answer, alice):
    end = TODAY + timedelta(days=90)
    (row,) = record_release(clients=[jimmy], answer=answer(ends_on=end), by=alice)
    assert row.ends_on == end


@pytest.mark.parametrize(
    ("dob", "on", "minor"),
    [
        (date(2008, 3, 2), TODAY, False),  # 18 today
        (date(2008, 3, 3), TODAY, True),  # tomorrow
        (date(2008, 2, 29), date(2026, 2, 28), True),  # on March 1 without a February 29
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (None, TODAY, False),
    ],
)
def test_who_is_a_minor(dob, on, minor):
    assert is_minor(Client(dob=dob), on) is minor


@pytest.mark.parametrize(
    ("dob", "last"),
    [
        (date(2010, 5, 6), date(2028, 5, 5)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (None, None),
    ],
)
def test_last_day_as_a_minor(dob, last):
    assert last_day_as_minor(Client(dob=dob)) == last


def test_nobody_is_nobody(answer, alice):
    assert refusal([], answer(), alice) == {"members": [NOBODY]}


def test_minors_need_a_guardian(jimmy, answer, alice):
    refused = refusal([jimmy], answer(guardian_name=""), alice)
    assert refused == {"guardian_name": [NO_GUARDIAN]}


@pytest.mark.parametrize("kind", [Kind.SIGNED, Kind.TYPED])
def test_one_signature_is_of_one_adult(family, answer, alice, kind):
    signed = answer(kind=kind, witness=None, text_hash=HASH)
    assert refusal(family, signed, alice) == {"members": [ONE_ADULT]}
    rows = record_release(clients=[family[0], family[2]], answer=signed, by=alice)
    assert [row.signed_by for row in rows] == ["client", "guardian"]
    assert {row.witness for row in rows} == {alice}


def test_word_of_mouth_needs_a_second_user_of_the_organization(john, answer, alice, bob, charlie):
    for witness in (None, alice, charlie):
        assert refusal([john], answer(witness=witness), alice) == {"witness": [NO_WITNESS]}
    bob.is_active = False
    assert refusal([john], answer(witness=bob), alice) == {"witness": [NO_WITNESS]}


def test_administrator_who_is_no_member_is_no_witness(john, answer, alice):
    witness = UserFactory(is_superuser=True)
    assert refusal([john], answer(witness=witness), alice) == {"witness": [NO_WITNESS]}


@pytest.mark.parametrize(("days", "is_taken"), [(1, False), (0, True)])
def test_answer_of_before_a_revocation_counts_no_more(
    john, answer, released, alice, days, is_taken
):
    revoke(releases=[released], reason=Release.Reason.CLIENT, by=alice)
    earlier = answer(answered_on=TODAY - timedelta(days=days))
    if is_taken:
        record_release(clients=[john], answer=earlier, by=alice)
    else:
        with pytest.raises(ValidationError) as refused:
            record_release(clients=[john], answer=earlier, by=alice)
        assert refused.value.message_dict == {"answered_on": [REVOKED_LATER]}
    assert Release.objects.in_force_on(TODAY).exists() is is_taken


def test_revocation_for_one_organization_bars_nothing_for_another(john, answer, alice, bridge):
    (row,) = record_release(clients=[john], answer=answer(covers=bridge), by=alice)
    revoke(releases=[row], reason=Release.Reason.CLIENT, by=alice)
    other = answer(covers=OrganizationFactory(), answered_on=TODAY - timedelta(days=1))
    assert record_release(clients=[john], answer=other, by=alice)


def test_organization_that_asks_is_not_released_to(john, answer, alice, harbor):
    assert refusal([john], answer(covers=harbor), alice) == {"covers": [IS_OWN]}


def test_end_before_the_beginning_is_refused_by_the_database(john, answer, alice):
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(ValidationError, match="cannot end before it begins"):
        record_release(clients=[john], answer=answer(ends_on=yesterday), by=alice)


def test_signature_needs_the_hash_of_its_text(john, answer, alice):
    with pytest.raises(ValidationError, match="What is signed here has a text"):
        record_release(clients=[john], answer=answer(kind=Kind.TYPED), by=alice)


def test_nothing_is_recorded_where_one_member_is_out_of_sight(john, answer, alice, bridge):
    hidden = ClientFactory(organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    with pytest.raises(PermissionDenied):
        record_release(clients=[john, hidden], answer=answer(), by=alice)
    assert not Release.objects.exists()


def test_nobody_records_for_another_organization(john, answer, charlie):
    with pytest.raises(PermissionDenied):
        record_release(clients=[john], answer=answer(), by=charlie)


def test_user_of_two_organizations_is_witnessed_in_the_one_that_asks(john, answer, harbor, bridge):
    both, elsewhere = UserFactory(at=[harbor, bridge]), UserFactory(at=[bridge])
    (row,) = record_release(
        clients=[john], answer=answer(organization=bridge, witness=elsewhere), by=both
    )
    assert row.organization == bridge


def test_refusal_ends_what_was_released_before(john, answer, released, alice):
    (row,) = record_release(
        clients=[john], answer=answer(kind=Kind.REFUSED, witness=None), by=alice
    )
    released.refresh_from_db()
    assert released.state == Release.State.REPLACED
    assert (row.state, row.ends_on) == (Release.State.REFUSED, None)


def test_refusal_of_a_minor_counts_beyond_childhood_until_another_answer(jimmy, answer, alice):
    refused = answer(kind=Kind.REFUSED, witness=None)
    (row,) = record_release(clients=[jimmy], answer=refused, by=alice)
    assert (row.signed_by, row.ends_on) == ("guardian", None)


def test_member_who_was_merged_away_meanwhile_is_not_written_about(john, jane, answer, alice):
    Client.objects.filter(pk=jane.pk).update(merged_into=john)
    with pytest.raises(PermissionDenied):
        record_release(clients=[john, jane], answer=answer(), by=alice)


def test_household_is_locked_in_one_statement_before_anything_is_written(family, answer, alice):
    with CaptureQueriesContext(connection) as captured:
        record_release(clients=family, answer=answer(), by=alice)
    written = [one["sql"] for one in captured]
    locks = [i for i, sql in enumerate(written) if "FOR NO KEY UPDATE" in sql]
    inserts = [i for i, sql in enumerate(written) if 'INSERT INTO "clients_release"' in sql]
    assert len(inserts) == len(family)
    assert locks[0] < inserts[0]
    numbers = re.findall(r"\d+", written[locks[0]])
    assert {str(one.pk) for one in family} <= set(numbers)


@pytest.mark.parametrize(
    ("dob", "end", "state", "on"),
    [
        (date(2008, 3, 2), None, "ended", TODAY),  # 18 today
        (date(2008, 3, 3), None, "in_force", date(2026, 3, 3)),
        (date(2008, 2, 29), None, "ended", date(2026, 3, 1)),
        (date(2008, 3, 3), TODAY, "in_force", None),  # ends before it in any case
        (date(2012, 1, 1), None, "in_force", None),  # the end stays as it was agreed
        (None, None, "in_force", None),
    ],
)
def test_guardians_release_counts_to_the_birthday_that_there_is_now(
    jimmy, answer, alice, dob, end, state, on
):
    (row,) = record_release(clients=[jimmy], answer=answer(ends_on=end), by=alice)
    jimmy.dob, jimmy.dob_data_quality = dob, 1 if dob else 99
    jimmy.save(update_fields=["dob", "dob_data_quality"])
    row = Release.objects.get(pk=row.pk)
    assert (row.state.value, row.replaced_on) == (state, on)
    assert Release.objects.in_force_on(TODAY).filter(pk=row.pk).exists() is (state == "in_force")
    jimmy.dob, jimmy.dob_data_quality = date(2010, 5, 6), 1
    jimmy.save(update_fields=["dob", "dob_data_quality"])
    assert Release.objects.get(pk=row.pk).replaced_on is None


def test_refusal_of_a_guardian_outlives_a_corrected_birthday(jimmy, answer, alice):
    (row,) = record_release(
        clients=[jimmy], answer=answer(kind=Kind.REFUSED, witness=None), by=alice
    )
    Client.objects.filter(pk=jimmy.pk).update(dob=date(2000, 1, 1))
    assert Release.objects.get(pk=row.pk).state == Release.State.REFUSED
