"""Rows that the constraints of privacy accept and refuse (tests/test_constraints.py)."""

from datetime import date
from functools import partial

from django.utils import timezone

from privacy.models import ClientRequest, Erasure, LegalHold
from tests.factories import ClientFactory, UserFactory
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory

NOW = timezone.now()
ANSWERED = {"answered_by": "user", "answered_at": NOW}


def changed(model, **values):
    user = UserFactory()
    if model is Erasure:
        row = Erasure.objects.create(client=ClientFactory(), cause="retention", by=user)
    else:
        row = {ClientRequest: ClientRequestFactory, LegalHold: LegalHoldFactory}[model]()
    values = {key: user if value == "user" else value for key, value in values.items()}
    model._base_manager.filter(pk=row.pk).update(**values)


def cases(model, good, bad):
    return [partial(changed, model, **good)], [partial(changed, model, **bad)]


ROWS = {
    "client_request_kind_is_known": cases(ClientRequest, {"kind": "erasure"}, {"kind": ""}),
    "client_request_asked_by_is_known": cases(
        ClientRequest,
        {"asked_by": "guardian"},
        {"asked_by": "x"},
    ),
    "client_request_identified": cases(
        ClientRequest,
        {"identified_by": "known"},
        {"identified_by": ""},
    ),
    "client_request_due_after_asked": cases(
        ClientRequest,
        {"asked_on": date(2026, 1, 2), "due_on": date(2026, 1, 2)},
        {"asked_on": date(2026, 1, 2), "due_on": date(2026, 1, 1)},
    ),
    "client_request_state_is_known": cases(
        ClientRequest,
        {"state": "granted"} | ANSWERED,
        {"state": "lost"} | ANSWERED,
    ),
    "client_request_answered_by_somebody": cases(
        ClientRequest,
        {"state": "granted"} | ANSWERED,
        {"state": "granted", "answered_by": None, "answered_at": None},
    ),
    "client_request_refused_for_a_reason": cases(
        ClientRequest,
        {"state": "refused", "reason": "x"} | ANSWERED,
        {"state": "refused", "reason": ""} | ANSWERED,
    ),
    "client_request_done_when_carried_out": cases(
        ClientRequest,
        {"state": "done", "done_at": NOW} | ANSWERED,
        {"state": "done", "done_at": None} | ANSWERED,
    ),
    "legal_hold_has_a_reason": cases(LegalHold, {"reason": "x"}, {"reason": ""}),
    "erasure_cause_is_known": cases(Erasure, {"cause": "restored"}, {"cause": "request"}),
}
