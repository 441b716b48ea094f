"""The step Release of Information: who is asked, what is kept, what Review says (R13.3, R13.4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client, Release
from consent.forms import GROWN_UP
from consent.intake.form import READ_AGAIN
from consent.signing.asked import end_of
from consent.texts.actions import retire
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start, start_again
from enrollments.intake.draft.steps import steps_for, steps_of
from enrollments.models import IntakeDraft
from records.models import Visibility
from tests.consent.factories import ReleaseFactory, published, revoked
from tests.consent.intake.conftest import STEP
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.intake.conftest import MY_DAY
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
SHOWN = {0: "1", 1: "3", 2: "2"}  # the head, the spouse, the child


def enrolled(walk, project, *clients):
    assert walk.enroll(project, *clients, relationships=SHOWN).status_code == 302
    return walk


# when there is the step


def test_step_is_not_there_where_everything_is_shared_and_there_is_no_text(walk):
    assert STEP not in steps_of(walk.fresh())
    assert walk.see(STEP).status_code == 404
    assert STEP not in steps_for("intake")


@pytest.mark.parametrize("chosen", ["parts", "required"])
def test_step_is_there_where_the_agency_shares_on_a_release(walk, policy, chosen):
    policy(chosen)
    assert steps_of(walk.fresh())[-2:] == (STEP, Step.REVIEW)


def test_step_is_there_where_there_is_a_text(walk, text):
    assert steps_of(walk.fresh())[-2:] == (STEP, Step.REVIEW)


def test_text_of_another_organization_asks_nobody_here(walk, alice, bridge):
    published(by=alice, organization=bridge)
    assert STEP not in steps_of(walk.fresh())


def test_victim_service_providers_ask_nobody(walk, policy, harbor):
    policy("required")
    harbor.victim_service_provider = True
    harbor.save(update_fields=["victim_service_provider"])
    assert STEP not in steps_of(walk.fresh())


def test_step_that_a_draft_has_come_to_stays_when_the_text_is_retired(walk, project, ann, text):
    enrolled(walk, project, ann)
    walk.save(STEP, {f"c{ann.pk}-kind": "refused"})
    retire(version=text, by=walk.draft.created_by)
    assert walk.see(STEP).status_code == 200
    walk.draft.step = STEP
    walk.draft.save(update_fields=["step"])
    assert walk.browser.get(walk.draft.get_absolute_url()).status_code == 200


def test_enrollment_that_is_reopened_or_assessed_asks_nobody(alice, ann, project, text):
    row = EnrollmentFactory(client=ann, project=project, created_by=alice)
    for kind in (IntakeDraft.Kind.REOPEN, IntakeDraft.Kind.UPDATE):
        assert STEP not in steps_of(start_again(kind=kind, enrollment=row, by=alice))


def test_who_joins_a_household_is_asked(alice, harbor, ann, project, text):
    row = EnrollmentFactory(client=ann, project=project, created_by=alice)
    kind = IntakeDraft.Kind.MEMBER
    joins = start(
        kind=kind, by=alice, organization=harbor, client=ann, household=row.household, members=[row]
    )
    assert STEP in steps_of(joins)


# who is asked


def test_adults_answer_alone_and_children_with_the_head(
    walk, project, ann, ben, cal, text, signers
):
    enrolled(walk, project, ann, ben, cal)
    assert signers.groups == [["Ann", "Cal"], ["Ben"]]


def test_another_adult_can_be_chosen_as_guardian(walk, project, ann, ben, cal, text, signers):
    enrolled(walk, project, ann, ben, cal)
    walk.save(STEP, {f"c{cal.pk}-guardian": str(ben.pk)}, button="copy")
    assert signers.groups == [["Ann"], ["Ben", "Cal"]]


@pytest.mark.parametrize("chosen", ["0", "x", "9" * 20, "9" * 5000, "-1", "²"])
def test_guardian_who_is_no_member_leaves_the_child_alone(
    walk, project, ann, ben, cal, text, signers, chosen
):
    enrolled(walk, project, ann, ben, cal)
    walk.save(STEP, {f"c{cal.pk}-guardian": chosen}, button="copy")
    assert signers.groups == [["Ann"], ["Ben"], ["Cal"]]


def test_who_has_a_release_is_listed_and_not_asked(walk, project, ann, ben, cal, text, signers):
    ReleaseFactory(client=ann)
    enrolled(walk, project, ann, ben, cal)
    assert signers.groups == [["Ben"], ["Cal"]]
    (in_force,) = walk.see(STEP).context["in_force"]
    assert (in_force.person.client, in_force.ends_on) == (ann, None)


def test_client_bar_of_the_wizard_has_the_badge_of_releases(walk, project, ann, text):
    ReleaseFactory(client=ann)
    bar = walk.see(Step.BASIC).text.partition('aria-label="Client"')[2].partition("</section>")[0]
    assert "Release in force" in bar


@pytest.mark.parametrize(("days", "is_asked"), [(30, True), (31, False), (-1, True)])
def test_release_that_ends_within_30_days_is_asked_for_again(
    walk, project, ann, text, signers, today, days, is_asked
):
    begin = today - timedelta(days=100)
    ends = today + timedelta(days=days)
    ReleaseFactory(client=ann, answered_on=begin, begins_on=begin, ends_on=ends)
    enrolled(walk, project, ann)
    assert bool(signers.groups) is is_asked


@pytest.mark.parametrize("state", ["refused", "revoked", "one organization"])
def test_who_refused_revoked_or_named_one_organization_is_asked(
    walk, project, ann, text, signers, bridge, state
):
    release = ReleaseFactory(
        client=ann, refused=state == "refused", covers=bridge if "one" in state else None
    )
    if state == "revoked":
        revoked(release)
    enrolled(walk, project, ann)
    assert signers.groups == [["Ann"]]


def test_restricted_clients_are_not_asked(walk, project, ann, ben, text, signers):
    ann.visibility = Visibility.OWN_ORGANIZATION
    ann.save(update_fields=["visibility"])
    enrolled(walk, project, ann, ben)
    assert signers.groups == [["Ben"]]


def test_review_says_nothing_of_a_step_that_asks_nobody(walk, project, ann, text):
    enrolled(walk, project, ann)
    assert STEP in walk.see(Step.REVIEW).context["summaries"]
    ann.visibility = Visibility.OWN_ORGANIZATION
    ann.save(update_fields=["visibility"])
    assert STEP not in walk.see(Step.REVIEW).context["summaries"]


def test_nobody_is_asked_before_the_project_is_chosen(walk, text):
    assert walk.see(STEP)["Location"] == walk.url(Step.PROGRAM)


# what it costs


@pytest.mark.parametrize("there_is", ["no text", "a text"])
def test_pages_of_an_intake_take_at_most_2_queries_more_and_none_without_a_text(
    walk, project, ann, ben, cal, signers, alice, settings, there_is
):
    if there_is == "a text":
        published(by=alice)
    enrolled(walk, project, ann, ben, cal)
    steps = [step for step in steps_of(walk.fresh()) if step != STEP]
    with_it = {step: queries_of(walk, step) for step in steps}
    settings.INTAKE_STEPS = {}
    without = {step: queries_of(walk, step) for step in steps}
    more = {step: with_it[step] - without[step] for step in steps}
    most = 2 if there_is == "a text" else 0
    assert max(more.values()) <= most, more


def test_step_of_eight_adults_takes_at_most_15_queries(
    walk, project, ann, text, signers, harbor, alice
):
    others = [ClientFactory(organization=harbor, created_by=alice) for _ in range(7)]
    assert walk.enroll(project, ann, *others, relationships={0: "1", 1: "3"}).status_code == 302
    assert len(signers.groups) == 8
    assert queries_of(walk, STEP) <= 15


def queries_of(walk, step) -> int:
    walk.see(step)  # what a process reads once is read
    with CaptureQueriesContext(connection) as queries:
        assert walk.see(step).status_code == 200
    return len(queries)


@pytest.mark.parametrize("there_is", ["no text", "a text"])
def test_closing_page_leads_to_a_release_where_the_intake_asks_for_one(
    walk, project, ann, alice, there_is
):
    if there_is == "a text":
        published(by=alice)
    enrolled(walk, project, ann)
    page = walk.browser.get(walk.finish()["Location"]).content.decode()
    assert (reverse("consent:add_release", args=[ann.pk]) in page) is (there_is == "a text")
    assert ("Upload Consent" in page) is (there_is == "no text")


# what is kept, and what Finish writes


def test_step_left_empty_is_in_order_and_writes_nothing(walk, project, ann, text, signers, alice):
    enrolled(walk, project, ann)
    assert walk.save(STEP, {f"c{ann.pk}-kind": ""})["Location"] == walk.url(Step.REVIEW)
    assert signers.summary() == {"Ann Lee": "Not asked yet"}
    signers.finish(alice)
    assert not Release.objects.exists()


def test_step_that_was_passed_over_keeps_nobody_from_finishing(
    walk, project, ann, text, alice, signers
):
    enrolled(walk, project, ann)
    assert signers.finish(alice).finished_at
    assert not Release.objects.exists()


def test_draft_that_waited_at_review_before_there_was_a_text_has_the_step_and_can_be_finished(
    walk, project, ann, alice, signers
):
    enrolled(walk, project, ann)
    while walk.fresh().step != Step.REVIEW:
        walk.save(walk.fresh().step)
    published(by=alice)
    bar = {one["label"]: one["url"] for one in walk.see(Step.REVIEW).context["steps"]}
    assert bar["Release of Information"] == walk.url(STEP)
    assert signers.summary() == {"Ann Lee": "Not asked yet"}
    assert signers.finish(alice).finished_at


def test_verbal_release_is_written_by_finish_and_ends_when_the_text_says(
    walk, project, ann, cal, text, signers, today, alice, bob, harbor
):
    enrolled(walk, project, ann, cal)
    day = today - timedelta(days=1)
    said = {"kind": "verbal", "witness": str(bob.pk), "answered_on": day.strftime(MY_DAY)}
    answers = {f"c{ann.pk}-{name}": value for name, value in said.items()}
    assert walk.save(STEP, answers)["Location"] == walk.url(Step.REVIEW)
    assert not Release.objects.exists()
    assert f"before {bob}" in signers.summary()["Cal Lee"]
    signers.finish(alice)
    for row in Release.objects.all():
        assert (row.kind, row.organization, row.witness) == ("verbal", harbor, bob)
        assert row.answered_on == day
    of_ann, of_cal = Release.objects.get(client=ann), Release.objects.get(client=cal)
    assert (of_ann.signed_by, of_cal.signed_by) == ("client", "guardian")
    assert of_cal.guardian_name == "Ann Lee"
    assert of_ann.ends_on == end_of(text, day)


def test_refusal_is_written_and_has_no_end(walk, project, ann, text, signers, alice):
    enrolled(walk, project, ann)
    walk.save(STEP, {f"c{ann.pk}-kind": "refused"})
    assert signers.summary()["Ann Lee"].startswith("Refused on ")
    signers.finish(alice)
    assert (Release.objects.get().kind, Release.objects.get().ends_on) == ("refused", None)


@pytest.mark.parametrize("witness", ["", "alice", "charlie", "x", "0"])
def test_verbal_release_needs_a_colleague_who_heard_it_too(
    walk, project, ann, text, alice, charlie, witness
):
    enrolled(walk, project, ann)
    key = {"alice": alice.pk, "charlie": charlie.pk}.get(witness, witness)
    answers = {f"c{ann.pk}-kind": "verbal", f"c{ann.pk}-witness": str(key)}
    page = walk.save(STEP, answers)
    assert page.status_code == 200
    (error,) = page.context["errors"]
    assert (error.anchor, error.who) == (f"id_c{ann.pk}-witness", "Ann Lee")


def test_child_alone_needs_the_name_of_who_answers(walk, project, ann, cal, text, signers, alice):
    enrolled(walk, project, ann, cal)
    typed = {f"c{cal.pk}-guardian": "0", f"c{cal.pk}-kind": "refused", f"c{ann.pk}-kind": ""}
    assert walk.save(STEP, typed).status_code == 200
    typed[f"c{cal.pk}-guardian_name"] = "Gloria Guardian"
    assert walk.save(STEP, typed).status_code == 302
    signers.finish(alice)
    row = Release.objects.get()
    assert (row.client, row.guardian_name, row.signed_by) == (cal, "Gloria Guardian", "guardian")


@pytest.mark.parametrize("day", ["03/01/2099", "02/30/2020", "never"])
def test_answer_of_an_impossible_day_is_refused(walk, project, ann, text, day):
    enrolled(walk, project, ann)
    answers = {f"c{ann.pk}-kind": "refused", f"c{ann.pk}-answered_on": day}
    assert walk.save(STEP, answers).status_code == 200


@pytest.mark.parametrize("kind", ["verbal", "refused"])
def test_answer_of_who_was_under_18_on_that_day_is_refused(
    walk, project, ann, text, today, bob, kind
):
    Client.objects.filter(pk=ann.pk).update(dob=today.replace(year=today.year - 18))
    enrolled(walk, project, ann)
    day = (today - timedelta(days=1)).strftime(MY_DAY)
    answers = {"kind": kind, "answered_on": day, "witness": str(bob.pk)}
    sent = {f"c{ann.pk}-{name}": value for name, value in answers.items()}
    (error,) = walk.save(STEP, sent).context["errors"]
    assert (error.text, error.anchor) == (GROWN_UP.format("Ann Lee"), f"id_c{ann.pk}-answered_on")
    sent[f"c{ann.pk}-answered_on"] = today.strftime(MY_DAY)
    assert walk.save(STEP, sent).status_code == 302


def test_review_leads_back_to_an_answer_that_is_wrong_and_finish_refuses(walk, project, ann, text):
    enrolled(walk, project, ann)
    walk.save(STEP, {f"c{ann.pk}-kind": "verbal"}, button="close")
    errors = walk.see(Step.REVIEW).context["errors"]
    assert [(one.step, one.page) for one in errors] == [(STEP, walk.url(STEP))]
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    assert IntakeDraft.objects.get().finished_at is None


def test_release_that_cannot_be_written_lets_nothing_be_written(
    walk, project, ann, text, bob, harbor
):
    enrolled(walk, project, ann)
    walk.save(STEP, {f"c{ann.pk}-kind": "verbal", f"c{ann.pk}-witness": str(bob.pk)})
    bob.memberships.all().delete()
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    assert not ann.enrollments.exists()


def test_what_is_typed_is_kept_while_typing(walk, project, ann, text):
    enrolled(walk, project, ann)
    data = {f"c{ann.pk}-kind": "refused", "tab": "a", "seen": "0"}
    assert walk.browser.post(walk.url(STEP, "autosave/"), data).status_code == 200
    (group,) = walk.see(STEP).context["groups"]
    assert group.spoken.way == "refused"


@pytest.mark.parametrize("visibility", Visibility)
def test_who_joins_is_answered_for_by_the_head_who_is_there_and_not_restricted(
    alice, harbor, ann, project, text, portal, today, visibility
):
    ann.visibility = visibility
    ann.save(update_fields=["visibility"])
    row = EnrollmentFactory(client=ann, project=project, created_by=alice)
    born = today - timedelta(days=40)
    baby = ClientFactory(organization=harbor, created_by=alice, dob=born)
    kind = IntakeDraft.Kind.MEMBER
    joins = start(
        kind=kind, by=alice, organization=harbor, client=ann, household=row.household, members=[row]
    )
    joins.answers.people = [baby.pk]
    joins.answers.household = {
        "project": project.pk,
        "members": [
            {
                "client": baby.pk,
                "entry_date": str(born),
                "relationship": 2,
                "case_manager": None,
            }
        ],
    }
    joins.keep()
    page = portal(alice).get(reverse("enrollments:intake_step", args=[joins.pk, STEP]))
    (group,) = page.context["groups"]
    assert [one.client for one in group.group.people] == [baby]
    is_shared = visibility == Visibility.ALL_ORGANIZATIONS
    assert group.group.guardian_name == ("Ann Lee" if is_shared else "")


def test_page_names_whom_somebody_refused_before(walk, policy, project, ann, ben, bridge):
    policy("required")
    enrolled(walk, project, ann, ben)
    assert "Still refused" not in walk.see(STEP).text
    ReleaseFactory(client=ann, refused=True, covers=bridge)
    assert f"Still refused: {bridge} (Ann Lee)." in walk.see(STEP).text


def test_step_that_is_not_asked_any_more_leads_on(walk, policy, project, ann):
    """It was open by a link when the policy was relaxed: nothing is lost but its answer."""
    policy("required")
    enrolled(walk, project, ann)
    draft = walk.fresh()
    policy("open")
    answer = walk.browser.post(walk.url(STEP), {"tab": "a", "next": "1"}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == draft.get_absolute_url()
    assert "That step is not asked any more." in answer.text


@pytest.mark.parametrize("place", [1, 2], ids=["an adult", "a child"])
def test_who_joins_the_draft_later_answers_alone_or_lets_the_guardian_sign_again(
    walk, project, ann, ben, cal, text, signers, alice, place
):
    later = [ann, ben, cal][place]
    enrolled(walk, project, ann)
    signers.sign(ann)
    walk.save(Step.FAMILY, {"member": [later.pk]})
    walk.save(Step.PROGRAM, walk.program(project, ann, later, relationships={0: "1", 1: "2"}))
    errors = walk.see(Step.REVIEW).context["errors"]
    if later == ben:
        assert not errors
        assert signers.summary()["Ben Lee"] == "Not asked yet"
        signers.finish(alice)
        assert [row.client for row in Release.objects.all()] == [ann]
    else:
        assert [error.text for error in errors] == [READ_AGAIN]
        signers.sign(ann)
        signers.finish(alice)
        assert {row.client for row in Release.objects.all()} == {ann, cal}
