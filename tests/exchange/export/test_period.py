"""Which rows belong to a period: HUD's rules, at their edges."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from casenotes.models import ServiceType
from enrollments.models import Disability
from tests.casenotes.factories import ServiceFactory
from tests.enrollments.factories import (
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EnrollmentFactory,
    IncomeBenefitsFactory,
)
from tests.exchange.export.conftest import keys
from tests.factories import ClientFactory, ProjectFactory

START, END = date(2025, 10, 1), date(2026, 9, 30)
BEFORE, AFTER = date(2025, 9, 30), date(2026, 10, 1)
PERIOD = {"start": START, "end": END}


@pytest.mark.parametrize(
    ("entry", "exit_", "is_in", "has_exit"),
    [
        (date(2020, 1, 1), None, True, False),
        (date(2020, 1, 1), BEFORE, False, False),
        (date(2020, 1, 1), START, True, True),
        (START, START, True, True),
        (START, END, True, True),
        (END, END, True, True),
        (END, None, True, False),
        (END, AFTER, True, False),
        (AFTER, None, False, False),
        (AFTER, AFTER, False, False),
        (BEFORE, AFTER, True, False),
    ],
)
def test_enrollment_belongs_to_a_period_on_one_of_whose_days_it_lasted(
    entry, exit_, is_in, has_exit, exported, db
):
    row = EnrollmentFactory(entry_date=entry, exit_date=exit_, destination=exit_ and 410)
    files = exported(**PERIOD)
    assert keys(files["Enrollment"], "EnrollmentID") == ({row.enrollment_id} if is_in else set())
    assert keys(files["Client"], "PersonalID") == ({row.client.personal_id} if is_in else set())
    assert [one["ExitDate"] for one in files["Exit"]] == ([exit_.isoformat()] if has_exit else [])


@pytest.mark.parametrize(
    ("day", "is_in"), [(date(2019, 1, 1), True), (START, True), (END, True), (AFTER, False)]
)
def test_what_was_recorded_until_the_end_comes_with_an_enrollment(day, is_in, exported, db):
    """Answers of the start are from before the period; what came after it is not of it."""
    enrollment = EnrollmentFactory(entry_date=date(2018, 1, 1))
    IncomeBenefitsFactory(enrollment=enrollment, information_date=day)
    DisabilityFactory(enrollment=enrollment, information_date=day)
    CurrentLivingSituationFactory(enrollment=enrollment, information_date=day)
    service = ServiceFactory(enrollment=enrollment, date=day)
    ServiceType.objects.filter(pk=service.service_type_id).update(
        record_type=200, type_provided=200
    )
    files = exported(**PERIOD)
    for name in ("IncomeBenefits", "Disabilities", "CurrentLivingSituation", "Services"):
        assert len(files[name]) == int(is_in), name


def test_rows_of_an_enrollment_outside_of_the_period_are_not_of_it(exported, db):
    enrollment = EnrollmentFactory(entry_date=START, exit_date=BEFORE.replace(month=12))
    old = EnrollmentFactory(
        entry_date=date(2020, 1, 1), exit_date=date(2020, 2, 1), client=enrollment.client
    )
    IncomeBenefitsFactory(enrollment=old, information_date=date(2020, 1, 1))
    kept = IncomeBenefitsFactory(enrollment=enrollment, information_date=START)
    files = exported(**PERIOD)
    assert keys(files["IncomeBenefits"], "IncomeBenefitsID") == {kept.key}
    assert len(files["Client"]) == 1


def test_one_day_alone_is_enough(exported, db):
    row = EnrollmentFactory(entry_date=END)
    EnrollmentFactory(entry_date=AFTER)
    assert keys(exported(end=END)["Enrollment"], "EnrollmentID") == {row.enrollment_id}
    assert len(exported(start=AFTER)["Enrollment"]) == 2


def test_export_says_its_period(exported, db):
    EnrollmentFactory(entry_date=date(2024, 2, 29))
    (row,) = exported(**PERIOD)["Export"]
    assert (row["ExportStartDate"], row["ExportEndDate"]) == ("2025-10-01", "2026-09-30")
    (row,) = exported()["Export"]
    today = timezone.localdate().isoformat()
    assert (row["ExportStartDate"], row["ExportEndDate"]) == ("2024-02-29", today)


def test_set_up_that_was_in_force_on_a_day_of_the_period_is_of_it(exported, db):
    from agencies.models import Funder

    project = ProjectFactory()
    days = [
        (date(2020, 1, 1), None),
        (date(2020, 1, 1), START),
        (END, None),
        (date(2020, 1, 1), BEFORE),
        (AFTER, None),
    ]
    funders = [
        Funder.objects.create(project=project, funder=1, start_date=first, end_date=last)
        for first, last in days
    ]
    files = exported(**PERIOD)
    assert keys(files["Funder"], "FunderID") == {one.funder_id for one in funders[:3]}
    assert len(exported()["Funder"]) == 5
    assert keys(files["Project"], "ProjectID") == {project.project_id}


class TestDeletedRows:
    MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.get_default_timezone())

    def delete(self, row):
        row.mark_deleted(by=row.created_by, at=self.MOMENT)

    def test_are_not_in_a_reconciled_export(self, exported, db):
        gone, kept = EnrollmentFactory(), EnrollmentFactory()
        answers = DisabilityFactory(enrollment=kept)
        self.delete(gone)
        self.delete(answers)
        files = exported()
        assert keys(files["Enrollment"], "EnrollmentID") == {kept.enrollment_id}
        assert not files["Disabilities"]

    def test_take_what_hangs_on_them_along(self, exported, db):
        """Neither a row of a deleted enrollment nor one of a deleted client is an orphan."""
        answers = DisabilityFactory()
        self.delete(answers.enrollment.client)
        files = exported()
        assert not any(files[name] for name in ("Client", "Enrollment", "Disabilities"))

    def test_are_in_a_complete_export_with_the_day(self, exported, db):
        answers = DisabilityFactory()
        for row in (answers, answers.enrollment, answers.enrollment.client):
            self.delete(row)
        assert not Disability.objects.exists()
        files = exported(is_complete=True)
        for name in ("Client", "Enrollment", "Disabilities"):
            assert keys(files[name], "DateDeleted") == {"2026-01-02 03:04:05"}, name


def test_clients_without_an_enrollment_are_in_the_export_of_everything_alone(exported, harbor):
    client = ClientFactory(organization=harbor)
    assert keys(exported()["Client"], "PersonalID") == {client.personal_id}
    assert not exported(start=START)["Client"]
    assert not exported(organizations=[harbor.pk])["Client"]


def test_a_client_who_was_merged_is_the_one_who_remains(exported, db):
    survivor = ClientFactory()
    EnrollmentFactory(client=survivor, organization=survivor.organization)
    ClientFactory(organization=survivor.organization, merged_into=survivor)
    for complete in (False, True):
        rows = exported(is_complete=complete)["Client"]
        assert keys(rows, "PersonalID") == {survivor.personal_id}


def test_two_heads_of_an_imported_household_are_both_exported(exported, db):
    first = EnrollmentFactory()
    second = EnrollmentFactory.build(
        household=first.household,
        project=first.project,
        client=ClientFactory(organization=first.organization),
        organization=first.organization,
        created_by=first.created_by,
        is_exempt=True,
    )
    second.save()
    rows = exported()["Enrollment"]
    assert [row["RelationshipToHoH"] for row in rows] == ["1", "1"]
    assert keys(rows, "HouseholdID") == {first.household.household_id}
