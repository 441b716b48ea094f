"""What we export is what HUD's specification asks for, whichever part of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.models import Organization, Project
from exchange.export.run import run
from exchange.reading.sources import open_source
from exchange.validator import report_on

pytestmark = pytest.mark.django_db


def test_export_of_the_demonstration_has_no_violation(tmp_path):
    call_command("load_demo", "--clients", "60", "--seed", "5")
    today = timezone.localdate()
    everything, *parts = (
        {},
        {"is_complete": True},
        {"is_hashed": True},
        {"start": today - timedelta(days=60), "end": today - timedelta(days=30)},
        {"projects": [Project.objects.earliest("pk").pk]},
        {"organizations": [Organization.objects.get(organization_name="Bridge House").pk]},
        {"start": today - timedelta(days=365), "end": today, "password": "correct horse battery"},
    )
    counts = [rows_exported(tmp_path / "all.zip", **everything)]
    counts += [rows_exported(tmp_path / f"{at}.zip", **part) for at, part in enumerate(parts)]
    assert counts[0] > 500
    assert all(count > 20 for count in counts)
    assert len(set(counts)) > 3


def rows_exported(path, *, password="", **asked):
    """How many rows there are, where nothing is wrong with them."""
    for _ in run(target=path, password=password, **asked):
        pass
    assert [*report_on(path, password)] == []
    with open_source(path, password) as source:
        return sum(1 for file in source.files.values() for _ in file.rows())
