"""Rows that the constraints of stored counts accept and refuse."""

from functools import partial

from django.utils import timezone

from data_quality.models import StoredCounts
from tests.factories import UserFactory


def stored(*fingerprints, **values):
    user = UserFactory()
    for fingerprint in fingerprints:
        StoredCounts.objects.create(fingerprint=fingerprint, asked_by=user, **values)


ROWS = {
    "stored_counts_once": ([partial(stored, "a", "b")], [partial(stored, "a", "a")]),
    "stored_counts_have_a_time": (
        [partial(stored, "a", counts={"x": 1}, counted_at=timezone.now()), partial(stored, "a")],
        [partial(stored, "a", counts={"x": 1})],
    ),
}
