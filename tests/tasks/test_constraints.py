"""Every constraint of tasks, in the database itself, both halves."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from records.constraints import constraint_name
from tests.factories import UserFactory
from tests.tasks.factories import TaskFactory

OF_EVERY_RECORD = {"task_visibility_is_known", "task_deleted_by_somebody"}
NOW = timezone.now()
# name: (what it accepts, what it refuses), as changes to a task that is fine
ROWS = {
    "task_says_what": ({"text": "x"}, {"text": ""}),
    "task_done_by_somebody": ({"done_at": NOW, "done_by": "somebody"}, {"done_at": NOW}),
    "task_stays_in_organization": ({"visibility": "own"}, {"visibility": "all"}),
}


def save(changes):
    if "done_by" in changes:
        changes = changes | {"done_by": UserFactory()}
    return TaskFactory(**changes)


def test_every_constraint_is_listed():
    names = {
        one.name
        for model in apps.get_app_config("tasks").get_models()
        if not hasattr(model, "pgh_tracked_model")
        for one in model._meta.constraints
    }
    assert names == ROWS.keys() | OF_EVERY_RECORD


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROWS)
def test_constraint_accepts_and_refuses(name):
    good, bad = ROWS[name]
    save(good)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        save(bad)
    assert constraint_name(refused.value) == name
