"""The lists of rules that found few: what the count kept, asked again, and what changed since."""

from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Membership, Project, Sharing
from clients.models import Client
from data_quality import changes, kept_rows, lists
from data_quality.models import StoredCounts
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.scope import Scope
from enrollments.models import CaseAssignment, Enrollment, Household, IncomeBenefits
from outbox.runs import own_connection
from records.visibility import Visibility
from tests.data_quality.conftest import count_all
from tests.data_quality.wild import Wild
from tests.factories import OrganizationFactory

MANAGERS = BY_KEY["without-case-manager"]


def in_order(rule, scope) -> list[int]:
    """All that breaks a rule, without anything kept."""
    return list(lists.found(rule, scope).values_list("pk", flat=True))


def assert_lists_are_right(scope: Scope) -> None:
    for rule in RULES:
        whole = in_order(rule, scope)
        assert lists._newest(rule, scope, None, most=len(whole) + 1) == whole, rule.key
        if len(whole) > 2:
            assert lists._newest(rule, scope, whole[1], most=1) == whole[2:3], rule.key


@pytest.fixture
def counted(both, harbor, bridge, today):
    """Two organizations, counted for the officer of both; the scope and Harbor's records."""
    wild = Wild(5, harbor, both, today)
    wild.write(12)
    Wild(6, bridge, both, today).write(6)
    hidden = Client.objects.filter(organization=harbor)[:3]
    Client.objects.filter(pk__in=hidden.values("pk")).update(
        organization=OrganizationFactory(), visibility=Visibility.OWN_ORGANIZATION
    )
    harbor.sharing = Sharing.OPEN
    harbor.save()
    scope = Scope(user=both, today=today)
    StoredCounts.objects.opened(scope)
    count_all()
    return scope, wild


def test_rows_of_every_rule_that_found_few_are_kept(counted):
    scope, _ = counted
    stored = StoredCounts.objects.get()
    for rule in RULES:
        rows = stored.rows[kept_rows.place(rule, scope.today)]
        assert sorted(rows) == sorted(in_order(rule, scope)), rule.key
        assert len(rows) == stored.counts[rule.key][0], rule.key


def test_no_list_of_few_looks_through_all_rows(counted, bridge):
    scope, _ = counted
    narrow = Scope(scope.user, scope.today, bridge, bridge.projects.first())
    with mock.patch("data_quality.lists._end_of", side_effect=AssertionError):
        for one in (scope, narrow):
            assert all(kept_rows.possible_rows(rule, one) is not None for rule in RULES)
            assert_lists_are_right(one)


def test_what_was_fixed_is_gone_at_once(counted):
    scope, _ = counted
    rule = BY_KEY["name-missing"]
    before = in_order(rule, scope)
    Client.objects.filter(pk=before[0]).update(name_data_quality=1)
    assert lists._newest(rule, scope, None, most=200) == before[1:]


def more_of_everything(wild):
    wild.write(5)


def head_starts_later(wild):
    heads = Enrollment.objects.filter(relationship_to_hoh=1, case_assignments=None)
    head = next(one for one in heads if one.household.enrollments.count() > 1)
    head.entry_date += timedelta(days=400)
    head.exit_date = head.exit_date and head.exit_date + timedelta(days=400)
    head.save()


def children_become_adults(wild):
    Client.objects.update(dob="1980-01-01", dob_data_quality=1)


def assignments_end(wild):
    still_here = {"enrollment__exit_date": None, "enrollment__entry_date__lte": wild.today}
    active = CaseAssignment.objects.active_on(wild.today).filter(ends_on=None, **still_here)
    active.update(ends_on=wild.today)


def case_managers_leave(wild):
    users = {one.case_manager for one in CaseAssignment.objects.select_related("case_manager")}
    for user in users:
        user.is_active = False
        user.save()


def case_managers_lose_access(wild):
    Membership.objects.filter(user=wild.by).delete()


def clients_are_shared(wild):
    Client.objects.update(visibility=Visibility.ALL_ORGANIZATIONS)


def answers_contradict(wild):
    IncomeBenefits.objects.update(income_from_any_source=1)


def projects_close(wild):
    Project.objects.update(operating_end_date=F("operating_start_date"))


def organization_asks_for_releases(wild):
    wild.organization.sharing = Sharing.REQUIRED
    wild.organization.save()


CHANGES = [
    *(more_of_everything, head_starts_later, children_become_adults),
    *(assignments_end, case_managers_leave, case_managers_lose_access, clients_are_shared),
    answers_contradict,
    *(projects_close, organization_asks_for_releases),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_breaks_a_rule_since_the_count_is_listed_at_once(counted, change):
    scope, wild = counted
    before = {rule.key: in_order(rule, scope) for rule in RULES}
    change(wild)
    assert any(set(in_order(rule, scope)) - set(before[rule.key]) for rule in RULES)
    assert_lists_are_right(scope)


def rename_project(organization) -> None:
    project = organization.projects.first()
    project.project_name = "Another Name"
    project.save()


def test_whoever_is_in_one_household_is_concerned(counted):
    scope, wild = counted
    marks = StoredCounts.objects.get().marks
    assert changes.concerned(scope, marks) == set()
    household = next(one for one in Household.objects.all() if one.enrollments.count() > 1)
    clients = {one.client_id for one in household.enrollments.all()}
    Enrollment.objects.filter(pk=household.enrollments.first().pk).update(enrollment_coc="MA-501")
    everybody = set(Client.objects.values_list("pk", flat=True))
    assert clients <= changes.concerned(scope, marks) < everybody
    rename_project(wild.organization)
    assert changes.concerned(scope, marks) is None


def test_changes_elsewhere_concern_nobody(counted, bridge, charlie):
    scope, wild = counted
    narrow = Scope(scope.user, scope.today, wild.organization)
    Enrollment.objects.filter(organization=bridge).update(enrollment_coc="MA-501")
    rename_project(bridge)
    assert changes.concerned(narrow, StoredCounts.objects.get().marks) == set()
    assert kept_rows.possible_rows(MANAGERS, scope) is None
    assert kept_rows.possible_rows(MANAGERS, narrow) is not None


def test_many_changes_are_looked_for_among_all_rows(counted, monkeypatch):
    scope, wild = counted
    wild.write(2)
    assert kept_rows.possible_rows(MANAGERS, scope) is not None
    monkeypatch.setattr(changes, "MOST_CLIENTS", 1)
    assert kept_rows.possible_rows(MANAGERS, scope) is None
    assert_lists_are_right(scope)


def test_rows_of_another_day_or_of_other_rights_are_not_asked(counted, harbor):
    scope, _ = counted
    tomorrow = Scope(scope.user, scope.today + timedelta(days=1))
    assert kept_rows.possible_rows(MANAGERS, tomorrow) is None
    scope.user.memberships.exclude(organization=harbor).delete()
    less = Scope(type(scope.user).objects.get(pk=scope.user.pk), scope.today)
    assert kept_rows.possible_rows(MANAGERS, less) is None


def test_what_another_condition_of_the_rule_found_is_not_asked(dana, enrollment, today):
    scope = Scope(user=dana, today=today)
    StoredCounts.objects.opened(scope)
    count_all()
    rule = BY_KEY["name-missing"]
    assert lists._newest(rule, scope, None, most=9) == []
    released = replace(rule, wrong=Q(first_name=enrollment.client.first_name))
    assert lists._newest(released, scope, None, most=9) == [enrollment.client_id]
    assert kept_rows.possible_rows(rule, scope) is not None


def test_rule_that_found_many_keeps_nothing(both, harbor, today, monkeypatch):
    monkeypatch.setattr(kept_rows, "MOST", 3)
    Wild(5, harbor, both, today).write(12)
    scope = Scope(user=both, today=today)
    StoredCounts.objects.opened(scope)
    count_all()
    stored = StoredCounts.objects.get()
    few = {key for key, (found, _) in stored.counts.items() if found <= 3}
    assert {place.split()[0] for place in stored.rows} == few
    assert 0 < len(stored.rows) < len(RULES)
    assert_lists_are_right(scope)


def test_nothing_is_kept_beside_a_transaction_that_goes_on(counted, today, monkeypatch):
    """What it has written may be older than the marks, and is seen by nobody."""
    monkeypatch.setattr(changes, "SECONDS_BETWEEN", 0)
    with own_connection("test") as other, other.transaction():
        other.execute("LOCK TABLE enrollments_enrollmentevent IN ACCESS SHARE MODE")
        assert changes.writers_have_ended(), "who only reads is no writer"
        other.execute("LOCK TABLE enrollments_enrollmentevent IN ROW EXCLUSIVE MODE")
        assert not changes.writers_have_ended()
        StoredCounts.objects.update(queued_at=timezone.now())
        count_all()
        assert StoredCounts.objects.get().rows == {}
        assert StoredCounts.objects.get().counts
    assert changes.writers_have_ended()
    assert_lists_are_right(counted[0])
