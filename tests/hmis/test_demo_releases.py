"""Releases of the demonstration: in every state, signed in every way (13.1)."""

import pytest
from django.core.management import call_command

from clients.models import Client, Release
from consent.models import Signature, TemplateVersion
from hmis.demo.load import load
from tests.consent.sealing import keys
from tests.hmis.test_demo import TODAY


@pytest.fixture
def loaded(db, settings, time_machine):
    time_machine.move_to(f"{TODAY}T17:00:00Z", tick=False)
    keys.use(settings, keys.pair())
    return load(count=0, today=TODAY)


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


def test_without_a_seal_nobody_signs(db, settings):
    settings.RELEASE_SEAL_KEY = settings.RELEASE_SEAL_CERTIFICATE = ""
    load(count=0)
    assert Client.objects.exists()
    assert not Signature.objects.exists()
