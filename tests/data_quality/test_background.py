"""The counts of the overview: made in the background, kept, and of nobody else's records."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from data_quality import background, lists
from data_quality.counts import rule_counts
from data_quality.models import FRESH_FOR, MOST_ATTEMPTS, MOST_WAITING, RECOUNTED_FOR, StoredCounts
from data_quality.rules.catalog import RULES
from data_quality.rules.scope import Scope
from enrollments.models import Enrollment
from outbox.runs import own_connection
from tests.data_quality.conftest import FEW, OVERVIEW, count_all, overview_of
from tests.data_quality.wild import Wild

pytestmark = pytest.mark.usefixtures("few_rules")
AGAIN = "/admin/quality/count/"
PROGRESS = "/admin/quality/progress/"


def found(stored: StoredCounts, key: str = "living-missing") -> int:
    stored.refresh_from_db()
    return stored.counts[key][0]


@pytest.fixture
def later(time_machine, today):
    def move(**after) -> None:
        time_machine.move_to(timezone.now() + timedelta(**after), tick=False)

    return move


def test_no_page_counts_and_the_first_one_says_that_it_is_counted(
    portal, dana, enrollment, theirs, today
):
    browser = portal(dana)
    with mock.patch("data_quality.background.rule_counts") as counting:
        page = browser.get(OVERVIEW)
        browser.post(AGAIN)
        browser.get(PROGRESS)
    assert not counting.called
    html = page.content.decode()
    assert "These records have not been counted yet." in html
    assert "The count waits for its turn." in html
    assert "Nothing found" not in html
    assert count_all() == 1
    html = browser.get(OVERVIEW).content.decode()
    assert "Counted 03/02/2026" in html
    assert "quality-progress" not in html
    assert "Prior Living Situation is missing" in html


def test_counted_is_as_many_as_the_list_has(dana, harbor, today, every_rule):
    """Of every rule, with records deleted and merged away among those of random households."""
    wild = Wild(3, harbor, dana, today)
    wild.write(30)
    theirs = list(Enrollment.objects.order_by("pk"))
    next(one for one in theirs if not one.is_head).mark_deleted(by=dana)
    gone, kept = theirs[1].client, theirs[-1].client
    type(gone).objects.filter(pk=gone.pk).update(
        merged_into=kept, date_deleted=timezone.now(), deleted_by=dana
    )
    scope = Scope(user=dana, today=today)
    StoredCounts.objects.opened(scope)
    count_all()
    stored = StoredCounts.objects.get()
    for rule in RULES:
        listed = sum(len(batch) for batch in lists.batches(rule, scope))
        assert stored.counts[rule.key][0] == listed, rule.key
    assert sum(number for number, of in stored.counts.values())


def test_counts_are_shared_by_those_of_the_same_rights_alone(
    portal, both, charlie, enrollment, theirs, boss, today
):
    """An officer of two, one of one, and an administrator have numbers of their own."""
    charlie.memberships.update(role="dqo")
    numbers = {
        user.email: overview_of(portal(user)).context["overview"].by_key["living-missing"].found
        for user in (both, charlie, boss)
    }
    assert list(numbers.values()) == [2, 1, 2]
    assert StoredCounts.objects.count() == 3


def test_whoever_loses_a_role_sees_none_of_its_counts(portal, both, enrollment, theirs, bridge):
    browser = portal(both)
    assert overview_of(browser).context["overview"].by_key["living-missing"].found == 2
    both.memberships.filter(organization=bridge).delete()
    page = browser.get(OVERVIEW)
    assert not page.context["overview"].by_key
    count_all()
    assert browser.get(OVERVIEW).context["overview"].by_key["living-missing"].found == 1


def test_what_is_queued_is_not_counted_by_rights_that_are_gone(portal, both, bridge, enrollment):
    portal(both).get(OVERVIEW)
    both.memberships.filter(organization=bridge).delete()
    assert count_all() == 0
    assert not StoredCounts.objects.exists()


def test_many_filters_of_one_user_keep_nobody_waiting(portal, dana, charlie, enrollment, later):
    charlie.memberships.update(role="dqo")
    browser = portal(dana)
    for day in range(1, 13):
        assert browser.get(OVERVIEW, {"active_from": f"01/{day:02}/2026"}).status_code == 200
    portal(charlie).get(OVERVIEW)
    queued = StoredCounts.objects.queued()
    assert [row.asked_by for row in queued] == [dana] * MOST_WAITING + [charlie]
    assert [row.active_from.day for row in queued[:MOST_WAITING]] == [8, 9, 10, 11, 12]
    later(minutes=1)
    browser.get(OVERVIEW, {"active_from": "01/01/2026"})
    assert queued.filter(active_from="2026-01-01").exists(), "it is queued where it is opened again"


def test_count_again_counts_what_was_fixed(portal, dana, enrollment, today):
    browser = portal(dana)
    overview_of(browser)
    enrollment.living_situation = 101
    enrollment.save()
    assert "Counting" not in browser.get(OVERVIEW).content.decode()
    assert browser.post(AGAIN + "?project=&x=1")["Location"] == OVERVIEW
    page = browser.get(OVERVIEW)
    assert "this page shows the last count" in page.content.decode()
    assert page.context["overview"].by_key["living-missing"].found == 1
    count_all()
    assert browser.get(OVERVIEW).context["overview"].by_key["living-missing"].found == 0


def test_coming_back_from_fixing_counts_again(portal, dana, enrollment, today):
    browser = portal(dana)
    overview_of(browser)
    browser.post(reverse("admin:quality_fix", args=["living-missing", enrollment.pk]))
    assert browser.get(OVERVIEW).context["stored"].queued_at


def test_old_counts_are_shown_while_they_are_counted_again(portal, dana, enrollment, later):
    browser = portal(dana)
    overview_of(browser)
    later(minutes=9)
    assert browser.get(OVERVIEW).context["stored"].queued_at is None
    later(minutes=2)
    page = browser.get(OVERVIEW)
    assert page.context["stored"].queued_at
    assert page.context["overview"].by_key["living-missing"].found == 1


def test_progress_is_a_fragment_that_prolongs_no_session_and_ends_with_the_page(
    portal, dana, enrollment, today
):
    browser = portal(dana)
    browser.get(OVERVIEW)
    StoredCounts.objects.update(attempts=1, steps_done=3, steps=40)
    answer = browser.get(PROGRESS)
    assert "3 of 40 steps done" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer
    count_all()
    assert browser.get(PROGRESS)["HX-Refresh"] == "true"


def test_progress_is_seen_while_it_counts(dana, enrollment, today):
    row = StoredCounts.objects.opened(Scope(user=dana, today=today))
    seen = []

    def look() -> None:
        row.refresh_from_db()
        seen.append((row.steps_done, row.steps))

    background.run_all(step=look)
    done, steps = zip(*seen, strict=True)
    assert len(seen) > steps[-1] > 4
    assert sorted(done) == list(done)
    assert done[-1] == steps[-1] - 1, "what few were found is read last"


def test_what_is_asked_for_while_it_counts_is_counted_again(dana, enrollment, today, later):
    scope = Scope(user=dana, today=today)
    row = StoredCounts.objects.opened(scope)

    def ask_once() -> None:
        if not row.attempts:
            later(seconds=5)
            row.refresh_from_db()
            row.note_opened(by=dana, again=True)
            row.attempts = 1

    assert background.work(StoredCounts.objects.get(), step=ask_once)
    row.refresh_from_db()
    assert row.queued_at
    assert row.counted_at
    assert count_all() == 1
    assert not StoredCounts.objects.queued()


def test_count_that_fails_is_tried_again_and_then_says_so(portal, dana, enrollment, today):
    browser = portal(dana)
    browser.get(OVERVIEW)
    with mock.patch("data_quality.background.rule_counts", side_effect=DatabaseError) as counting:
        assert count_all() == 0
    assert counting.call_count == MOST_ATTEMPTS
    html = browser.get(OVERVIEW).content.decode()
    assert "The records could not be counted" in html
    assert not StoredCounts.objects.queued()
    browser.post(AGAIN)
    assert count_all() == 1
    assert "could not" not in browser.get(OVERVIEW).content.decode()


def test_interrupted_count_is_begun_again_but_not_for_ever(dana, enrollment, today):
    StoredCounts.objects.opened(Scope(user=dana, today=today))
    for _ in range(MOST_ATTEMPTS):  # killed each time
        with (
            mock.patch("data_quality.background.rule_counts", side_effect=KeyboardInterrupt),
            pytest.raises(KeyboardInterrupt),
        ):
            count_all()
        assert StoredCounts.objects.queued()
    assert count_all() == 0
    assert StoredCounts.objects.get().has_failed


def test_counts_are_kept_where_their_rows_cannot_be_read(dana, enrollment, today, caplog):
    StoredCounts.objects.opened(Scope(user=dana, today=today))
    with mock.patch("data_quality.background.keys_of_few", side_effect=DatabaseError):
        assert count_all() == 1
    stored = StoredCounts.objects.get()
    assert (found(stored), stored.rows, stored.attempts) == (1, {}, 0)
    assert "without rows" in caplog.text


def test_rows_are_read_of_no_scope_with_filters(dana, enrollment, today):
    scope = Scope(user=dana, today=today, project=enrollment.project)
    StoredCounts.objects.opened(scope)
    with mock.patch("data_quality.background.keys_of_few", side_effect=AssertionError):
        assert count_all() == 1
    assert found(StoredCounts.objects.get()) == 1


def test_pages_of_counts_read_no_rows(portal, dana, enrollment, today):
    browser = portal(dana)
    overview_of(browser)
    with CaptureQueriesContext(connection) as queries:
        for url in (OVERVIEW, PROGRESS, "/admin/"):
            assert browser.get(url).status_code == 200
    asked = [one["sql"] for one in queries if 'FROM "data_quality_storedcounts"' in one["sql"]]
    assert len(asked) == 3
    assert not any('"rows"' in sql for sql in asked)


# Kept up to date


def test_what_has_changed_is_counted_again_by_itself(dana, enrollment, later, theirs):
    row = StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    later(minutes=5)
    enrollment.living_situation = 101
    enrollment.save()
    assert count_all() == 0  # just counted
    assert found(row) == 1
    later(minutes=6)
    assert count_all() == 1
    assert found(row) == 0


def change_client(enrollment) -> None:
    enrollment.client.first_name = "Jonathan"
    enrollment.client.save()


def change_project(enrollment) -> None:
    enrollment.project.operating_end_date = enrollment.entry_date
    enrollment.project.save()


def delete_enrollment(enrollment) -> None:
    enrollment.mark_deleted(by=enrollment.created_by)


@pytest.mark.parametrize("change", [change_client, change_project, delete_enrollment])
def test_each_change_is_noticed_of_the_own_organization_and_no_other(
    dana, enrollment, theirs, later, change
):
    StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    later(seconds=FRESH_FOR.total_seconds() + 1)
    change(theirs)
    assert background.queue_changed() == 0
    change(enrollment)
    assert background.queue_changed() == 1


def test_counts_of_yesterday_are_counted_again_as_rules_judge_by_the_day(dana, enrollment, later):
    StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    later(hours=1)
    assert count_all() == 0
    later(days=1)
    assert count_all() == 1


def test_what_users_wait_for_is_counted_before_what_has_changed(dana, enrollment, later):
    StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    later(days=1)
    waits = StoredCounts.objects.opened(
        Scope(user=dana, today=timezone.localdate(), project=enrollment.project)
    )

    def queue_changed() -> None:
        waits.refresh_from_db()
        assert waits.counted_at

    with mock.patch("data_quality.background.queue_changed", side_effect=queue_changed) as queue:
        assert count_all() == 1
    queue.assert_called_once()


def test_nobody_who_writes_is_waited_for_where_no_count_is_old(dana, enrollment):
    StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    with mock.patch("data_quality.changes.writers_have_ended", side_effect=AssertionError):
        assert count_all() == 0


def test_page_that_nobody_opens_is_forgotten(dana, enrollment, later):
    StoredCounts.objects.opened(Scope(user=dana, today=timezone.localdate()))
    count_all()
    later(seconds=RECOUNTED_FOR.total_seconds() + 1)
    assert count_all() == 0
    assert not StoredCounts.objects.exists()


def test_filtered_counts_are_not_kept_up_to_date(dana, enrollment, later):
    scope = Scope(user=dana, today=timezone.localdate(), project=enrollment.project)
    StoredCounts.objects.opened(scope)
    count_all()
    later(days=1)
    assert count_all() == 0


# The command


def test_command_counts_and_two_at_once_are_one(dana, enrollment, today):
    scope = Scope(user=dana, today=today)
    row = StoredCounts.objects.opened(scope)
    with own_connection("test") as other, background.turn(other) as is_ours:
        assert is_ours
        call_command("count_quality")
        row.refresh_from_db()
        assert row.queued_at
    call_command("count_quality")
    row.refresh_from_db()
    assert row.queued_at is None
    assert row.counts == {one.rule.key: [one.found, one.of] for one in rule_counts(scope, FEW)}


def test_stored_counts_hold_numbers_alone(dana, enrollment, john, today):
    StoredCounts.objects.opened(Scope(user=dana, today=today))
    count_all()
    values = StoredCounts.objects.values("counts", "marks").get()
    assert john.last_name not in str(values)
    assert all(isinstance(number, int) for pair in values["counts"].values() for number in pair)
