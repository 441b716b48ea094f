"""What answers is killed between any two steps of an intake; nothing that was saved is lost."""

import urllib.parse
import urllib.request
from html.parser import HTMLParser

import pytest
from django.conf import settings

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
)
from tests.enrollments.intake.conftest import new_lees
from tests.server_process import ServerProcess

pytestmark = pytest.mark.django_db(transaction=True)


class Fields(HTMLParser):
    """What the form around the field `seen`, or else the page's last form, would send."""

    def __init__(self, html: str):
        super().__init__()
        self.forms, self.choice = [{}], None
        self.feed(html)
        with_draft = [form for form in self.forms if "seen" in form]
        self.sent = (with_draft or self.forms)[-1]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name"), attrs.get("value") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self.choice = name
        elif tag == "option" and "selected" in attrs and self.choice:
            self.forms[-1][self.choice] = [value]
        elif tag == "input" and name:
            ticked = attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs
            if ticked and attrs.get("type") != "submit":
                self.forms[-1].setdefault(name, []).append(value)


class Browser:
    """One without script that follows redirects, at a server in a process of its own."""

    def __init__(self, site: str, session: str):
        names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
        cookies = zip(names, (session, "c" * 32), strict=True)
        self.opener = urllib.request.build_opener()
        self.opener.addheaders = [("Cookie", "; ".join(map("=".join, cookies)))]
        self.site = site

    def get(self, path: str) -> str:
        return self._read(urllib.request.Request(self.site + path))

    def send(self, path: str, to: str = "", **typed) -> str:
        """Open the page, type, and send its form; give the page that one is led to."""
        data = urllib.parse.urlencode(Fields(self.get(path)).sent | typed, doseq=True)
        return self._read(urllib.request.Request(self.site + (to or path), data.encode()))

    def _read(self, request) -> str:
        with self.opener.open(request, timeout=30) as answer:
            self.at = urllib.parse.urlsplit(answer.url).path
            return answer.read().decode()


@pytest.fixture
def lees(transactional_db):
    return new_lees()


@pytest.fixture
def server(transactional_db):
    server = ServerProcess()
    server.start()
    yield server
    server.kill()


def answers_for(ann, project) -> dict[str, dict[str, str]]:
    """What is typed at each step, beyond what the pages offer by themselves."""
    prefix = f"c{ann.pk}"
    answers = {
        Step.BASIC: {"veteran_status": "0", "phone": "617-555-0199"},
        Step.PROGRAM: {"project": project.pk, f"{prefix}-enroll": "on"},
        Step.UNIVERSAL: {f"{prefix}-living_situation": "118"},
        Step.BARRIERS: {f"{prefix}-response_5": "0"},
        Step.VIOLENCE: {f"{prefix}-domestic_violence_survivor": "0"},
        Step.INCOME: {f"{prefix}-income_from_any_source": "0"},
        Step.BENEFITS: {f"{prefix}-benefits_from_any_source": "0"},
        Step.INSURANCE: {f"{prefix}-insurance_from_any_source": "0"},
    }
    return {step: answers.get(step, {}) for step in steps_for("intake")[:-1]}


def test_killed_after_every_step_an_intake_goes_on_and_finishes(
    server, client, alice, ann, project, draft
):
    client.force_login(alice)
    browser = Browser(server.address, client.cookies[settings.SESSION_COOKIE_NAME].value)
    for slug, typed in answers_for(ann, project).items():
        browser.send(f"/intake/{draft.pk}/{slug}/", **typed, next="1")
        if slug in browser.at:  # an answer made more questions apply
            browser.send(browser.at, next="1")
        assert browser.at.startswith(f"/intake/{draft.pk}/")
        assert slug not in browser.at, f"{slug} was not saved"
        if slug == Step.BARRIERS:  # the whole of it once: its master is asked for nothing
            server.kill()
            server.start()
        else:
            server.kill_workers()
        assert not Household.objects.exists()
        assert f"/intake/{draft.pk}/" in browser.get("/"), "Continue where you left off"
    review = f"/intake/{draft.pk}/{Step.REVIEW}/"
    browser.send(review, to=f"/intake/{draft.pk}/finish/")
    assert browser.at == f"/intake/{draft.pk}/finished/"
    enrollment = Enrollment.objects.get(client=ann)
    assert (enrollment.project, enrollment.living_situation, enrollment.relationship_to_hoh) == (
        project,
        118,
        1,
    )
    ann.refresh_from_db()
    assert (ann.phone, ann.veteran_status) == ("617-555-0199", 0)
    income = IncomeBenefits.objects.get(client=ann)
    assert (income.income_from_any_source, income.insurance_from_any_source) == (0, 0)
    assert Disability.objects.get(client=ann, disability_type=5).disability_response == 0
    assert HealthAndDV.objects.get(client=ann).domestic_violence_survivor == 0
    assert CaseAssignment.objects.get(client=ann).case_manager == alice
