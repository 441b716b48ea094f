"""Who is mailed what, and when: at once or in a digest, reminded, escalated (10.3, 10.4)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agencies.models import Membership, User
from cas.choices import Purpose
from cas.mail import plan
from cas.models import DeliveryItem, Event, MailRhythm, Notification
from clients.models import Client
from outbox.models import Delivery, MailRun, Outcome
from tests.cas.factories import EventFactory, PreferenceFactory
from tests.cas.mail.conftest import NOON, mailed, notify, works_with
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, UserFactory

FIRST, REMINDER, ESCALATION = Purpose.FIRST, Purpose.REMINDER, Purpose.ESCALATION


@pytest.fixture
def by_digest():
    def wants(user):
        return PreferenceFactory(user=user, mail=MailRhythm.DAILY)

    return wants


def test_recipient_who_left_is_not_mailed(cron, smtp_server, alice, john):
    notify(alice, john)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert cron.run().planned == 0


def test_recipient_whose_assignment_has_ended_is_not_mailed(cron, smtp_server, bob, john):
    works_with(bob, john, begins_on=date(2026, 1, 5), ends_on=NOON.date())
    notify(bob, john)
    assert cron.run().planned == 0


def test_recipient_whose_assignment_ends_tomorrow_is_mailed(cron, smtp_server, bob, john):
    works_with(bob, john, begins_on=date(2026, 1, 5), ends_on=NOON.date() + timedelta(days=1))
    notify(bob, john)
    assert cron.run().sent == 1


def test_recipient_who_is_unassigned_hears_of_that(cron, smtp_server, bob, john):
    notify(bob, john, kind=Notification.Kind.UNASSIGNED)
    assert cron.run().sent == 1


@pytest.mark.parametrize("answer", ["opened_at", "dismissed_at", "resolved_at"])
def test_what_is_answered_is_not_mailed(cron, smtp_server, alice, john, answer):
    notify(alice, john, **{answer: NOON})
    assert cron.run().planned == 0


@pytest.mark.parametrize("answer", ["opened_at", "dismissed_at", "resolved_at"])
def test_what_is_answered_while_its_mail_waits_is_not_mailed(
    cron, smtp_server, alice, john, answer
):
    one = notify(alice, john)
    cron.run(limit=0)
    assert Delivery.objects.count() == 1
    Notification.objects.filter(pk=one.pk).update(**{answer: NOON})
    assert cron.run().withdrawn == 1
    assert not smtp_server.taken
    assert not Delivery.objects.exists()


def test_snoozed_waits_and_is_mailed_when_it_wakes(cron, smtp_server, alice, john):
    one = notify(alice, john)
    cron.run(limit=0)
    Notification.objects.filter(pk=one.pk).update(snoozed_until=NOON + timedelta(days=1))
    cron.run()
    assert not smtp_server.taken
    cron.wait(days=1, minutes=1).run()
    assert smtp_server.notified == {str(one.public_id): 1}


def test_handed_over_goes_to_the_new_case_manager(cron, smtp_server, alice, bob, john):
    one = notify(alice, john)
    cron.run(limit=0)
    works_with(bob, john)
    Notification.objects.filter(pk=one.pk).reassign(bob)
    cron.run()
    assert [mail.to for mail in smtp_server.taken] == [bob.email]


def test_handed_over_after_its_mail_is_notified_to_the_new_one_too(
    cron, smtp_server, alice, bob, john
):
    one = notify(alice, john)
    cron.run()
    works_with(bob, john)
    Notification.objects.filter(pk=one.pk).reassign(bob)
    cron.wait(minutes=5).run()
    assert [mail.to for mail in smtp_server.taken] == [alice.email, bob.email]


def test_what_is_so_again_is_notified_again(cron, smtp_server, alice, john):
    one = notify(alice, john)
    cron.run()
    Notification.objects.filter(pk=one.pk).update(created_at=NOON + timedelta(days=1))
    cron.wait(days=1, minutes=1).run()
    assert mailed(one) == [(FIRST, 1), (FIRST, 1)]


@pytest.mark.parametrize("own_client", [False, True])
@pytest.mark.parametrize("own_enrollment", [False, True])
@pytest.mark.parametrize("own_event", [None, False, True])
def test_who_is_mailed_is_who_may_see_client_and_event(
    db, harbor, bridge, alice, charlie, own_client, own_enrollment, own_event
):
    """The same rule as of the pages, for many users in one query."""
    administrator = UserFactory(is_superuser=True)
    visibility = {False: "all", True: "own"}
    client = ClientFactory(organization=harbor, visibility=visibility[own_client])
    enrollment = EnrollmentFactory(client=client, visibility=visibility[own_enrollment])
    event = None
    if own_event is not None:
        event = EventFactory(
            enrollment=enrollment, organization=bridge, visibility=visibility[own_event]
        )
    expected = set()
    for user in (alice, charlie, administrator):
        works_with(user, client)
        notify(user, client, event=event)
        sees_client = Client.objects.visible_to(user).filter(pk=client.pk).exists()
        sees_event = not event or Event.objects.visible_to(user).filter(pk=event.pk).exists()
        if sees_client and sees_event:
            expected.add(user.pk)
    found = plan.first_notices(plan.mailable(NOON)).values_list("recipient", flat=True)
    assert set(found) == expected
    assert administrator.pk in expected


@pytest.mark.parametrize("what", ["client", "event"])
def test_nothing_is_mailed_of_what_is_deleted(db, alice, john, what):
    event = EventFactory(enrollment=john.enrollments.first())
    one = notify(alice, john, event=event)
    assert list(plan.first_notices(plan.mailable(NOON))) == [one]
    {"client": john, "event": event}[what].mark_deleted(by=alice)
    Notification.objects.update(resolved_at=None)
    assert list(plan.first_notices(plan.mailable(NOON))) == []


def test_digest_is_one_mail_a_day_at_its_hour(cron, smtp_server, alice, john, by_digest):
    by_digest(alice)
    cron.now = NOON.replace(hour=6)
    early = notify(alice, john, 3, at=cron.now)
    assert cron.run().planned == 0
    run = cron.wait(hours=1).run()
    assert (run.sent, run.notified) == (1, 3)
    late = notify(alice, john, 2, at=cron.now + timedelta(hours=1))
    cron.wait(hours=2).run()
    assert len(smtp_server.taken) == 1
    cron.wait(hours=22).run()
    assert [len(mail.public_ids) for mail in smtp_server.taken] == [3, 2]
    assert smtp_server.notified == {str(one.public_id): 1 for one in early + late}
    assert smtp_server.taken[0].subject == "3 Coordinated Access notifications"


def test_digest_that_cron_missed_at_its_hour_is_sent_later(
    cron, smtp_server, alice, john, by_digest
):
    by_digest(alice)
    notify(alice, john, 2, at=NOON - timedelta(days=1))
    cron.run()
    assert len(smtp_server.taken) == 1


def test_digest_leaves_out_what_was_answered_meanwhile(cron, smtp_server, alice, john, by_digest):
    by_digest(alice)
    one, other = notify(alice, john, 2, at=NOON - timedelta(days=1))
    cron.run(limit=0)
    Notification.objects.filter(pk=one.pk).update(opened_at=NOON)
    cron.run()
    assert smtp_server.notified == {str(other.public_id): 1}
    assert mailed(one) == []


def test_long_digest_lists_the_first_hundred(cron, smtp_server, alice, john, by_digest):
    by_digest(alice)
    notify(alice, john, 103, at=NOON - timedelta(days=1))
    assert cron.run().notified == 103
    (mail,) = smtp_server.taken
    assert len(mail.public_ids) == 100
    assert "And 3 more." in mail.text
    assert mail.subject == "103 Coordinated Access notifications"


def test_unanswered_is_reminded_twice_then_escalated(cron, smtp_server, alice, john, cass):
    one = notify(alice, john)
    for _ in range(20):
        cron.run()
        cron.wait(days=1)
    assert mailed(one) == [(FIRST, 1), (REMINDER, 1), (REMINDER, 2), (ESCALATION, 1)]
    days = [
        (item.delivery.resolved_at - NOON).days
        for item in DeliveryItem.objects.order_by("pk").select_related("delivery")
    ]
    assert days == [0, 3, 6, 7]
    assert [mail.to for mail in smtp_server.taken] == [alice.email] * 3 + [cass.email]
    assert [mail.subject for mail in smtp_server.taken][1:] == [
        f"Reminder: Coordinated Access notification {one.reference}",
        f"Reminder: Coordinated Access notification {one.reference}",
        f"Unanswered: Coordinated Access notification {one.reference}",
    ]


def test_what_is_due_by_the_day_is_looked_for_by_the_first_run_of_an_hour(
    cron, smtp_server, alice, bob, john, cass, by_digest
):
    by_digest(bob)
    works_with(bob, john)
    one = notify(alice, john)
    cron.wait(minutes=30).run()
    cron.wait(days=3, minutes=-20).run()  # 12:10: nothing is due yet
    notify(bob, john, at=cron.now.replace(hour=6))
    second = notify(alice, john, at=cron.now)
    cron.wait(minutes=25).run()  # 12:35
    assert mailed(one) == [(FIRST, 1)]
    assert mailed(second) == [(FIRST, 1)]
    assert {mail.to for mail in smtp_server.taken} == {alice.email}
    cron.wait(minutes=25).run()  # 13:00
    assert mailed(one) == [(FIRST, 1), (REMINDER, 1)]
    assert {mail.to for mail in smtp_server.taken} == {alice.email, bob.email}


@pytest.mark.parametrize(
    ("ended_after", "outcome", "by_cron", "has_planned"),
    [
        (1, Outcome.DONE, True, True),
        (1, Outcome.SERVER_DOWN, True, True),
        (1, Outcome.BROKEN, True, False),
        (None, Outcome.RUNNING, True, False),
        (1, Outcome.DONE, False, False),
    ],
)
def test_run_of_cron_that_got_to_its_end_has_planned_for_its_hour(
    db, ended_after, outcome, by_cron, has_planned
):
    ended_at = NOON + timedelta(minutes=ended_after) if ended_after else None
    MailRun.objects.create(started_at=NOON, ended_at=ended_at, outcome=outcome, by_cron=by_cron)
    runs = MailRun.objects.of_cron()
    assert runs.has_planned_in_hour(NOON + timedelta(minutes=59)) is has_planned
    assert not runs.has_planned_in_hour(NOON + timedelta(minutes=60))


def test_answered_is_not_reminded_and_not_escalated(cron, smtp_server, alice, john, cass):
    one = notify(alice, john)
    cron.run()
    Notification.objects.filter(pk=one.pk).update(opened_at=NOON)
    for _ in range(10):
        cron.wait(days=1).run()
    assert mailed(one) == [(FIRST, 1)]


def test_reminder_counts_from_the_end_of_a_snooze(cron, smtp_server, alice, john):
    one = notify(alice, john)
    cron.run()
    Notification.objects.filter(pk=one.pk).update(snoozed_until=NOON + timedelta(days=2))
    cron.wait(days=4).run()
    assert mailed(one) == [(FIRST, 1)]
    cron.wait(days=1).run()
    assert mailed(one) == [(FIRST, 1), (REMINDER, 1)]


def test_mail_that_waits_for_its_server_is_not_followed_by_a_reminder(
    cron, smtp_server, alice, john, cass
):
    one = notify(alice, john)
    smtp_server.close()
    for _ in range(9):
        cron.run()
        cron.wait(days=1)
    assert mailed(one) == [(FIRST, 1)]
    smtp_server.open()
    cron.run()
    assert len(smtp_server.taken) == 1


def test_several_that_are_unanswered_are_one_reminder(cron, smtp_server, alice, john):
    notify(alice, john, 4)
    cron.run()
    cron.wait(days=3).run()
    assert [len(mail.public_ids) for mail in smtp_server.taken] == [1, 1, 1, 1, 4]
    assert smtp_server.taken[-1].text.count("not opened yet") == 4


def test_escalation_goes_to_active_members_of_cas_organizations(
    cron, smtp_server, alice, john, cass, dana, cas_organization
):
    colleague = UserFactory(at=[cas_organization])
    UserFactory(at=[cas_organization], is_active=False)
    notify(alice, john, 3)
    cron.run()
    smtp_server.taken.clear()
    cron.wait(days=7).run()
    (_, *escalations) = smtp_server.taken
    assert {mail.to for mail in escalations} == {cass.email, colleague.email}
    assert {mail.subject for mail in escalations} == {
        "Unanswered: 3 Coordinated Access notifications"
    }
    assert "https://hmis.example.org/cas/deliveries/" in escalations[0].text


def test_administrator_who_leaves_meanwhile_gets_no_escalation(
    cron, smtp_server, alice, john, cass
):
    notify(alice, john)
    cron.run()
    cron.wait(days=7).run(limit=0)
    Membership.objects.filter(user=cass).delete()
    cron.run()
    assert {mail.to for mail in smtp_server.taken} == {alice.email}


def test_what_has_no_case_manager_any_more_is_escalated(cron, smtp_server, bob, john, cass):
    one = notify(bob, john)
    cron.run()
    assert not smtp_server.taken
    cron.wait(days=7).run()
    assert [mail.to for mail in smtp_server.taken] == [cass.email]
    assert mailed(one) == [(ESCALATION, 1)]


def test_being_unassigned_a_case_is_not_escalated(cron, smtp_server, alice, john, cass):
    one = notify(alice, john, kind=Notification.Kind.UNASSIGNED)
    for _ in range(9):
        cron.run()
        cron.wait(days=1)
    assert ESCALATION not in {purpose for purpose, _ in mailed(one)}


def test_digest_of_an_administrator_holds_own_notifications_and_escalations(
    cron, smtp_server, alice, john, cass, by_digest
):
    by_digest(cass)
    works_with(cass, john)
    notify(alice, john)
    cron.run()
    notify(cass, john, at=NOON + timedelta(days=7))
    smtp_server.taken.clear()
    cron.wait(days=7).run()
    cron.wait(days=1).run()
    (digest,) = [mail for mail in smtp_server.taken if mail.to == cass.email]
    assert len(digest.public_ids) == 1
    words = "Nobody has answered this notification of Coordinated Access in 7 days"
    assert words in digest.text


@pytest.mark.parametrize("name", ["CAS_REMINDER_DAYS", "CAS_ESCALATION_DAYS"])
def test_zero_days_is_never(cron, smtp_server, alice, john, cass, settings, name):
    setattr(settings, name, 0)
    one = notify(alice, john)
    for _ in range(9):
        cron.run()
        cron.wait(days=1)
    without = REMINDER if name == "CAS_REMINDER_DAYS" else ESCALATION
    assert without not in {purpose for purpose, _ in mailed(one)}
    assert len(mailed(one)) > 1


def test_mail_holds_nothing_about_a_person(cron, smtp_server, alice, john, cass):
    Client.objects.filter(pk=john.pk).update(phone="617-555-0142")
    notify(alice, john, kind=Notification.Kind.DOCUMENTS_VERIFIED)
    for _ in range(9):
        cron.run()
        cron.wait(days=1)
    assert len(smtp_server.taken) == 4
    secrets = ("john", "smith", "05/17/1980", "1980-05-17", "617-555", "verified", "document")
    for mail in smtp_server.taken:
        text = mail.raw.decode().lower()
        for secret in (*secrets, f"/{john.pk}/"):
            assert secret not in text, secret


def test_what_time_brings_is_mailed_by_the_same_run(smtp_server, alice, john, monkeypatch):
    from cas.mail import writer
    from outbox.sending import Job

    monkeypatch.setattr(writer, "notify_scheduled", lambda on: notify(alice, john))
    Job(clock=lambda: NOON).work()
    assert len(smtp_server.taken) == 1


def test_trouble_with_what_time_brings_holds_no_mail_up(smtp_server, alice, john, monkeypatch):
    from cas.mail import writer
    from outbox.sending import Job

    def fail(on):
        raise RuntimeError

    notify(alice, john)
    monkeypatch.setattr(writer, "notify_scheduled", fail)
    assert Job(clock=lambda: NOON).work().exit_code == 1
    assert len(smtp_server.taken) == 1


def test_day_is_that_of_the_site(db, settings):
    late = NOON.replace(hour=23)
    assert timezone.localdate(plan.digest_moment(late)) == NOON.date()
    assert timezone.localdate(plan.digest_moment(NOON.replace(hour=6))) == date(2026, 2, 1)


@pytest.mark.parametrize("purpose", [FIRST, ESCALATION])
def test_what_was_mailed_is_taken_out_before_anything_else_is_asked(db, cass, purpose):
    """Of 90,000 unanswered ones nearly all were mailed: what a LIMIT holds is found by itself."""
    found = {
        FIRST: plan.first_notices(plan.mailable(NOON)),
        ESCALATION: plan.escalations(NOON, to=cass),
    }
    shown = found[purpose].explain()
    assert "cas_deliveryitem" in shown.partition("Limit")[2]
