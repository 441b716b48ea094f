"""The lists of rules that found few: what the count kept, asked again, and what changed since."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Membership, Organization, Project, Sharing
from clients.models import Client
from data_quality import changes, kept_rows, lists
from data_quality.models import StoredCounts
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.scope import Scope
from enrollments.models import CaseAssignment, Enrollment, Household, IncomeBenefits
from outbox.runs import own_connection
from records.visibility import Visibility
from tests.data_quality.conftest import DAY, FEW, NOON, count_all
from tests.data_quality.wild import Wild
from tests.factories import OrganizationFactory, UserFactory

MANAGERS = BY_KEY["without-case-manager"]


@dataclass
class Counted:
    """
    Args:
        scope: of the officer of two organizations, for whom these were counted.
        wild: of the records of the first one.
        bridge: the second one.
        found: what broke each rule then.
    """

    scope: Scope
    wild: Wild
    bridge: Organization
    found: dict[str, list[int]]


@cache
def statement(rule, scope) -> tuple[str, tuple[Any, ...]]:
    return lists.found(rule, scope).values_list("pk", flat=True).query.sql_with_params()


def in_order(rule, scope) -> list[int]:
    """All that breaks a rule, without anything kept."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(rule, scope))
        return [pk for (pk,) in cursor.fetchall()]


def assert_lists_are_right(scope: Scope, rules=RULES) -> None:
    for rule in rules:
        whole = in_order(rule, scope)
        assert lists._newest(rule, scope, None, most=len(whole) + 1) == whole, rule.key
        if len(whole) > 2:
            assert lists._newest(rule, scope, whole[1], most=1) == whole[2:3], rule.key


@pytest.fixture(scope="module")
@time_machine.travel(NOON, tick=False)
def counted_once(module_transaction) -> Counted:
    harbor, bridge = OrganizationFactory.create_batch(2)
    both = UserFactory(dqo_at=[harbor, bridge])
    wild = Wild(5, harbor, both, DAY)
    wild.write(12)
    Wild(6, bridge, both, DAY).write(6)
    hidden = Client.objects.filter(organization=harbor)[:3]
    Client.objects.filter(pk__in=hidden.values("pk")).update(
        organization=OrganizationFactory(), visibility=Visibility.OWN_ORGANIZATION
    )
    harbor.sharing = Sharing.OPEN
    harbor.save()
    scope = Scope(user=both, today=DAY)
    StoredCounts.objects.opened(scope)
    count_all()
    found = {rule.key: in_order(rule, scope) for rule in RULES}
    return Counted(scope, wild, bridge, found)


@pytest.fixture
def counted(counted_once, today, db):
    """Records of two organizations and their counts, to be changed by the test."""
    return deepcopy(counted_once)


def test_rows_of_every_rule_that_found_few_are_kept(counted):
    stored = StoredCounts.objects.get()
    for rule in RULES:
        rows = stored.rows[kept_rows.place(rule, counted.scope.today)]
        assert sorted(rows) == sorted(counted.found[rule.key]), rule.key
        assert len(rows) == stored.counts[rule.key][0], rule.key


def test_no_list_of_few_looks_through_all_rows(counted):
    scope, bridge = counted.scope, counted.bridge
    narrow = Scope(scope.user, scope.today, bridge, bridge.projects.first())
    with mock.patch("data_quality.lists._end_of", side_effect=AssertionError):
        for one in (scope, narrow):
            assert all(kept_rows.possible_rows(rule, one) is not None for rule in RULES)
            assert_lists_are_right(one)


def test_what_was_fixed_is_gone_at_once(counted):
    rule = BY_KEY["name-missing"]
    before = counted.found[rule.key]
    Client.objects.filter(pk=before[0]).update(name_data_quality=1)
    assert lists._newest(rule, counted.scope, None, most=200) == before[1:]


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


def differing(counted: Counted) -> list[Any]:
    """The rules that find other rows than were kept; what finds the same is not missed."""
    return [rule for rule in RULES if in_order(rule, counted.scope) != counted.found[rule.key]]


@pytest.mark.parametrize("change", CHANGES)
def test_what_breaks_a_rule_since_the_count_is_listed_at_once(counted, change):
    scope = counted.scope
    change(counted.wild)
    rules = differing(counted)
    assert any(set(in_order(rule, scope)) - set(counted.found[rule.key]) for rule in rules)
    assert_lists_are_right(scope, rules)


def rename_project(organization) -> None:
    project = organization.projects.first()
    project.project_name = "Another Name"
    project.save()


def test_whoever_is_in_one_household_is_concerned(counted):
    scope = counted.scope
    marks = StoredCounts.objects.get().marks
    assert changes.concerned(scope, marks) == set()
    household = next(one for one in Household.objects.all() if one.enrollments.count() > 1)
    clients = {one.client_id for one in household.enrollments.all()}
    Enrollment.objects.filter(pk=household.enrollments.first().pk).update(enrollment_coc="MA-501")
    everybody = set(Client.objects.values_list("pk", flat=True))
    assert clients <= changes.concerned(scope, marks) < everybody
    rename_project(counted.wild.organization)
    assert changes.concerned(scope, marks) is None


def test_changes_elsewhere_concern_nobody(counted):
    scope, bridge = counted.scope, counted.bridge
    UserFactory(at=[bridge])
    narrow = Scope(scope.user, scope.today, counted.wild.organization)
    Enrollment.objects.filter(organization=bridge).update(enrollment_coc="MA-501")
    rename_project(bridge)
    assert changes.concerned(narrow, StoredCounts.objects.get().marks) == set()
    assert kept_rows.possible_rows(MANAGERS, scope) is None
    assert kept_rows.possible_rows(MANAGERS, narrow) is not None


def test_many_changes_are_looked_for_among_all_rows(counted, monkeypatch):
    scope = counted.scope
    counted.wild.write(2)
    assert kept_rows.possible_rows(MANAGERS, scope) is not None
    monkeypatch.setattr(changes, "MOST_CLIENTS", 1)
    assert kept_rows.possible_rows(MANAGERS, scope) is None
    assert_lists_are_right(scope, differing(counted))


def test_rows_of_another_day_or_of_other_rights_are_not_asked(counted):
    scope = counted.scope
    tomorrow = Scope(scope.user, scope.today + timedelta(days=1))
    assert kept_rows.possible_rows(MANAGERS, tomorrow) is None
    scope.user.memberships.filter(organization=counted.bridge).delete()
    less = Scope(type(scope.user).objects.get(pk=scope.user.pk), scope.today)
    assert kept_rows.possible_rows(MANAGERS, less) is None


def test_what_another_condition_of_the_rule_found_is_not_asked(counted):
    rule, scope = BY_KEY["name-missing"], counted.scope
    released = replace(rule, wrong=Q(first_name="John"))
    found = in_order(released, scope)
    assert set(found) - set(counted.found[rule.key])
    assert lists._newest(released, scope, None, most=99) == found
    assert kept_rows.possible_rows(rule, scope) is not None


def test_rule_that_found_many_keeps_nothing(counted, monkeypatch):
    monkeypatch.setattr(kept_rows, "MOST", 3)
    StoredCounts.objects.update(queued_at=timezone.now())
    count_all()
    stored = StoredCounts.objects.get()
    few = {key for key, (found, _) in stored.counts.items() if found <= 3}
    assert {place.split()[0] for place in stored.rows} == few
    assert 0 < len(stored.rows) < len(RULES)
    assert {rule.key in few for rule in FEW} == {True, False}
    assert_lists_are_right(counted.scope, FEW)


def test_nothing_is_kept_beside_a_transaction_that_goes_on(counted, few_rules, monkeypatch):
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
    assert_lists_are_right(counted.scope, FEW)
