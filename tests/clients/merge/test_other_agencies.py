"""What a merging officer may not see is neither shown nor harmed (R16.2, docs/adr/0031).

Harbor filed both clients, Dana merges them. Bridge House enrolled both, for its own eyes only.
"""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from clients.merge.execute import Choices, merge
from clients.merge.snapshots import Merged
from clients.models import Client
from enrollments.models import Enrollment
from tests.casenotes.factories import CaseNoteFactory
from tests.clients.merge.conftest import previewed
from tests.clients.merge.rows import dump
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory, UserFactory
from tests.pages import filled, opened, send

OWN = "own"


def values_of(*rows):
    """Whole rows but whose client they are of, and whether they are exempt."""
    kept = Enrollment.with_deleted.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return [
        {name: value for name, value in one.items() if name not in ("client_id", "is_exempt")}
        for one in kept.values()
    ]


@pytest.fixture
def refuge(bridge):
    return ProjectFactory(organization=bridge, project_name="Refuge Quokka")


@pytest.fixture
def theirs(bridge, charlie, refuge, john, jon):
    """A restricted enrollment of each at Bridge House, on the same days."""
    common = {"organization": bridge, "created_by": charlie, "visibility": OWN, "project": refuge}
    return [
        EnrollmentFactory(client=john, entry_date=date(2026, 1, 13), **common),
        EnrollmentFactory(client=jon, entry_date=date(2026, 2, 17), **common),
    ]


@pytest.fixture
def bea(bridge):
    """Bridge House's officer."""
    return UserFactory(email="bea@bridge.example", dqo_at=[bridge])


def page_of(john, jon):
    return reverse("admin:clients_merge", args=[john.pk, jon.pk])


def words(answer):
    html = answer.content.decode()
    return html[html.index("<main") : html.index("</main>")] if "<main" in html else html


def test_preview_says_nothing_of_restricted_enrollments(dana, portal, john, jon, theirs):
    preview = previewed(john, jon, dana)
    assert preview.conflicts == []
    assert preview.parts == []
    html = portal(dana).get(page_of(john, jon)).content.decode()
    for secret in ("Quokka", "Bridge House", "01/13/2026", "02/17/2026", "nrollment"):
        assert secret not in words_of(html), secret


def words_of(html):
    """The page without its menus, which name Enrollments."""
    start = html.index("What happens to everything else")
    return html[: html.index("<body")] + html[start:]


def test_preview_is_the_same_with_and_without_what_is_not_seen(dana, portal, john, jon, request):
    def shown():
        form = opened(portal(dana).get(page_of(john, jon)))
        data = filled(form)
        return {name: value for name, value in data.items() if name != "form_token"}

    before = shown()
    request.getfixturevalue("theirs")
    CaseNoteFactory(client=jon)  # of Harbor, and for its own eyes: Dana sees it
    assert shown().keys() == before.keys()
    CaseNoteFactory(client=jon).delete()


def test_restricted_enrollments_move_unseen_and_unharmed(merged, john, jon, theirs, bea, dana):
    before = values_of(*theirs)
    done = merged(john, jon)
    assert values_of(*theirs) == before
    rows = Enrollment.objects.visible_to(bea).filter(client=john)
    assert set(rows) == set(theirs)
    assert Merged(done, dana).parts == []
    assert [(one.moved, one.soft_deleted) for one in Merged(done, bea).parts] == [(1, 0)]


def test_undo_brings_back_what_was_not_seen(merged, undone, john, jon, theirs):
    before = dump(Enrollment)
    done = merged(john, jon)
    assert Enrollment.objects.filter(is_exempt=True).count() == 1
    assert undone(done) == []
    assert dump(Enrollment) == before


def test_undo_says_nothing_of_what_another_agency_changed_since(
    merged, undone, john, jon, theirs, bridge
):
    note = CaseNoteFactory(client=jon, organization=bridge)
    done = merged(john, jon)
    note.refresh_from_db()
    note.mark_deleted(by=note.created_by)
    Enrollment.objects.filter(pk=theirs[0].pk).delete()
    Enrollment.objects.filter(pk=theirs[1].pk).update(exit_date=date(2026, 2, 20), is_exempt=False)
    assert undone(done) == []
    assert Enrollment.objects.get(pk=theirs[1].pk).client_id == jon.pk


def test_undo_leaves_exempt_what_does_not_fit_any_more(merged, undone, john, jon, theirs, refuge):
    """Bridge House may enroll the person beside an exempt enrollment; Dana learns nothing of it."""
    done = merged(john, jon)
    (exempt,) = Enrollment.objects.filter(is_exempt=True)
    assert exempt.client_id == john.pk
    back = theirs[1]
    assert exempt == back
    # Moves its own enrollment, which is not held against the exempt one.
    beside = EnrollmentFactory(
        client=Client.objects.get(pk=john.pk),
        organization=back.organization,
        created_by=back.created_by,
        visibility=OWN,
        project=refuge,
        entry_date=date(2025, 12, 1),
        exit_date=date(2025, 12, 24),
    )
    Enrollment.objects.filter(pk=beside.pk).update(client=jon)
    Enrollment.objects.filter(pk=beside.pk).update(exit_date=None)
    assert undone(done) == []
    assert Enrollment.objects.get(pk=back.pk).is_exempt


def test_exempt_enrollment_is_held_to_the_rules_once_its_agency_changes_it(
    merged, john, jon, theirs
):
    merged(john, jon)
    (exempt,) = Enrollment.objects.filter(is_exempt=True)
    Enrollment.objects.exclude(pk=exempt.pk).update(exit_date=date(2026, 1, 20), destination=30)
    exempt.exit_date = date(2026, 3, 1)
    exempt.save()
    exempt.refresh_from_db()
    assert not exempt.is_exempt


def test_other_agencys_shared_enrollment_is_not_soft_deleted(merged, john, jon, theirs, dana):
    """Dana sees it, and could not delete it from its own page either."""
    Enrollment.objects.update(visibility="all")
    before = values_of(*theirs)
    assert previewed(john, jon, dana).conflicts == []
    done = merged(john, jon, keep=john.pk)
    assert values_of(*theirs) == before
    assert [(one.label, one.moved) for one in Merged(done, dana).parts] == [("Enrollments", 1)]


def test_administrator_is_asked_about_all(john, jon, theirs, bridge):
    boss = UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)
    (conflict,) = previewed(john, jon, boss).conflicts
    assert "Refuge Quokka" in conflict.question


@pytest.mark.parametrize("head_is_gone", [True, False])
def test_two_members_of_a_restricted_household_are_both_kept(
    merged, undone, john, jon, theirs, head_is_gone
):
    head, partner = reversed(theirs) if head_is_gone else theirs
    Enrollment.objects.filter(pk=partner.pk).update(household=head.household, relationship_to_hoh=3)
    before, dumped = values_of(*theirs), dump(Enrollment)
    done = merged(john, jon)
    connection.check_constraints()
    assert values_of(*theirs) == before
    undone(done)
    connection.check_constraints()
    assert dump(Enrollment) == dumped


def test_label_of_a_choice_counts_only_members_who_are_seen(dana, harbor, bridge, john, jon):
    shelter = ProjectFactory(organization=harbor)
    head = EnrollmentFactory(client=john, project=shelter)
    EnrollmentFactory(client=jon, project=shelter)
    hidden = ClientFactory(organization=bridge, visibility=OWN)
    EnrollmentFactory(
        client=hidden,
        organization=harbor,
        household=head.household,
        project=shelter,
        relationship_to_hoh=2,
    )
    (conflict,) = previewed(john, jon, dana).conflicts
    assert all(option.label.endswith("alone") for option in conflict.options)


def test_head_who_is_soft_deleted_leaves_no_trace_of_a_member_who_is_not_seen(
    merged, undone, dana, harbor, bridge, john, jon
):
    """Without the exemption the database would ask for another head, and so tell of the child."""
    shelter = ProjectFactory(organization=harbor)
    head = EnrollmentFactory(client=john, project=shelter)
    kept = EnrollmentFactory(client=jon, project=shelter)
    hidden = ClientFactory(organization=bridge, visibility=OWN)
    child = EnrollmentFactory(
        client=hidden,
        organization=harbor,
        household=head.household,
        project=shelter,
        relationship_to_hoh=2,
    )
    before, dumped = values_of(child), dump(Enrollment)
    done = merged(john, jon, keep=jon.pk)
    connection.check_constraints()
    assert set(Enrollment.objects.all()) == {kept, child}
    assert values_of(child) == before
    undone(done)
    connection.check_constraints()
    assert dump(Enrollment) == dumped


def test_what_another_agency_writes_meanwhile_calls_for_no_new_preview(
    dana, john, jon, theirs, bridge, charlie
):
    seen = previewed(john, jon, dana).digest
    note = CaseNoteFactory(client=jon, organization=bridge, created_by=charlie)
    CaseAssignmentFactory(
        enrollment=theirs[1], visibility=OWN, case_manager=charlie, begins_on=date(2026, 2, 17)
    )
    done = merge(survivor=john.pk, gone=jon.pk, choices=Choices(seen), by=dana)
    note.refresh_from_db()
    assert note.client_id == john.pk
    assert Merged(done, dana).parts == []


def test_own_note_that_is_written_meanwhile_calls_for_one(dana, john, jon):
    seen = previewed(john, jon, dana).digest
    CaseNoteFactory(client=jon)
    assert previewed(john, jon, dana).digest != seen


def test_officer_merges_no_client_whom_the_officer_does_not_see(portal, dana, bridge, john):
    hidden = ClientFactory(organization=bridge, visibility=OWN)
    assert portal(dana).get(page_of(john, hidden)).status_code == 404
    assert portal(dana).post(page_of(john, hidden)).status_code == 404


def test_officer_of_the_other_agency_has_it_on_the_start_page(
    merged, portal, bea, dana, john, jon, theirs
):
    start = reverse("admin:index")

    def waiting(officer):
        cards = portal(officer).get(start).context["cards"]
        return [(one.count, one.url) for one in cards if one.title == "Enrolled twice"]

    assert waiting(bea) == []
    merged(john, jon)
    ((count, url),) = waiting(bea)
    assert count == 1
    listed = portal(bea).get(url)
    assert {one.enrollment for one in listed.context["page"].items} == set(theirs)
    assert waiting(dana) == []
    assert portal(dana).get(url).context["page"].items == []
    Enrollment.objects.get(pk=theirs[0].pk).mark_deleted(by=bea)
    assert waiting(bea) == []


@pytest.mark.parametrize("view", ["enrollment", "exit", "reopen", "delete_enrollment"])
def test_agency_works_with_a_person_who_is_twice_in_its_household(
    merged, portal, bea, john, jon, theirs, view
):
    head, partner = theirs
    Enrollment.objects.filter(pk=partner.pk).update(household=head.household, relationship_to_hoh=3)
    merged(john, jon)
    browser = portal(bea)
    html = browser.get(reverse("enrollments:enrollments", args=[john.pk])).content.decode()
    assert html.count("Refuge Quokka") >= 2
    for row in theirs:
        url = reverse(f"enrollments:{view}", args=[john.pk, row.pk])
        assert browser.get(url, follow=True).status_code == 200, row
    if view == "delete_enrollment":
        url = reverse("enrollments:delete_enrollment", args=[john.pk, partner.pk])
        send(browser, url, members=[partner.pk])
        assert set(Enrollment.objects.filter(client=john)) == {head}
