"""What was exported here comes in again as it is."""

from datetime import date

import pytest

from cas.models import Event
from enrollments.models import Enrollment
from exchange.export.run import run
from exchange.imports.run import import_files
from hud.choices.coordinated_entry import EventType
from tests.agencies.factories import ProjectCoCFactory
from tests.cas.factories import AssessmentFactory, AssessmentQuestionFactory, EventFactory
from tests.enrollments.factories import DisabilityFactory, EnrollmentFactory
from tests.factories import OrganizationFactory, UserFactory


@pytest.mark.django_db
def test_what_the_export_filled_in_is_no_change(tmp_path):
    head = EnrollmentFactory(disabling_condition=None)
    ProjectCoCFactory(project=head.project, coc_code="CA-501")
    EnrollmentFactory(
        household=head.household,
        project=head.project,
        organization=head.organization,
        relationship_to_hoh=2,
        disabling_condition=1,
    )
    DisabilityFactory(enrollment=head)
    for _ in run(target=tmp_path / "out"):
        pass
    administrator = UserFactory(is_superuser=True)
    outcome = import_files(source=tmp_path / "out", by=administrator)
    for name, counts in outcome.counts.items():
        assert (counts.new, counts.changed) == (0, 0), name
    assert outcome.counts["Enrollment"].unchanged == 2
    kept = Enrollment.objects.order_by("pk").values_list("enrollment_coc", "disabling_condition")
    assert list(kept) == [("", None), ("", 1)]


@pytest.mark.django_db
def test_exit_without_a_destination_stays_incomplete(tmp_path):
    row = EnrollmentFactory(exit_date=date(2026, 3, 1), destination=None)
    for _ in run(target=tmp_path / "out"):
        pass
    outcome = import_files(source=tmp_path / "out", by=UserFactory(is_superuser=True))
    assert (outcome.counts["Exit"].changed, outcome.counts["Exit"].unchanged) == (0, 1)
    row.refresh_from_db()
    assert (row.destination, row.is_exempt) == (None, False)


@pytest.mark.django_db
@pytest.mark.parametrize("is_restricted", [False, True])
def test_what_others_recorded_for_an_enrollment_comes_in_no_second_time(tmp_path, is_restricted):
    """An officer's own export has their rows too; the files change none of them."""
    enrollment = EnrollmentFactory()
    event = EventFactory(enrollment=enrollment, organization=OrganizationFactory())
    question = AssessmentQuestionFactory(
        assessment=AssessmentFactory(enrollment=enrollment, organization=event.organization),
        organization=event.organization,
    )
    officer = UserFactory(dqo_at=[enrollment.organization])
    for _ in run(target=tmp_path / "out", by=officer):
        pass
    if is_restricted:  # since then: nothing tells that it is there
        Event.objects.update(visibility="own")
    rows = Event.objects.filter(pk=event.pk).values()
    Event.objects.update(event=EventType.FOLLOW_UP)
    before = rows.get()
    options = {"by": officer, "organization": enrollment.organization}
    outcome = import_files(source=tmp_path / "out", **options)
    assert outcome.counts["Event"].new == is_restricted
    assert rows.get() == before
    for name in ("Assessment", "AssessmentQuestions"):
        assert (outcome.counts[name].new, outcome.counts[name].unchanged) == (0, 1), name
    assert type(question).objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_added_to_an_assessment_of_another_organization(tmp_path):
    enrollment = EnrollmentFactory()
    other = OrganizationFactory()
    question = AssessmentQuestionFactory(
        assessment=AssessmentFactory(enrollment=enrollment, organization=other), organization=other
    )
    officer = UserFactory(dqo_at=[enrollment.organization])
    for _ in run(target=tmp_path / "out", by=officer):
        pass
    file = tmp_path / "out" / "AssessmentQuestions.csv"
    header, row = file.read_text().splitlines()
    file.write_text(
        "\n".join((header, row, row.replace(question.assessment_question_id, "made-up")))
    )
    options = {"by": officer, "organization": enrollment.organization}
    counts = import_files(source=tmp_path / "out", **options).counts["AssessmentQuestions"]
    assert (counts.new, counts.unchanged, counts.refused) == (0, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("is_for_all", [False, True])
def test_nobody_of_an_export_counts_as_no_user(tmp_path, is_for_all):
    """The row of `hmis`, whom rows without a user name, is no user who was refused."""
    enrollment = EnrollmentFactory()
    stranger = UserFactory()
    type(enrollment).objects.update(updated_by=stranger)
    officer = UserFactory(dqo_at=[enrollment.organization])
    for _ in run(target=tmp_path / "out", by=officer):
        pass
    assert "hmis" in (tmp_path / "out" / "User.csv").read_text()
    organization = None if is_for_all else enrollment.organization
    outcome = import_files(source=tmp_path / "out", by=officer, organization=organization)
    counts = outcome.report.counts.items()
    named = sum(number for kind, number in counts if (kind.file, kind.rule) == ("User", "scope"))
    assert bool(named) is not is_for_all
    assert outcome.counts["User"].refused == named
