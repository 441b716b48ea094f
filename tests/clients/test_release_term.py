"""What a guardian signed ends on the day before the 18th birthday, as it is now (13.1).

The end that was written stays as it was signed; what pages, notices and reminders go by is the real
one, in SQL and of a row.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models import OuterRef
from django.urls import reverse

from cas.pending import ended_releases, ending_releases
from clients.models import Release
from clients.models.latest_counts import TURNS_18_SQL
from clients.models.release_term import LAST_DAY
from clients.release_answers import longest
from clients.sharing import Part, why
from clients.sharing_reasons import Reason
from consent.standing import standings
from hud.rules.dob import turns_18
from tests.consent.factories import ReleaseFactory
from tests.enrollments.factories import CaseAssignmentFactory
from tests.factories import ClientFactory
from tests.multiplied import Multiplied

DAY = timedelta(days=1)
TODAY = date(2026, 3, 10)
WRITTEN = date(2027, 2, 1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY} 12:00-05:00", tick=False):
        yield


@pytest.fixture
def corrected(harbor, alice):
    """Of a client who was thought to turn 18 next year, and does so in two weeks."""
    client = ClientFactory(organization=harbor, created_by=alice, dob=date(2009, 2, 2))
    row = ReleaseFactory(
        client=client, guardian=True, answered_on=TODAY, begins_on=TODAY, ends_on=WRITTEN
    )
    CaseAssignmentFactory(enrollment__client=client, case_manager=alice)
    client.dob = date(2008, 3, 24)
    client.save()
    return Release.objects.get(pk=row.pk)


@pytest.mark.parametrize(
    ("dob", "written", "values", "last_day"),
    [
        (date(2008, 3, 24), WRITTEN, {}, date(2026, 3, 23)),
        (date(2008, 3, 24), date(2026, 3, 20), {}, date(2026, 3, 20)),
        (date(2008, 3, 24), None, {}, date(2026, 3, 23)),
        (date(2008, 2, 29), WRITTEN, {}, date(2026, 2, 28)),
        (None, WRITTEN, {}, WRITTEN),
        (None, None, {}, None),
        (date(2008, 3, 24), WRITTEN, {"signed_by": "client", "guardian_name": ""}, WRITTEN),
        (date(2008, 3, 24), None, {"kind": "refused"}, None),
    ],
)
def test_last_day_in_sql_is_that_of_the_row(harbor, dob, written, values, last_day):
    client = ClientFactory(organization=harbor, dob=dob, dob_data_quality=1 if dob else 99)
    day = date(2026, 2, 1)
    options = {"answered_on": day, "begins_on": day, "ends_on": written} | values
    row = ReleaseFactory(client=client, guardian=True, **options)
    assert row.last_day == last_day
    assert Release.objects.values_list(LAST_DAY, flat=True).get() == last_day


@pytest.mark.django_db
def test_18th_birthday_is_the_same_in_sql_and_in_python():
    """Of every day of 1896 to 2012, the leap days of 1900 (which was none) and 2000 among them."""
    days = [date(1896, 1, 1) + DAY * n for n in range(366 * 116)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT dob, {TURNS_18_SQL.format(dob='dob')} FROM unnest(%s) dob", [days])
        assert all(found == turns_18(dob) for dob, found in cursor.fetchall())
    assert turns_18(date(2008, 2, 29)) == date(2026, 3, 1)


def test_end_that_a_corrected_date_of_birth_brings_is_noticed_in_time(corrected):
    end = date(2026, 3, 23)
    assert corrected.ends_on == WRITTEN
    assert corrected.is_cut_short
    assert [row.pk for row in ending_releases(TODAY)] == [corrected.pk]
    assert not ended_releases(end).exists()
    with time_machine.travel(f"{end + DAY} 12:00-05:00", tick=False):
        assert [row.pk for row in ended_releases(end + DAY)] == [corrected.pk]
        assert not ending_releases(end + DAY).exists()
        # The client's own takes its place, and there is nothing to notify of.
        ReleaseFactory(client=corrected.client)
        assert not ended_releases(end + DAY).exists()


@pytest.mark.parametrize("answer", [{}, {"refused": True}])
def test_what_the_client_answers_after_the_birthday_is_an_answer(corrected, answer):
    client = corrected.client
    with time_machine.travel("2026-03-31 12:00-04:00", tick=False):
        assert ended_releases(date(2026, 3, 31)).exists()
        ReleaseFactory(client=client, **answer)
        assert not ended_releases(date(2026, 3, 31)).exists()
        found = type(client).objects.annotate(release=longest(OuterRef("pk"))).get(pk=client.pk)
        own = {"last_day": None, "signed_by": "client"}
        assert found.release == (None if answer else own)


def test_what_a_guardian_signs_after_the_birthday_is_no_answer(corrected):
    day = date(2026, 3, 31)
    with time_machine.travel(f"{day} 12:00-04:00", tick=False):
        ReleaseFactory(client=corrected.client, guardian=True, answered_on=day, begins_on=day)
        assert corrected in ended_releases(day)


def test_nothing_is_noticed_of_one_that_was_replaced(corrected):
    ReleaseFactory(client=corrected.client, answered_on=TODAY, begins_on=TODAY)
    assert not ending_releases(TODAY).exists()


def test_list_card_badge_and_reminders_name_it(portal, alice, corrected):
    client = corrected.client
    browser = portal(alice)
    for page in (
        client.get_absolute_url(),
        reverse("consent:releases", args=[client.pk]),
        reverse("consent:release", args=[client.pk, corrected.pk]),
    ):
        assert "03/23/2026" in browser.get(page).text
    assert "02/01/2027" not in browser.get(reverse("consent:releases", args=[client.pk])).text
    assert standings(alice, [client.pk])[client.pk].label == "Release until 03/23/2026"
    found = type(client).objects.annotate(release=longest(OuterRef("pk"))).get(pk=client.pk).release
    assert found == {"last_day": "2026-03-23", "signed_by": "guardian"}
    dashboard = browser.get(client.get_absolute_url()).text
    assert "Turns 18: own Release of Information" in dashboard


def test_what_is_shared_says_that_it_has_ended(policy, charlie, corrected):
    policy("parts")
    assert why(charlie, corrected.client, Part.RECORDS).reason is Reason.RELEASE
    with time_machine.travel("2026-03-31 12:00-04:00", tick=False):
        found = why(charlie, corrected.client, Part.RECORDS)
        assert (found.reason, found.release) == (Reason.ENDED, corrected)
        ReleaseFactory(client=corrected.client, refused=True)
        assert why(charlie, corrected.client, Part.RECORDS).reason is Reason.REFUSED


def test_what_ends_is_found_by_the_indexes_of_both_ends(corrected):
    Multiplied(5_000).write()
    plan = Release.objects.ending(TODAY, TODAY + DAY * 30).explain()
    assert "release_ending" in plan
    assert "release_cut_short" in plan
    assert "Seq Scan on clients_release" not in plan
