"""Rows that the constraints of cas and outbox accept and refuse (tests/test_constraints.py)."""

from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from outbox.models import MailRun
from tests.cas.factories import (
    AssessmentFactory,
    AssessmentQuestionFactory,
    AssessmentResultFactory,
    DeliveryFactory,
    DeliveryItemFactory,
    EventFactory,
    NotificationFactory,
    PreferenceFactory,
)
from tests.factories import UserFactory

DAY = date(2026, 2, 2)
BEFORE = DAY - timedelta(days=1)


def event(**values):
    return lambda: EventFactory(**({"event_date": DAY} | values))


def assessment(**values):
    return partial(AssessmentFactory, **values)


def other(kind, **values):
    """An event that HUD does not list."""
    return event(kind=kind, event=None, **values)


def notified_again(**changed):
    first = NotificationFactory()
    same = {"recipient": first.recipient, "kind": first.kind, "subject": first.subject}
    NotificationFactory(**(same | changed))


def snoozed(**distance):
    now = timezone.now()
    return NotificationFactory(created_at=now, snoozed_until=now + timedelta(**distance))


def deleted():
    row = EventFactory()
    row.mark_deleted(by=row.created_by)


def mail(**values):
    return lambda: DeliveryFactory(**values)


def in_hand(state, **values):
    """A mail that a run works on."""
    return lambda: DeliveryFactory(state=state, claimed_by=MailRun.objects.create(), **values)


def mail_again(**changed):
    first = DeliveryItemFactory()
    same = {
        name: getattr(first, name)
        for name in ("notification", "recipient", "purpose", "round", "notified_at")
    }
    DeliveryItemFactory(**(same | changed))


def digests(*days):
    user = UserFactory()
    for day in days:
        DeliveryFactory(recipient=user, digest_on=day)


def run(**values):
    return lambda: MailRun.objects.create(**values)


NOW = timezone.now()
SENT = {"state": "sent", "resolved_at": NOW}

# constraint: (what it accepts, what it refuses)
ROWS = {
    "event_visibility_is_known": ([event(visibility="own")], [event(visibility="foe")]),
    "event_deleted_by_somebody": ([deleted], [event(date_deleted=timezone.now())]),
    "event_kind_is_known": ([other("matched"), event()], [other("promoted"), other("")]),
    "event_code_is_huds": (
        [*(event(event=code) for code in (1, 2, 10, 18)), other("removed")],
        [event(event=None), event(event=0), event(event=19), event(kind="removed", event=10)],
    ),
    "event_result_only_of_a_referral": (
        [event(event=code, referral_result=1) for code in (1, 4, 5, 10, 18)],
        [
            event(event=2, referral_result=1),
            event(referral_result=4),
            other("matched", referral_result=1),
        ],
    ),
    "event_no_show_is_unsuccessful": (
        [event(referral_result=2, no_show=True), event(referral_result=1)],
        [event(no_show=True), event(referral_result=1, no_show=True)],
    ),
    "event_result_date_of_a_result": (
        [event(referral_result=1, result_date=DAY), event(referral_result=1)],
        [event(result_date=DAY)],
    ),
    "event_result_not_before_event": (
        [event(referral_result=1, result_date=DAY)],
        [event(referral_result=1, result_date=BEFORE)],
    ),
    "event_housed_after_problem_solving": (
        [event(event=2, prob_sol_div_rr_result=code) for code in (0, 1, 99)],
        [
            event(event=10, prob_sol_div_rr_result=1),
            event(event=2, prob_sol_div_rr_result=2),
            other("matched", prob_sol_div_rr_result=1),
        ],
    ),
    "event_aftercare_after_follow_up": (
        [event(event=5, referral_case_manage_after=code) for code in (0, 1, 99)],
        [
            event(event=10, referral_case_manage_after=1),
            event(event=5, referral_case_manage_after=8),
            other("matched", referral_case_manage_after=1),
        ],
    ),
    "event_location_of_an_opening": (
        [
            *(event(event=code, location_crisis_or_ph_housing="A") for code in (10, 15, 17, 18)),
            other("matched", location_crisis_or_ph_housing="A"),
        ],
        [
            *(event(event=code, location_crisis_or_ph_housing="A") for code in (1, 9, 16)),
            other("removed", location_crisis_or_ph_housing="A"),
        ],
    ),
    "assessment_has_a_location": ([assessment()], [assessment(assessment_location="")]),
    "assessment_type_is_known": (
        [assessment(assessment_type=code) for code in (1, 2, 3)],
        [assessment(assessment_type=code) for code in (0, 4, 99)],
    ),
    "assessment_level_is_known": (
        [assessment(assessment_level=code) for code in (1, 2)],
        [assessment(assessment_level=code) for code in (0, 3)],
    ),
    "assessment_prioritization_is_known": (
        [assessment(prioritization_status=code) for code in (1, 2)],
        [assessment(prioritization_status=code) for code in (0, 3)],
    ),
    "assessment_question_has_words": (
        [AssessmentQuestionFactory],
        [lambda: AssessmentQuestionFactory(assessment_question="")],
    ),
    "assessment_result_has_a_type": (
        [AssessmentResultFactory],
        [lambda: AssessmentResultFactory(assessment_result_type="")],
    ),
    **{
        f"{factory._meta.model._meta.model_name}_{rule}": ([factory], [partial(factory, **wrong)])
        for factory in (AssessmentFactory, AssessmentQuestionFactory, AssessmentResultFactory)
        for rule, wrong in (
            ("visibility_is_known", {"visibility": "foe"}),
            ("deleted_by_somebody", {"date_deleted": timezone.now()}),
        )
    },
    "notification_once": (
        [
            lambda: notified_again(recipient=UserFactory()),
            lambda: notified_again(kind="accepted"),
            lambda: notified_again(subject="event:0"),
        ],
        [notified_again],
    ),
    "notification_kind_is_known": (
        [lambda: NotificationFactory(kind="no_show")],
        [lambda: NotificationFactory(kind="gossip")],
    ),
    "notification_has_a_subject": (
        [NotificationFactory],
        [lambda: NotificationFactory(subject="")],
    ),
    "notification_snoozed_ahead": (
        [lambda: snoozed(days=1)],
        [snoozed, lambda: snoozed(days=-1)],
    ),
    "preference_mail_is_known": (
        [lambda: PreferenceFactory(mail="daily"), PreferenceFactory],
        [lambda: PreferenceFactory(mail="hourly")],
    ),
    "delivery_has_a_known_state": ([mail(), mail(**SENT)], [mail(state="eaten")]),
    "delivery_message_once": (
        [lambda: (mail(message_id="<a@b>")(), mail(message_id="<c@b>")())],
        [lambda: (mail(message_id="<a@b>")(), mail(message_id="<a@b>")())],
    ),
    "delivery_one_digest_a_day": (
        [lambda: digests(DAY, BEFORE, None, None), lambda: (digests(DAY), digests(DAY))],
        [lambda: digests(DAY, DAY)],
    ),
    "delivery_in_somebodys_hand": (
        [
            in_hand("claimed"),
            in_hand("handing", handed_over_at=NOW),
            in_hand("uncertain", handed_over_at=NOW, resolved_at=NOW),
            mail(state="uncertain", handed_over_at=NOW, resolved_at=NOW),
        ],
        [
            mail(state="claimed"),
            mail(state="handing", handed_over_at=NOW),
            in_hand("pending"),
            in_hand("sent", resolved_at=NOW),
            in_hand("failed", resolved_at=NOW),
        ],
    ),
    "delivery_handed_over_when": (
        [in_hand("handing", handed_over_at=NOW), mail(handed_over_at=NOW)],
        [in_hand("handing"), mail(state="uncertain", resolved_at=NOW)],
    ),
    "delivery_resolved_when": (
        [mail(**SENT), mail(state="failed", resolved_at=NOW)],
        [mail(state="sent"), mail(state="failed"), mail(resolved_at=NOW)],
    ),
    "delivery_item_once": (
        [
            lambda: mail_again(purpose="reminder"),
            lambda: mail_again(recipient=UserFactory()),
            lambda: mail_again(notification=NotificationFactory()),
            lambda: mail_again(notified_at=NOW + timedelta(days=1)),
        ],
        [mail_again, lambda: mail_again(delivery=DeliveryFactory())],
    ),
    "delivery_item_purpose_is_known": (
        [lambda: DeliveryItemFactory(purpose="escalation")],
        [lambda: DeliveryItemFactory(purpose="gossip")],
    ),
    "delivery_item_rounds_of_reminders": (
        [lambda: DeliveryItemFactory(purpose="reminder", round=2)],
        [
            lambda: DeliveryItemFactory(round=2),
            lambda: DeliveryItemFactory(purpose="reminder", round=0),
        ],
    ),
    "delivery_kind_is_known": (
        [mail(kind="invitation"), mail(kind="password_reset")],
        [mail(kind="gossip"), mail(kind="")],
    ),
    "delivery_to_somebody": (
        [mail(kind=kind, recipient=None) for kind in ("duplicate_report", "password_reset")],
        [mail(recipient=None), mail(kind="invitation", recipient=None)],
    ),
    "mail_run_outcome_is_known": (
        [run(), run(outcome="done", ended_at=NOW + timedelta(days=1))],
        [run(outcome="lost", ended_at=NOW + timedelta(days=1))],
    ),
    "mail_run_outcome_when_ended": (
        [run(started_at=NOW, ended_at=NOW, outcome="down")],
        [run(started_at=NOW, ended_at=NOW), run(outcome="done")],
    ),
    "mail_run_ends_after_start": (
        [run(started_at=NOW, ended_at=NOW, outcome="done")],
        [run(started_at=NOW, ended_at=NOW - timedelta(seconds=1), outcome="done")],
    ),
}
ROWS["event_key_once"] = (
    [event(event_id="a" * 32)],
    [lambda: EventFactory(event_id=EventFactory().event_id)],
)
