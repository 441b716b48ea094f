"""11.3: paused intakes: who, where, since when; an abandoned one may be ended."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollments.models import Enrollment, IntakeDraft
from tests.agencies.admin.rows import draft
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory, UserFactory

LIST = reverse("admin:enrollments_intakedraft_changelist")


def end(row) -> str:
    return reverse("admin:enrollments_intakedraft_end", args=[row.pk])


def change(row) -> str:
    return reverse("admin:enrollments_intakedraft_change", args=[row.pk])


@pytest.fixture
def paused(harbor):
    return draft(harbor)


def test_list_says_who_where_and_since_when(portal, dana, harbor, paused):
    night = ProjectFactory(organization=harbor, project_name="Night Harbor")
    paused.answers_json = json.dumps(
        {"household": {"project": night.pk}, "steps": {"basic": "Her brother hits."}}
    )
    paused.save()
    html = portal(dana).get(LIST).content.decode()
    for words in (str(paused.created_by), "Night Harbor", "HUD Program Enrollment", "Intake"):
        assert words in html
    assert f"{timezone.localtime(paused.updated_at):%m/%d/%Y}" in html
    for address in (LIST, change(paused), end(paused)):
        html = portal(dana).get(address).content.decode()
        assert "brother" not in html
        assert "Smith" not in html


def test_assessment_names_the_project_of_its_household(portal, dana, harbor, paused):
    enrollment = EnrollmentFactory(client=paused.client, project__project_name="Day Harbor")
    paused.kind, paused.household = "update", enrollment.household
    paused.save()
    assert "Day Harbor" in portal(dana).get(LIST).content.decode()


def test_longest_paused_is_first_and_finished_ones_are_not_listed(portal, dana, harbor, paused):
    older = draft(harbor)
    IntakeDraft.objects.filter(pk=older.pk).update(updated_at=timezone.now() - timedelta(days=9))
    discarded, finished = draft(harbor), draft(harbor)
    discarded.discard()
    enrollment = EnrollmentFactory(client=finished.client)
    finished.household, finished.finished_at = enrollment.household, timezone.now()
    finished.save()
    found = list(portal(dana).get(LIST).context["cl"].result_list)
    assert found == [older, paused]


def test_officer_ends_an_abandoned_one_after_a_question(portal, dana, paused):
    browser = portal(dana)
    assert "End this intake" in browser.get(change(paused)).content.decode()
    assert browser.get(end(paused)).status_code == 200
    paused.refresh_from_db()
    assert paused.is_open
    assert browser.post(end(paused))["Location"] == LIST
    paused.refresh_from_db()
    assert paused.discarded_at
    assert not Enrollment.objects.exists()


def test_owner_can_put_it_back_for_an_hour(portal, dana, paused):
    IntakeDraft.objects.filter(pk=paused.pk).update(answers_json=json.dumps({"people": []}))
    portal(dana).post(end(paused))
    owner = portal(paused.created_by)
    owner.post(reverse("enrollments:restore_intake", args=[paused.pk]))
    paused.refresh_from_db()
    assert paused.is_open


def test_one_that_somebody_works_on_is_not_ended(portal, dana, paused):
    IntakeDraft.objects.filter(pk=paused.pk).update(updated_at=timezone.now())
    browser = portal(dana)
    assert "End this intake" not in browser.get(change(paused)).content.decode()
    assert browser.post(end(paused)).status_code == 403
    paused.refresh_from_db()
    assert paused.is_open


def test_who_ended_it_is_noted(portal, dana, paused):
    from django.contrib.admin.models import LogEntry

    portal(dana).post(end(paused))
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (dana, str(paused.pk))


def test_ended_twice_is_not_there_any_more(portal, dana, paused):
    portal(dana).post(end(paused))
    assert portal(dana).post(end(paused)).status_code == 404


def test_officer_does_not_open_it(portal, dana, paused):
    assert portal(dana).get(paused.get_absolute_url()).status_code == 404


def test_administrator_ends_one_of_any_organization(portal, paused):
    portal(UserFactory(is_superuser=True)).post(end(paused))
    paused.refresh_from_db()
    assert paused.discarded_at


def test_start_page_counts_those_left_for_a_day(portal, dana, harbor, bridge, paused):
    draft(bridge)
    fresh = draft(harbor)
    IntakeDraft.objects.filter(pk=fresh.pk).update(updated_at=timezone.now())
    page = portal(dana).get(reverse("admin:index"))
    (card,) = [one for one in page.context["cards"] if one.title == "Paused intakes"]
    assert card.count == 1


def test_client_filed_by_others_is_no_hindrance(portal, dana, harbor, bridge):
    """The intake is the organization's; only the ID of the client is named."""
    person = ClientFactory(organization=bridge, visibility="own")
    row = draft(harbor)
    IntakeDraft.objects.filter(pk=row.pk).update(client=person)
    html = portal(dana).get(LIST).content.decode()
    assert f">{person.pk}<" in html
    assert person.last_name not in html
