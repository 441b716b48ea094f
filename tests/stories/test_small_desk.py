"""A tablet, a desk of 1024 pixels, and one of 1280 that is magnified: a list fits."""

import pytest

from tests.cas.factories import AssessmentFactory, AssessmentResultFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ProjectFactory
from tests.plugins.look import facts_at_rest, resize

WIDTHS = (640, 834, 960, 1024, 1152, 1279)


@pytest.fixture
def lists(john, mary, alice, harbor) -> list[str]:
    """The lists with the most columns, each with a row."""
    project = ProjectFactory(
        organization=harbor, project_name="Harbor Rapid Re-Housing for Families"
    )
    enrollment = EnrollmentFactory(client=john, project=project, created_by=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, created_by=alice)
    assessment = AssessmentFactory(enrollment=enrollment, created_by=alice)
    AssessmentResultFactory(assessment=assessment, assessment_result="Permanent supportive housing")
    own = john.get_absolute_url()
    pages = ("interested-others/", "enrollments/", "services/", "cas/assessments/", "seen-by/")
    return ["/caseload/", "/admin/caseload/", *(f"{own}{page}" for page in pages)]


def test_no_list_scrolls_the_page_sideways(page, at_desk, dana, lists):
    found = []
    for address in lists:
        assert at_desk(dana).goto(address).ok, address
        for width in WIDTHS:
            resize(page, {"width": width, "height": 768})
            fits, _, _ = facts_at_rest(page)
            if not fits:
                found.append(f"{address} at {width}")
    assert found == []
