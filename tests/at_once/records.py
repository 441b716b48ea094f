"""What the pairs act on: made once what all share, and cheaply what a pair of actions changes."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from agencies.models import Organization, Project, User
from casenotes.models import CaseNote, ServiceType
from clients.merge.execute import Choices, merge
from clients.models import Client, ClientMerge
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.models import CaseAssignment, Enrollment, Household, IntakeDraft
from tests.casenotes.factories import CaseNoteFactory, ServiceTypeFactory
from tests.clients.merge.conftest import previewed
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.enrollments.intake.conftest import Walk
from tests.enrollments.intake.test_finish import answer_everything
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory

TEMPLATE_ID = 9_000_000_001  # stands for the client in the answers of an intake


class Population:
    """One agency with its people and projects, and an intake that waits to be finished."""

    def __init__(self) -> None:
        self.harbor: Organization = OrganizationFactory(organization_name="Harbor Services")
        self.alice: User = UserFactory(email="alice@harbor.example", at=[self.harbor])
        self.bob: User = UserFactory(email="bob@harbor.example", at=[self.harbor])
        self.dana: User = UserFactory(email="dana@harbor.example", dqo_at=[self.harbor])
        self.shelter, self.left, self.deleted, self.next, self.others = (
            ProjectFactory(organization=self.harbor) for _ in range(5)
        )
        self.service_type: ServiceType = ServiceTypeFactory(organization=self.harbor)
        # A browser for each side: one sends one request at a time.
        self.browsers = [self._log_in(self.alice) for _ in range(3)]
        self.answers = self._intake(self.next)

    @staticmethod
    def _log_in(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    def client(self, **values: Any) -> Client:
        return ClientFactory(organization=self.harbor, created_by=self.alice, **values)

    def _intake(self, project: Project) -> str:
        person = self.client(pk=TEMPLATE_ID)
        draft = start(by=self.alice, organization=self.harbor, client=person)
        walk = Walk(self.browsers[0], draft)
        answer = walk.enroll(project, person)
        assert answer.status_code == 302, answer.context["errors"]
        answer_everything(walk, person)
        return json.dumps(walk.fresh().answers.content)


@dataclass
class Case:
    """One client, John, with a record of each kind, and what the two sides do to them."""

    population: Population

    def __post_init__(self) -> None:
        people = self.population
        self.twin, self.john, self.mary = (people.client() for _ in range(3))
        self.enrollment = self._enroll(people.shelter)
        self.partner = self._enroll(people.shelter, self.enrollment, self.mary)
        self.note: CaseNote = CaseNoteFactory(**self._of_john)
        self.assignment: CaseAssignment = CaseAssignmentFactory(
            enrollment=self.enrollment,
            case_manager=people.alice,
            begins_on=self.enrollment.entry_date,
            created_by=people.alice,
        )

    @property
    def _of_john(self) -> dict[str, Any]:
        people = self.population
        return {"client": self.john, "organization": people.harbor, "created_by": people.alice}

    def _enroll(
        self, project: Project, beside: Enrollment | None = None, client: Client | None = None
    ) -> Enrollment:
        return EnrollmentFactory(
            **self._of_john | {"client": client or self.john},
            project=project,
            household=beside.household if beside else Household.objects.create(),
            relationship_to_hoh=3 if beside else 1,
            entry_date=self.today - timedelta(days=20),
        )

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def exited(self) -> Enrollment:
        row = self._enroll(self.population.left)
        row.exit_date, row.destination = self.today - timedelta(days=5), 410
        row.save()
        return row

    @cached_property
    def deleted(self) -> Enrollment:
        row = self._enroll(self.population.deleted)
        row.mark_deleted(by=self.population.alice)
        return row

    @cached_property
    def other(self) -> Client:
        """A third record, with an enrollment of its own, which `merged` merges into John's."""
        other = self.population.client(last_name="Smyth")
        self._enroll(self.population.others, client=other)
        return other

    @cached_property
    def merged(self) -> ClientMerge:
        return self.do_merge(self.john, self.other, self.choices(self.john, self.other))

    @cached_property
    def intake(self) -> IntakeDraft:
        draft = start(
            by=self.population.alice, organization=self.population.harbor, client=self.john
        )
        answers = self.population.answers.replace(str(TEMPLATE_ID), str(self.john.pk))
        draft.answers.content.update(json.loads(answers))
        draft.step = Step.REVIEW
        draft.keep()
        return draft

    def choices(self, survivor: Client, gone: Client) -> Choices:
        return Choices(previewed(survivor, gone, self.population.dana).digest)

    def do_merge(self, survivor: Client, gone: Client, choices: Choices) -> ClientMerge:
        return merge(survivor=survivor.pk, gone=gone.pk, choices=choices, by=self.population.dana)

    @property
    def people(self) -> list[int]:
        """Everybody in it, those that came up later too."""
        clients = {self.twin.pk, self.john.pk, self.mary.pk}
        if "merged" in self.__dict__:
            clients.add(self.merged.merged_id)
        return sorted(clients)
