"""In a step with several people, the person whom a question is about stays in sight."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.plugins.look import DESK, PHONE, resize

# The name is what one sees and touches at its own place: no bar lies over it.
IS_ON_TOP = """(heading) => {
    const { left, top, bottom } = heading.getBoundingClientRect();
    return heading.contains(document.elementFromPoint(left + 30, (top + bottom) / 2));
}"""
END = """(section) => {
    window.scrollTo(0, section.getBoundingClientRect().bottom + window.scrollY - 400);
    return window.scrollY;
}"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_name_stays_under_the_bars_while_the_questions_scroll(
    page, at_desk, alice, harbor, john, picture, size
):
    mary = ClientFactory(
        organization=harbor, created_by=alice, first_name="Mary", dob=date(1980, 5, 1)
    )
    head = EnrollmentFactory(client=john, created_by=alice)
    EnrollmentFactory(
        client=mary,
        household=head.household,
        project=head.project,
        relationship_to_hoh=3,
        created_by=alice,
    )
    at_desk(alice).goto(f"{head.get_absolute_url()}begin/update/barriers/")
    resize(page, size)
    for name in ("John Smith", mary.display_name):
        section = page.get_by_role("region", name=name)
        heading = section.get_by_role("heading", name=name)
        assert section.bounding_box()["height"] > 400, "or nothing scrolls away"
        assert section.evaluate(END) > 0
        expect(heading).to_be_in_viewport()
        assert heading.evaluate(IS_ON_TOP)
        picture(f"{name}-{size['width']}")
