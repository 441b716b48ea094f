"""Whether anything that the rules look at has changed since a count, by the history's events."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, Q

from agencies.models import Project, ProjectCoC
from clients.models import Client, Release
from data_quality.rules.scope import Scope
from enrollments.dates import dated_models
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
)

Marks = dict[str, int]
CLIENTS = {Client._meta.label: "pgh_obj_id", Release._meta.label: "client"}


@cache
def _watched() -> dict[str, Any]:
    """The event models of the tables that rules read, by the label of the model."""
    of_records = [Enrollment, IncomeBenefits, HealthAndDV, Disability, CaseAssignment]
    models = dict.fromkeys([Client, Release, Project, ProjectCoC, *of_records, *dated_models()])
    return {model._meta.label: apps.get_model(f"{model._meta.label}Event") for model in models}


def marks() -> Marks:
    """The last event of each table."""
    last = {
        label: event.objects.aggregate(last=Max("pgh_id")) for label, event in _watched().items()
    }
    return {label: found["last"] or 0 for label, found in last.items()}


def has_changed(scope: Scope, since: Marks) -> bool:
    """Whether a row of the scope was written after these marks.

    A transaction that was open when they were read may be missed; a page that is opened counts
    again what is older than some minutes.
    """
    return any(
        event.objects.filter(_of(label, scope), pgh_id__gt=since.get(label, 0)).exists()
        for label, event in _watched().items()
    )


def _of(label: str, scope: Scope) -> Q:
    condition = scope.filed()
    if not condition:
        return condition
    if label in CLIENTS:  # whoever wrote it: it is about a client who is enrolled here
        theirs = Enrollment.objects.filter(condition, client=OuterRef(CLIENTS[label]))
        return Q(Exists(theirs.order_by()))
    if label == ProjectCoC._meta.label:
        return scope.filed("project__")
    return condition
