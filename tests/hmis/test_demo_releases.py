"""Releases of the demonstration: in every state, signed in every way (13.1)."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from time_machine import travel

from clients.models import Release
from consent.models import Signature, TemplateVersion
from hmis.demo.load import load
from tests.consent.sealing import keys
from tests.hmis.test_demo import TODAY

NOON = f"{TODAY}T17:00:00Z"


@pytest.fixture(scope="module")
def pair():
    return keys.pair()


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, pair):
    """Loaded once for this module and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with travel(NOON, tick=False), override_settings():  # takes back what is set in it
            keys.use(settings, pair)
            context = load(count=0, today=TODAY)
        yield context
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration, db, settings, time_machine, pair):
    time_machine.move_to(NOON, tick=False)
    keys.use(settings, pair)
    return demonstration


def test_text_is_a_sample_for_everybody(loaded):
    (version,) = TemplateVersion.objects.in_force()
    assert version.is_sample
    assert version.template.organization is None
    assert version.languages == "English, Spanish"


def test_clients_answered_in_every_way(loaded):
    assert set(Release.objects.values_list("kind", flat=True)) == set(Release.Kind.values)
    states = {row.state for row in Release.objects.all()}
    assert states >= {"in_force", "ended", "revoked", "refused"}


def test_children_are_signed_for_by_their_guardian_until_they_are_18(loaded):
    mother = loaded.personas["okafor"]
    row = Release.objects.get(client=loaded.personas["okafor.emeka"])
    assert (row.kind, row.guardian_name) == ("typed", mother.display_name)
    assert row.signature.typed_name == mother.display_name


def test_every_signature_holds(loaded):
    assert Signature.objects.exists()
    call_command("check_releases")
