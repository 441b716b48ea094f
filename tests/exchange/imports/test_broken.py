"""Sets that are broken come in as far as they can, or not at all: never half of something."""

import pytest

from clients.models import Client
from exchange.files import FILES
from exchange.imports.run import import_files
from exchange.models import SourceKey
from exchange.reading.refusals import RefusedError
from tests.exchange.broken import BROKEN
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
REFUSED = [name for name, one in BROKEN.items() if one.refused]


def kind_of(broken) -> frozenset[tuple[str, str]]:
    """What is told of it, in whichever file; the import treats them alike."""
    by_column = ("orphan", "length", "type")
    findings = {(rule, column if rule in by_column else "") for _, column, rule in broken.findings}
    return frozenset(findings or {(broken.name, "")})


# One of each kind; that every one of them is told is shown where files are read.
TAKEN = list(
    {kind_of(one): name for name, one in BROKEN.items() if not one.refused and not one.is_same}
    .values()
)  # fmt: skip


def test_many_ways_to_be_broken_are_imported():
    assert len(TAKEN) > 20
    assert len(TAKEN) + len(REFUSED) > 40


def imported(broken, folder):
    path, by = broken.make(folder), UserFactory(is_superuser=True)
    return import_files(source=path, by=by, password=broken.password)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_set_leaves_nothing(name, tmp_path):
    with pytest.raises(RefusedError, match=r"\.$"):
        imported(BROKEN[name], tmp_path)
    assert not Client.objects.exists()
    assert not SourceKey.objects.exists()


@pytest.mark.parametrize("name", TAKEN)
def test_every_row_is_taken_or_told(name, tmp_path):
    """What is counted as new is there, with its key; each refused row has a sentence."""
    outcome = imported(BROKEN[name], tmp_path)
    files = {kind.file for kind in outcome.report.counts}
    for file in FILES.values():
        counts = outcome.counts[file.name]
        assert (counts.changed, counts.unchanged) == (0, 0)
        assert counts.refused >= 0
        assert not counts.refused or file.name in files
        keys = SourceKey.objects.filter(file=file.name).values("row_id")
        manager = getattr(file.model, "with_deleted", file.model.objects)
        assert manager.filter(pk__in=keys).count() == counts.new
