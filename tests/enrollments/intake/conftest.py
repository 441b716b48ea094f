"""A family of three at Harbor's door, and a walk through the steps."""

import re
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import date, timedelta

import pytest
from django.utils import timezone

from agencies.models import Organization, Project, User
from clients.models import Client
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.models import IntakeDraft
from hud.choices import ProjectType
from tests.agencies.factories import FunderFactory
from tests.conftest import logged_in
from tests.factories import ClientFactory, OrganizationFactory, ProjectFactory, UserFactory

MY_DAY = "%m/%d/%Y"


@pytest.fixture
def today():
    return timezone.localdate()


@dataclass
class Lees:
    """A family at Harbor's door, and Alice, who takes them in."""

    harbor: Organization
    alice: User
    project: Project
    ann: Client  # the head of the household, 44 or so
    ben: Client  # Ann's husband
    cal: Client  # their child of five

    def draft(self) -> IntakeDraft:
        return start(by=self.alice, organization=self.harbor, client=self.ann)

    def enrolling(self, *clients: Client, **options) -> "Walk":
        """A draft of Alice's that has come as far as HUD Program Enrollment."""
        walk = Walk(logged_in(self.alice), self.draft())
        assert walk.enroll(self.project, *clients, **options).status_code == 302
        return walk


def new_lees() -> Lees:
    harbor = OrganizationFactory(organization_name="Harbor Services")
    alice = UserFactory(email="alice@harbor.example", first_name="Alice", at=[harbor])
    own = {"organization": harbor, "created_by": alice, "last_name": "Lee"}
    return Lees(
        harbor,
        alice,
        ProjectFactory(organization=harbor, project_name="Harbor Transitional Housing"),
        ann=ClientFactory(first_name="Ann", dob=date(1982, 3, 4), **own),
        ben=ClientFactory(first_name="Ben", dob=date(1980, 6, 1), **own),
        cal=ClientFactory(
            first_name="Cal", dob=timezone.localdate() - timedelta(days=365 * 5 + 40), **own
        ),
    )


@pytest.fixture(scope="module")
def lees_once(module_transaction) -> Lees:
    return new_lees()


@pytest.fixture
def lees(lees_once, db) -> Lees:
    """Those of the module. Where tests commit, the module makes its own for each test."""
    return deepcopy(lees_once)


@pytest.fixture(scope="module")
def lees_enrolling(lees_once) -> "Walk":
    """For a module whose tests all begin behind HUD Program Enrollment."""
    return lees_once.enrolling(lees_once.ann, lees_once.ben, lees_once.cal)


def part_of_lees(name: str):
    """A fixture that hands out one of the family, under its own name."""

    @pytest.fixture(name=name)
    def part(lees):
        return getattr(lees, name)

    return part


harbor, alice, project, ann, ben, cal = (part_of_lees(one.name) for one in fields(Lees))


@pytest.fixture
def funded(project):
    """Let a funder pay for the project, which becomes one of a type."""

    def fund(funder, kind=ProjectType.TRANSITIONAL_HOUSING, **grant):
        type(project).objects.filter(pk=project.pk).update(project_type=kind)
        return FunderFactory(project=project, funder=funder, **grant)

    return fund


@pytest.fixture
def draft(lees):
    return lees.draft()


class Walk:
    """Somebody at the pages of a draft, without script."""

    def __init__(self, browser, draft: IntakeDraft):
        self.browser, self.draft = browser, draft

    def url(self, step: Step, tail: str = "") -> str:
        return f"/intake/{self.draft.pk}/{step}/{tail}"

    def see(self, step: Step, query: str = ""):
        return self.browser.get(self.url(step) + query)

    def save(self, step: Step, answers: dict | None = None, button: str = "next", **page):
        """Send a step as its page would; `test_walk.py` opens each page before it sends it."""
        seen = self.fresh().answers.times_saved(step)
        data = {"tab": "a", "seen": seen, button: "1", **(answers or {}), **page}
        return self.browser.post(self.url(step), data)

    def finish(self, **data):
        return self.browser.post(f"/intake/{self.draft.pk}/finish/", data)

    @property
    def ends_at(self) -> str:
        """Where Finish leads: to the closing page of who was enrolled, else to the client."""
        enrolls = self.draft.kind_of.enrolls
        return self.url("finished") if enrolls else self.draft.client.get_absolute_url()

    @staticmethod
    def hidden(response, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
        return found[1] if found else ""

    def fresh(self) -> IntakeDraft:
        return IntakeDraft.objects.get(pk=self.draft.pk)

    # the usual answers

    def basic(self):
        form = self.see(Step.BASIC).context["form"]
        names = ["organization", "form_token", "version", "opened", "conflicting"]
        data = {name: form[name].value() for name in names}
        data |= {
            name: form[name].value() or ""
            for name in ("first_name", "last_name", "dob", "sex", "visibility")
        }
        data["dob"] = form.instance.dob.strftime(MY_DAY)
        return {**data, "veteran_status": "0"}

    def program(self, project, *clients, case_managers=None, day=None, relationships=None):
        day = day or timezone.localdate()
        related = relationships or {0: "1", 1: "3"}
        data = {"project": project.pk}
        for place, client in enumerate(clients):
            prefix = f"c{client.pk}"
            data |= {
                f"{prefix}-known": "1",
                f"{prefix}-enroll": "on",
                f"{prefix}-entry_date": day.strftime(MY_DAY),
                f"{prefix}-relationship_to_hoh": related.get(place, "2"),
                f"{prefix}-case_manager": (case_managers or {}).get(client.pk, ""),
            }
        return data

    def enroll(self, project, *clients, **options):
        """Go as far as HUD Program Enrollment."""
        assert self.save(Step.BASIC, self.basic()).status_code == 302
        others = [client.pk for client in clients[1:]]
        assert self.save(Step.FAMILY, {"member": others}).status_code == 302
        return self.save(Step.PROGRAM, self.program(project, *clients, **options))


def began(browser, url: str) -> Walk:
    """Follow a link into the workflow, and type something into its first step."""
    page = browser.get(url, follow=True)
    assert page.status_code == 200
    given = page.context
    data = {"tab": "begun", "seen": given["seen"], "opened_with": given["opened_with"]}
    answer = browser.post(given["autosave_url"], data)
    assert answer.status_code == 200
    return Walk(browser, IntakeDraft.objects.owned_by(page.wsgi_request.user).paused().get())


@pytest.fixture
def walk(portal, alice, draft):
    return Walk(portal(alice), draft)
