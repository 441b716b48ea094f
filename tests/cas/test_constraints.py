"""Every constraint of cas, in the database itself, both halves.

A new constraint fails here until it is listed.
"""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.violations import constraint_name, sentence
from cas.models import Event
from tests.cas.factories import EventFactory, NotificationFactory, PreferenceFactory
from tests.factories import UserFactory

DAY = date(2026, 2, 2)
BEFORE = DAY - timedelta(days=1)


def event(**values):
    return lambda: EventFactory(**({"event_date": DAY} | values))


def other(kind, **values):
    """An event that HUD does not list."""
    return event(kind=kind, event=None, **values)


def told_again(**changed):
    first = NotificationFactory()
    same = {"recipient": first.recipient, "kind": first.kind, "subject": first.subject}
    NotificationFactory(**(same | changed))


def snoozed(**distance):
    now = timezone.now()
    return NotificationFactory(created_at=now, snoozed_until=now + timedelta(**distance))


def deleted():
    row = EventFactory()
    row.mark_deleted(by=row.created_by)


# constraint: (what it accepts, what it refuses)
CASES = {
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
    "notification_once": (
        [
            lambda: told_again(recipient=UserFactory()),
            lambda: told_again(kind="accepted"),
            lambda: told_again(subject="event:0"),
        ],
        [told_again],
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
}
REFUSED = [(name, refuse) for name, (_, refusals) in CASES.items() for refuse in refusals]


def test_every_constraint_is_listed_here():
    models = apps.get_app_config("cas").get_models()
    named = {one.name for model in models for one in model._meta.constraints}
    assert named == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_database_accepts(db, name):
    for accept in CASES[name][0]:
        accept()
    connection.check_constraints()


@pytest.mark.parametrize(
    ("name", "refuse"), REFUSED, ids=[f"{name}-{i}" for i, (name, _) in enumerate(REFUSED)]
)
def test_database_refuses_with_words(db, name, refuse):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        refuse()
    assert constraint_name(refused.value) == name
    assert sentence(refused.value).endswith(".")


def test_event_says_what_happened_in_huds_words_where_there_are_some():
    assert Event(event=10).display_name == "Referral to Emergency Shelter bed opening"
    assert Event(kind="removed").display_name == "Removed from the queue"
