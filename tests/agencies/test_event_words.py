"""The details of a security event are words for people."""

import pytest

from agencies.event_words import CODES, words_of
from agencies.models import LimitedUse, SecurityEvent
from agencies.models.invitation import Identified
from agencies.models.user_session import EndReason
from agencies.views import REASONS
from clients.models.access import EmergencyAccess, SSNReveal
from files.inspection import SENTENCES
from privacy.models.erasure import Cause

Kind = SecurityEvent.Kind


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (
            Kind.EXPORTED,
            {
                "list": "hmis_csv",
                "identities": "hashed",
                "projects": [3, 14],
                "deleted_rows": "included",
                "start": "2026-01-01",
                "end": "2026-03-31",
            },
            "List: HMIS CSV, identities hashed, projects 3, 14, with deleted records, "
            "from 01/01/2026, to 03/31/2026",
        ),
        (
            Kind.NOT_FOUND,
            {"page": "enrollments:exit", "enrollment_id": 5},
            "Page: Exit, enrollment 5",
        ),
        (Kind.SSN_REVEALED, {"reason": "identity"}, "Reason: verify identity at intake"),
        (
            Kind.BREAK_GLASS,
            {"reason": "other", "access": 3},
            "Reason: another emergency, emergency access 3",
        ),
        (Kind.FILE_REFUSED, {"reason": "busy"}, "Reason: the server was busy"),
        (
            Kind.MANY_SEARCHES,
            {"limit": "searches", "step": "reason", "reason": "busy"},
            "Reason: a busy day at intake, limit: searches",
        ),
        (
            Kind.MANY_RECORDS,
            {"limit": "clients", "step": "asked", "count": 60},
            "Limit: clients opened, asked for a reason, count 60",
        ),
        (
            Kind.RECORD_COPIED,
            {"kind": "pdf", "notes": 3, "notes_withheld": 0, "full_ssn": False},
            "Kind PDF, notes 3, notes withheld 0",
        ),
        (Kind.PASSWORD_RESET, {"first": True}, "After an invitation"),
        (
            Kind.LOG_IN,
            {"methods": ["password", "authenticator"]},
            "With password and authenticator app",
        ),
        (Kind.LOG_OUT, {}, ""),
    ],
)
def test_details_are_words(kind, detail, words):
    assert words_of(SecurityEvent(kind=kind, detail=detail)) == words


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("file_refused", [*SENTENCES, "virus"]),
        ("ssn_revealed", SSNReveal.Reason.values),
        ("break_glass", EmergencyAccess.Reason.values),
        ("sessions_ended", EndReason.values),
        ("factor_reset", Identified.values),
        ("record_erased", Cause.values),
        ("any", [*LimitedUse.values, *REASONS]),
    ],
)
def test_every_code_has_words(kind, codes):
    assert set(codes) <= CODES[kind].keys()
    assert kind == "any" or kind in Kind.values
