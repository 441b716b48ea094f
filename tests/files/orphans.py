"""Files that no row knows, as a crash, a wrong database or a restored one leaves them."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from files import quarantine, store
from files.models import StoredFile


def orphan(number: int | None = None) -> str:
    """Store a file without a row, with a number of its own or with this one; return its key."""
    key = store.new_key(number or StoredFile.objects.draw_number())
    store.put(io.BytesIO(b"orphan"), key)
    return key


def quarantined() -> list[str]:
    return [key for day in quarantine.days() for key in quarantine.keys_of(day)]


def later(what, *args, days=0, **options):
    """Call two hours later, or days later: no upload of now is going on any more."""
    moment = timezone.now() + timedelta(days=days, hours=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)  # S3 keeps to the real time
        return what(*args, **options)
