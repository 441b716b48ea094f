"""13.1: releases of information, where the agency shares on a release alone (13.2).

Who refused, or took the release back, has answered: that is no fault. A guardian's release ends on
the day before the 18th birthday, so that who turned 18 is found as one whose release has ended.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from clients.release_answers import answers, standing_answers
from data_quality.rules.fixes import ADD_RELEASE
from data_quality.rules.groups import RELEASE_ASKED
from data_quality.rules.rule import RuleSet
from data_quality.rules.subjects import Subject

CLIENT = OuterRef("client")

rules = RuleSet(
    subject=Subject.ENROLLMENT,
    alone=True,
    topic="Release of Information",
    concerns=RELEASE_ASKED,
    fix=ADD_RELEASE,
    field="",
)


def missing(today: date) -> Q:
    return ~Q(Exists(answers(CLIENT).order_by()))


def ended(today: date) -> Q:
    """Nothing counts of what was answered once, and the client was not asked again."""
    return Q(Exists(answers(CLIENT).order_by())) & ~Q(Exists(standing_answers(CLIENT, today)))


releases = rules.about("")
releases.missing(
    "release-missing",
    "An open enrollment of a client who was not asked for a release",
    "Ask the client, or the guardian of a minor, and record the answer; a refusal is one.",
    wrong=missing,
)
releases.missing(
    "release-ended",
    "An open enrollment of a client whose release has ended",
    "Ask again. Who turned 18 signs now; the guardian's release ended the day before.",
    wrong=ended,
)
