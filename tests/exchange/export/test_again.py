"""What was exported here comes in again as it is."""

import pytest

from enrollments.models import Enrollment
from exchange.export.run import run
from exchange.imports.run import import_files
from tests.agencies.factories import ProjectCoCFactory
from tests.enrollments.factories import DisabilityFactory, EnrollmentFactory
from tests.factories import UserFactory


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
