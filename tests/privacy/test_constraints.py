"""The database refuses bad rows by named constraints that have words for people."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.models import ClientRequest, Erasure, LegalHold
from tests.factories import ClientFactory, UserFactory
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory

NOW = timezone.now()
COMMON = ("visibility_is_known", "deleted_by_somebody")  # of every record
ANSWERED = {"answered_by": "user", "answered_at": NOW}

# constraint: (model, what it accepts, what it refuses)
ROWS = {
    "client_request_kind_is_known": (ClientRequest, {"kind": "erasure"}, {"kind": ""}),
    "client_request_asked_by_is_known": (
        ClientRequest,
        {"asked_by": "guardian"},
        {"asked_by": "x"},
    ),
    "client_request_identified": (
        ClientRequest,
        {"identified_by": "known"},
        {"identified_by": ""},
    ),
    "client_request_due_after_asked": (
        ClientRequest,
        {"asked_on": date(2026, 1, 2), "due_on": date(2026, 1, 2)},
        {"asked_on": date(2026, 1, 2), "due_on": date(2026, 1, 1)},
    ),
    "client_request_state_is_known": (
        ClientRequest,
        {"state": "granted"} | ANSWERED,
        {"state": "lost"} | ANSWERED,
    ),
    "client_request_answered_by_somebody": (
        ClientRequest,
        {"state": "granted"} | ANSWERED,
        {"state": "granted", "answered_by": None, "answered_at": None},
    ),
    "client_request_refused_for_a_reason": (
        ClientRequest,
        {"state": "refused", "reason": "x"} | ANSWERED,
        {"state": "refused", "reason": ""} | ANSWERED,
    ),
    "client_request_done_when_carried_out": (
        ClientRequest,
        {"state": "done", "done_at": NOW} | ANSWERED,
        {"state": "done", "done_at": None} | ANSWERED,
    ),
    "legal_hold_has_a_reason": (LegalHold, {"reason": "x"}, {"reason": ""}),
    "erasure_cause_is_known": (Erasure, {"cause": "restored"}, {"cause": "request"}),
}


def test_every_constraint_is_here():
    named = {
        constraint.name
        for model in apps.get_app_config("privacy").get_models()
        for constraint in model._meta.constraints
        if not constraint.name.endswith(COMMON)
    }
    assert named == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_constraint_accepts_and_refuses(db, name):
    model, good, bad = ROWS[name]
    user = UserFactory()
    if model is Erasure:
        row = Erasure.objects.create(client=ClientFactory(), cause="retention", by=user)
    else:
        row = {ClientRequest: ClientRequestFactory, LegalHold: LegalHoldFactory}[model]()
    table = model._base_manager.filter(pk=row.pk)

    def put(values):
        table.update(**{key: user if value == "user" else value for key, value in values.items()})

    put(good)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        put(bad)
    assert next(c for c in model._meta.constraints if c.name == name).violation_error_message
