"""Rows of which only one client's can be kept: an officer says whose, and the other is kept."""

from datetime import date

import pytest
from django.db import connection

from clients.merge.execute import Choices, Refused, merge
from clients.models import Client
from enrollments.models import Enrollment
from files.models import ClientPhoto
from tests.clients.merge.conftest import previewed
from tests.clients.merge.rows import dump
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ProjectFactory
from tests.files.factories import photo_of


@pytest.fixture
def shelter(harbor):
    return ProjectFactory(organization=harbor, project_name="Harbor Shelter")


@pytest.fixture
def enrollments(shelter, john, jon):
    """A function that enrolls both in the shelter, in households of their own or in one."""

    def enroll(first, second, **more):
        dates = [
            dict(zip(("entry_date", "exit_date"), days, strict=True)) for days in (first, second)
        ]
        return tuple(
            EnrollmentFactory(client=client, project=shelter, **when, **more)
            for client, when in zip((john, jon), dates, strict=True)
        )

    return enroll


JANUARY, MARCH = (date(2026, 1, 5), date(2026, 2, 1)), (date(2026, 3, 1), None)
OPEN, SINCE_FEBRUARY = (date(2026, 1, 5), None), (date(2026, 2, 1), None)
ONE_DAY = (date(2026, 1, 20), date(2026, 1, 20))
UNTIL_THAT_DAY = (date(2026, 1, 5), date(2026, 1, 20))


def questions(preview):
    return [conflict.question for conflict in preview.conflicts]


def present():
    return set(Enrollment.objects.values_list("pk", flat=True))


def test_overlapping_enrollments_are_asked_about(dana, john, jon, enrollments):
    one, other = enrollments(OPEN, SINCE_FEBRUARY)
    (conflict,) = previewed(john, jon, dana).conflicts
    assert conflict.question == "The enrollments of both in Harbor Shelter overlap. Whose are kept?"
    assert {option.client_id: option.rows for option in conflict.options} == {
        john.pk: (one.pk,),
        jon.pk: (other.pk,),
    }
    assert [option.label for option in conflict.options] == [
        "Harbor Shelter, 01/05/2026, open; Self (head of household), alone",
        "Harbor Shelter, 02/01/2026, open; Self (head of household), alone",
    ]


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        (OPEN, SINCE_FEBRUARY, True),
        (SINCE_FEBRUARY, OPEN, True),
        (OPEN, JANUARY, True),
        (JANUARY, SINCE_FEBRUARY, False),  # an enrollment is over on the day of its exit
        (JANUARY, MARCH, False),
        (OPEN, ONE_DAY, True),
        (ONE_DAY, UNTIL_THAT_DAY, False),
    ],
)
def test_what_the_database_refuses_is_asked_and_nothing_else(
    merged, dana, john, jon, enrollments, first, second, asked
):
    enrollments(first, second)
    assert bool(questions(previewed(john, jon, dana))) is asked
    merged(john, jon)
    assert john.enrollments.count() == (1 if asked else 2)
    assert Enrollment.with_deleted.filter(client=john).count() == 2


def test_enrollments_in_two_projects_are_not_asked_about(merged, dana, john, jon):
    EnrollmentFactory(client=john)
    EnrollmentFactory(client=jon)
    assert not previewed(john, jon, dana).conflicts


def test_deleted_enrollment_is_in_nobodys_way(merged, dana, john, jon, enrollments):
    _, other = enrollments(OPEN, OPEN)
    other.mark_deleted(by=dana)
    assert not previewed(john, jon, dana).conflicts
    merged(john, jon)
    assert Enrollment.with_deleted.filter(client=john).count() == 2


@pytest.mark.parametrize("second", [SINCE_FEBRUARY, MARCH])
def test_both_in_one_household_are_asked_about(
    merged, dana, john, jon, shelter, enrollments, second
):
    """At once, or one after the other."""
    one, other = enrollments(
        JANUARY if second == MARCH else OPEN,
        second,
        household=EnrollmentFactory(project=shelter).household,
        relationship_to_hoh=3,
    )
    assert questions(previewed(john, jon, dana)) == [
        "The enrollments of both in Harbor Shelter are in one household. Whose are kept?"
    ]
    merged(john, jon, keep=jon.pk)
    assert other.pk in present()
    assert one.pk not in present()


@pytest.mark.parametrize("kept", ["john", "jon"])
def test_enrollment_that_is_not_kept_is_deleted_with_all_that_hangs_on_it(
    request, merged, undone, dana, john, jon, enrollments, kept
):
    rows = dict(zip(("john", "jon"), enrollments(OPEN, SINCE_FEBRUARY), strict=True))
    answers = [IncomeBenefitsFactory(enrollment=row) for row in rows.values()]
    assignment = CaseAssignmentFactory(enrollment=rows["jon"], begins_on=date(2026, 2, 1))
    before = {model: dump(model) for model in (Enrollment, Client, type(answers[0]))}
    done = merged(john, jon, keep=request.getfixturevalue(kept).pk)
    assert present() == {rows[kept].pk}
    aside = Enrollment.with_deleted.deleted().get()
    assert (aside.client, aside.deleted_by, aside.date_deleted) == (john, dana, done.at)
    assert john.incomebenefits_rows.count() == 2
    assignment.refresh_from_db()
    assert assignment.client == john
    undone(done)
    assert {model: dump(model) for model in before} == before


def test_enrollments_that_stand_in_each_others_way_are_one_question(
    merged, dana, john, jon, shelter
):
    """One long enrollment of one against two short ones of the other."""
    long = EnrollmentFactory(client=john, project=shelter, entry_date=date(2026, 1, 1))
    short = [
        EnrollmentFactory(
            client=jon,
            project=shelter,
            entry_date=date(2026, month, 1),
            exit_date=date(2026, month, 9),
        )
        for month in (2, 3)
    ]
    (conflict,) = previewed(john, jon, dana).conflicts
    assert conflict.soft_deleted(john.pk) == [row.pk for row in short]
    merged(john, jon, keep=jon.pk)
    assert present() == {row.pk for row in short}
    assert Enrollment.with_deleted.get(pk=long.pk).date_deleted


def test_nothing_is_soft_deleted_without_being_asked(dana, john, jon, enrollments):
    enrollments(OPEN, SINCE_FEBRUARY)
    seen = previewed(john, jon, dana).digest
    for kept in ({}, {"enrollment_0": john.pk}):
        with pytest.raises(Refused, match="Whose are kept"):
            merge(survivor=john.pk, gone=jon.pk, choices=Choices(seen, {}, kept), by=dana)
    assert len(present()) == 2
    assert Client.objects.get(pk=jon.pk).merged_into is None


def test_enrollment_that_overlaps_since_is_asked_about_first(dana, john, jon, enrollments):
    seen = previewed(john, jon, dana).digest
    enrollments(OPEN, OPEN)
    with pytest.raises(Refused, match="These records have changed"):
        merge(survivor=john.pk, gone=jon.pk, choices=Choices(seen), by=dana)


@pytest.mark.parametrize("kept", ["john", "jon"])
def test_one_of_two_photos_is_shown_and_the_other_kept(
    request, merged, undone, dana, john, jon, kept
):
    photos = {"john": photo_of(john), "jon": photo_of(jon)}
    (conflict,) = previewed(john, jon, dana).conflicts
    assert [option.picture for option in conflict.options] == [
        f"/clients/{client.pk}/photo/{photo.token}/"
        for client, photo in ((john, photos["john"]), (jon, photos["jon"]))
    ]
    before = dump(ClientPhoto), dump(Client)
    done = merged(john, jon, keep=request.getfixturevalue(kept).pk)
    assert Client.objects.get(pk=john.pk).photo_token == photos[kept].token
    assert list(john.clientphotos.all()) == [photos[kept]]
    assert ClientPhoto.with_deleted.filter(client=john).count() == 2
    undone(done)
    assert (dump(ClientPhoto), dump(Client)) == before


def test_only_photo_follows_without_a_question(merged, undone, dana, john, jon):
    photo = photo_of(jon)
    assert not previewed(john, jon, dana).conflicts
    done = merged(john, jon)
    assert Client.objects.get(pk=john.pk).photo_token == photo.token
    undone(done)
    assert Client.objects.get(pk=john.pk).photo_token == ""
    assert Client.objects.get(pk=jon.pk).photo_token == photo.token


def test_photo_that_was_replaced_since_is_shown_by_nobody_any_more(
    merged, undone, john, jon, alice
):
    photo_of(jon)
    done = merged(john, jon)
    newer = photo_of(Client.objects.get(pk=john.pk), by=alice)
    undone(done)
    assert Client.objects.get(pk=john.pk).photo_token == newer.token
    assert Client.objects.get(pk=jon.pk).photo_token == ""


@pytest.fixture
def family(shelter, john, jon):
    """John is the head of a household in which he is a second time, as his own partner."""
    head = EnrollmentFactory(
        client=john, project=shelter, enrollment_coc="TX-600", move_in_date=date(2026, 1, 9)
    )
    others = {"project": shelter, "household": head.household, "entry_date": date(2026, 1, 5)}
    partner = EnrollmentFactory(client=jon, relationship_to_hoh=3, **others)
    child = EnrollmentFactory(relationship_to_hoh=2, **others)
    return head, partner, child


def test_two_members_of_one_household_are_told_apart_by_their_relationship(dana, john, jon, family):
    (conflict,) = previewed(john, jon, dana).conflicts
    assert [option.label for option in conflict.options] == [
        "Harbor Shelter, 01/05/2026, open; Self (head of household), household of 3",
        "Harbor Shelter, 01/05/2026, open; Spouse or partner, household of 3",
    ]


def test_member_who_is_kept_for_the_head_is_the_head(merged, undone, john, jon, family):
    _, partner, child = family
    before = dump(Enrollment)
    done = merged(john, jon, keep=jon.pk)
    assert present() == {partner.pk, child.pk}
    partner.refresh_from_db()
    assert (partner.is_head, partner.client_id) == (True, john.pk)
    assert (partner.enrollment_coc, partner.move_in_date) == ("TX-600", date(2026, 1, 9))
    connection.check_constraints()
    undone(done)
    connection.check_constraints()
    assert dump(Enrollment) == before


def test_head_who_is_kept_stays_the_head(merged, john, jon, family):
    head, _, child = family
    merged(john, jon, keep=john.pk)
    assert present() == {head.pk, child.pk}
    connection.check_constraints()


def test_head_of_others_is_not_soft_deleted(merged, undone, john, jon, shelter, family):
    """Who is kept is in another household: the child would be left without a head."""
    _, partner, _ = family
    partner.delete()
    alone = EnrollmentFactory(client=jon, project=shelter)
    with pytest.raises(Refused, match="A household needs a head"):
        merged(john, jon, keep=jon.pk)
    assert alone.pk in present()
    assert Client.objects.get(pk=jon.pk).merged_into is None
