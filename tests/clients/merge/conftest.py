from collections.abc import Callable
from typing import Any

import pytest

from clients.merge import execute
from clients.merge.execute import Choices, merge
from clients.merge.policies import Pair
from clients.merge.preview import Preview
from clients.merge.undo import undo
from clients.models import Client, ClientMerge
from tests.factories import ClientFactory


@pytest.fixture
def jon(harbor, alice, john) -> Client:
    """The same person once more, with less and with other answers."""
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="Jon",
        last_name="Smyth",
        dob=None,
        dob_data_quality=99,
        phone="617-555-0199",
        veteran_status=1,
    )


def previewed(survivor: Client, gone: Client, user: Any) -> Preview:
    clients = Client.objects.select_related("organization").in_bulk([survivor.pk, gone.pk])
    return Preview(Pair(clients[survivor.pk], clients[gone.pk]), user)


@pytest.fixture
def patient_merge(monkeypatch):
    """A merge, or its undo, that waits for the test, on however slow a machine."""
    monkeypatch.setattr(execute, "GIVES_WAY_AFTER", "60s")


@pytest.fixture
def merged(dana) -> Callable[..., ClientMerge]:
    """Merge as Dana does it, who keeps what is offered and the rows of the client who stays."""

    def do(survivor: Client, gone: Client, *, by=dana, values=None, keep=None) -> ClientMerge:
        preview = previewed(survivor, gone, by)
        kept = {one.key: keep or survivor.pk for one in preview.conflicts}
        choices = Choices(preview.digest, values or {}, kept)
        return merge(survivor=survivor.pk, gone=gone.pk, choices=choices, by=by)

    return do


@pytest.fixture
def undone(dana) -> Callable[..., list[str]]:
    def do(merge: ClientMerge, *, by=dana) -> list[str]:
        return undo(merge_id=merge.pk, by=by)

    return do
