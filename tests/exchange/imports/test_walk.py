"""Imported clients are worked with as any other: HUD's sample, page by page."""

import re
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import Count, Q
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from agencies.models import Funder, Organization
from casenotes.models import CaseNote
from clients.models import Client, ClientMerge
from data_quality import lists
from data_quality.rules.catalog import BY_KEY
from data_quality.rules.scope import Scope
from enrollments.intake.draft.sections import Step
from enrollments.models import CaseAssignment, Enrollment, IncomeBenefits
from exchange.imports.run import import_files
from hud.choices import DataCollectionStage
from tests.data_quality.test_links import Case, put_right
from tests.enrollments.intake.conftest import began
from tests.enrollments.intake.test_exit_workflow import typed
from tests.exchange.sets import SAMPLE
from tests.factories import UserFactory
from tests.html_forms import form_with
from tests.pages import filled, messages, opened, send

RETIRED = 47  # ESG-CV
LINK = re.compile(r'href="(/clients/\d+/[^"#]*)')
FIXED = {
    "household-with-two-heads": {"relationship_to_hoh": "3"},
    "household-without-head": {"relationship_to_hoh": "1"},
    "enrolled-twice": {"exit_date": "05/13/2022", "destination": "101"},
    "ssn-contradicts": {"ssn": "219-09-9871", "ssn_data_quality": ""},
    "ssn-impossible": {"ssn": "219-09-9871"},
    "dob-contradicts": {"dob": "05/06/1985"},
}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The sample, imported once for this module and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_files(source=SAMPLE, by=UserFactory(is_superuser=True))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def desk(sample, db):
    """Return a function that logs somebody in who works where an enrollment is; and who that is."""

    def sit(enrollment: Enrollment, *, officer: bool = False):
        own = Organization.objects.filter(pk=enrollment.organization_id)
        user = UserFactory(dqo_at=own) if officer else UserFactory(at=own)
        browser = Browser()
        browser.force_login(user)
        return browser, user

    return sit


def open_enrollment(**conditions) -> Enrollment:
    rows = Enrollment.objects.filter(exit_date=None, is_exempt=False, **conditions)
    return rows.select_related("client", "project", "household").order_by("pk").first()


def odd_ones() -> dict[str, Enrollment]:
    """An enrollment of each kind that real files have, and our pages do not make."""
    rows = Enrollment.objects.select_related("client").order_by("pk")
    heads = rows.values("household").annotate(
        heads=Count("pk", filter=Q(relationship_to_hoh=1)), times=Count("client", distinct=True)
    )
    by_heads = {one["heads"]: one["household"] for one in heads.order_by("-household")}
    return {
        "two heads": rows.filter(household=by_heads[2], is_exempt=True).first(),
        "no head": rows.filter(household=by_heads[0]).first(),
        "overlap": rows.filter(is_exempt=True).exclude(household__in=[*by_heads.values()]).first(),
        "blank SSN": rows.filter(client__ssn_hash="").first(),
        "mark": rows.exclude(client__breaks=[]).first(),
        "retired funder": rows.filter(project__funders__funder=RETIRED).first(),
    }


def pages_of(browser, url: str, depth: int, seen: set[str]) -> None:
    """Open a page, and what it leads to of the client: one of each kind."""
    kind = re.sub(r"\d+", "N", url.partition("?")[0])
    if kind in seen:
        return
    seen.add(kind)
    page = browser.get(url, follow=True)
    assert page.status_code == 200, url
    if depth and page["Content-Type"].startswith("text/html"):
        for link in LINK.findall(page.text):
            pages_of(browser, link.replace("&amp;", "&"), depth - 1, seen)


def test_found_by_name_and_by_ssn(desk):
    client = Client.objects.get(personal_id="528656")
    browser, _ = desk(client.enrollments.first())
    for boxes in ({"last_name": "contriv", "first_name": "herring"}, {"ssn": "227-93-0267"}):
        page = browser.post(reverse("clients:find"), boxes, follow=True)
        assert client.get_absolute_url() in page.text + page.request["PATH_INFO"], boxes


def test_every_page_of_odd_clients_opens(desk):
    places = set()
    for kind, enrollment in odd_ones().items():
        assert enrollment, kind
        browser, _ = desk(enrollment, officer=True)
        seen: set[str] = set()
        pages_of(browser, enrollment.client.get_absolute_url(), 1, seen)
        base = [enrollment.client_id, enrollment.pk]
        for name in ("enrollment", "exit", "reopen", "update", "annual"):
            pages_of(browser, reverse(f"enrollments:{name}", args=base), 0, seen)
        trail = reverse("admin:clients_clientaccess_trail")
        assert browser.get(trail, {"client": enrollment.client_id}).status_code == 200
        places |= seen
    for page in ("edit/", "enrollments/", "services/", "case-notes/", "cas/", "files/"):
        assert f"/clients/N/{page}" in places


def test_project_with_a_retired_funder_is_edited(desk):
    funder = Funder.objects.filter(funder=RETIRED).first()
    browser, _ = desk(funder.project.enrollments.first(), officer=True)
    url = reverse("admin:agencies_project_change", args=[funder.project_id])
    page = browser.get(url)
    assert page.status_code == 200
    form = form_with(page.text, "project_name")
    with zeal_ignore():  # Django's own forms ask for each of the ten funders
        answer = browser.post(url, form.filled(project_name="Renamed"))
    assert answer.status_code == 302, answer.context["errors"]
    funder.refresh_from_db()
    assert funder.funder == RETIRED


@pytest.mark.parametrize("kind", ["update", "annual"])
def test_assessment_is_begun_filled_and_finished(desk, kind):
    enrollment = open_enrollment(relationship_to_hoh=1)
    browser, _ = desk(enrollment)
    base = [enrollment.client_id, enrollment.pk]
    walk = began(browser, reverse(f"enrollments:{kind}", args=base))
    answers = {f"c{enrollment.client_id}-income_from_any_source": "0"}
    assert walk.save(Step.INCOME, answers).status_code == 302
    finish(walk)
    stage = DataCollectionStage[kind.upper()]
    row = IncomeBenefits.objects.filter(enrollment=enrollment, data_collection_stage=stage)
    assert row.latest("pk").income_from_any_source == 0


def finish(walk) -> None:
    review = walk.see(Step.REVIEW)
    assert not review.context["errors"]
    asked = [one.key for part in ("warnings", "removals") for one in review.context[part]]
    walk.finish(confirm="1", asked=asked)
    assert walk.fresh().finished_at


def test_exit_is_begun_filled_and_finished(desk):
    enrollment = open_enrollment(relationship_to_hoh=1)
    browser, _ = desk(enrollment)
    url = reverse("enrollments:exit", args=[enrollment.client_id, enrollment.pk])
    form = opened(browser.get(url))
    leaving = {one.client_id: "410" for one in form.candidates}
    data = typed(form, destinations=leaving) | {"next": "1"}
    answer = browser.post(url, data)
    if answer.status_code == 200:  # an unlikely answer is confirmed
        assert not answer.context["form"].errors
        answer = browser.post(url, data | {"confirm": "1"})
    walk = began(browser, answer["Location"])
    walk.save(Step.INCOME, {f"c{enrollment.client_id}-income_from_any_source": "0"})
    finish(walk)
    enrollment.refresh_from_db()
    assert (enrollment.exit_date, enrollment.destination) == (timezone.localdate(), 410)


def test_case_note_and_case_manager_are_added(desk):
    enrollment = open_enrollment()
    browser, user = desk(enrollment)
    url = reverse("casenotes:add", args=[enrollment.client_id])
    page = browser.get(url)
    form = form_with(page.text, "title")
    answer = browser.post(url, form.filled(title="Visit", text="Met."))
    assert answer.status_code == 302, answer.context["form"].errors
    assert CaseNote.objects.get(client=enrollment.client).created_by == user
    url = reverse("enrollments:add_case_assignment", args=[enrollment.client_id])
    answer = send(browser, url, enrollment=str(enrollment.pk), case_manager=str(user.pk))
    assert answer.status_code == 302, answer.context["form"].errors
    assert CaseAssignment.objects.get(enrollment=enrollment).case_manager == user
    assert enrollment.client.get_absolute_url() in browser.get(reverse("enrollments:caseload")).text


def test_two_are_merged_and_the_merge_is_undone(desk):
    one, other = strangers()
    browser, _ = desk(one, officer=True)
    url = reverse("admin:clients_merge", args=[one.client_id, other.client_id])
    before = counts_of(one.client_id, other.client_id)
    form = opened(browser.get(url))
    answer = browser.post(url, filled(form))
    assert answer.status_code == 302, answer.context["form"].errors
    done = ClientMerge.objects.get()
    assert counts_of(done.survivor_id) == before
    page = browser.post(done.get_absolute_url(), follow=True)
    assert "are two clients again" in messages(page)[-1]
    both = Client.objects.filter(pk__in=[one.client_id, other.client_id])
    assert both.filter(merged_into=None).count() == 2
    assert counts_of(one.client_id, other.client_id) == before


def strangers() -> tuple[Enrollment, Enrollment]:
    """Two of one organization, each enrolled once, one after the other."""
    once = Client.objects.annotate(times=Count("enrollments")).filter(times=1)
    rows = Enrollment.objects.filter(client__in=once, is_exempt=False)
    rows = rows.order_by("organization", "entry_date", "pk")
    for one, other in pairwise(rows):
        is_after = one.exit_date and one.exit_date < other.entry_date
        if one.organization_id == other.organization_id and is_after:
            return one, other
    raise AssertionError("The sample has no such two.")


def counts_of(*clients: int) -> int:
    return Enrollment.objects.filter(client__in=clients).count()


@pytest.mark.parametrize("key", FIXED)
def test_what_the_import_marked_is_listed_and_fixed_by_its_link(desk, key):
    rule = BY_KEY[key]
    boss = UserFactory(is_superuser=True)
    today = timezone.localdate()
    listed = lists.page_of(rule, Scope(user=boss, today=today)).items
    assert listed, "nothing of it is listed"
    item = min(listed, key=lambda one: one.enrollment.entry_date)
    enrollment = item.enrollment
    # What is opened is checked as a whole: other faults of it would have to be corrected as well.
    IncomeBenefits.objects.filter(enrollment__household=enrollment.household_id).delete()
    Enrollment.objects.filter(household=enrollment.household_id).update(move_in_date=None)
    browser, user = desk(enrollment, officer=True)
    page = browser.get(reverse("admin:quality_list", args=[key]))
    fix = reverse("admin:quality_fix", args=[key, item.pk])
    assert fix in page.text
    answer = browser.post(fix)
    page = browser.get(answer["Location"].partition("#")[0])
    name = rule.fix.name_of(enrollment, rule.field)
    put_right(browser, page, form_with(page.text, name), Case(FIXED[key]), enrollment, rule)
    left = lists.page_of(rule, Scope(user=user, today=today)).items
    assert item.pk not in [one.pk for one in left]
