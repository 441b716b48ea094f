"""The family of three of the intake's tests, a text to sign, and a seal."""

import re

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.finish import finish
from enrollments.models import IntakeDraft
from tests.consent.factories import published
from tests.enrollments.intake.conftest import (  # noqa: F401 - fixtures
    Walk,
    alice,
    ann,
    ben,
    cal,
    draft,
    harbor,
    lees,
    lees_once,
    project,
    today,
    walk,
)
from tests.enrollments.intake.test_merged_people import merged  # noqa: F401 - a fixture

STEP = Step.RELEASE


@pytest.fixture(autouse=True)
def always(seal):
    pass


@pytest.fixture
def text(alice):  # noqa: F811 - the fixture
    return published(by=alice)


class Signers:
    """The step of a walk: its groups, and signing in it."""

    def __init__(self, of_draft: Walk):
        self.walk = of_draft

    @property
    def groups(self) -> list[list[str]]:
        """The first names of those who answer together."""
        groups = self.walk.see(STEP).context["groups"]
        return [[one.client.first_name for one in group.group.people] for group in groups]

    def url(self, client, tail="") -> str:
        return f"/intake/{self.walk.draft.pk}/release/{client.pk}/{tail}"

    def sign(self, client, **typed):
        """Sign with a typed name, or as `typed` says."""
        page = self.walk.browser.get(self.url(client)).content.decode()
        asked_for = re.search(r'name="asked_for" value="([^"]+)"', page)[1]
        data = {"asked_for": asked_for, "typed_name": "Ann Lee", "agrees": "on"} | typed
        return self.walk.browser.post(self.url(client), data)

    def summary(self) -> dict[str, str]:
        """What Review says of each member."""
        summaries = self.walk.see(Step.REVIEW).context["summaries"]
        return {who: rows[0][1] for who, rows in summaries[STEP]}

    def finish(self, by) -> IntakeDraft:
        finish(draft=self.walk.fresh(), by=by)
        return self.walk.fresh()


@pytest.fixture
def signers(walk):  # noqa: F811 - the fixture
    return Signers(walk)
