"""The drills of docs/security/keys.md, from end to end."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from casenotes.models import NoteDraft
from clients.fields import EncryptedTextField
from clients.models import Client, ClientSearch, FormDraft
from hmis import environment
from tests.factories import ClientFactory, with_ssn
from tests.hmis.test_lock import ROOT

SSN = "810224471"
KEYS = (ROOT / "docs/security/keys.md").read_text()


def encrypted_values() -> list[str]:
    """Everything in the database that is encrypted: in tables, in history, in second factors."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, EncryptedTextField) and not model._meta.proxy:
                    column = connection.ops.quote_name(field.column)
                    table = connection.ops.quote_name(model._meta.db_table)
                    cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")
                    found += [value for (value,) in cursor.fetchall()]
        cursor.execute("SELECT data->>'secret' FROM mfa_authenticator")
        found += [value for (value,) in cursor.fetchall() if value]
    return found


def readable(key: str, values: list[str]) -> int:
    count = 0
    for value in values:
        try:
            Fernet(key).decrypt(value.encode())
        except InvalidToken:
            continue
        count += 1
    return count


@pytest.fixture
def records(harbor, alice):
    """One of each kind of thing that is encrypted, and a past version of a client."""
    john = ClientFactory(organization=harbor, created_by=alice, ssn="", ssn_data_quality=99)
    john.ssn, john.ssn_data_quality = SSN, 1
    john.save()
    john.phone = "2125550123"
    john.save()  # so that a version with the SSN is history
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smi"}
    search.save()
    draft = {"user": alice, "client": john, "form_token": uuid4(), "typed_at": 1}
    NoteDraft.objects.create(**draft, typed_json=json.dumps({"text": "A note"}))
    FormDraft.objects.create(**draft, page="/clients/0/edit/", title="Edit", typed_json="{}")
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    return john


def test_drill_of_the_ssn_keys_leaves_nothing_under_the_old_one(settings, records):
    (old,) = settings.SSN_ENCRYPTION_KEYS
    before = encrypted_values()
    assert len(before) >= 6
    assert readable(old, before) == len(before)

    new = Fernet.generate_key().decode()
    settings.SSN_ENCRYPTION_KEYS = [new, old]
    settings.SSN_HASH_KEY = "another key, by which an SSN is found"
    assert Client.objects.get(pk=records.pk).ssn == SSN
    call_command("rotate_ssn_keys", stdout=StringIO())

    after = encrypted_values()
    assert len(after) == len(before)
    assert (readable(new, after), readable(old, after)) == (len(after), 0)
    settings.SSN_ENCRYPTION_KEYS = [new]  # the old one is gone
    assert list(with_ssn(SSN)) == [records]
    assert Client.objects.get(pk=records.pk).ssn == SSN
    assert Authenticator.objects.get().wrap().validate_code("not a code") is False


def test_drill_of_the_ssn_keys_may_be_killed_and_run_again(settings, records, monkeypatch):
    (old,) = settings.SSN_ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    settings.SSN_ENCRYPTION_KEYS = [new, old]
    path = "hmis.management.commands.rotate_ssn_keys.rotate_second_factors"
    with monkeypatch.context() as patch:
        patch.setattr(path, lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_ssn_keys", stdout=StringIO())
    assert readable(old, encrypted_values()) > 0
    call_command("rotate_ssn_keys", stdout=StringIO())
    assert readable(old, encrypted_values()) == 0


NEW_SECRET = "q3Vd8kT1xLw7Zr2Nf5Yb9Hc4Jm6Ps0Ga-of-the-drill"


def test_drill_of_the_secret_key_keeps_sessions_with_the_old_one_as_fallback(
    settings, portal, alice
):
    browser = portal(alice)
    assert browser.get("/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = NEW_SECRET
    assert browser.get("/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert browser.get("/").status_code == 200  # it was signed again by the page before


def test_secret_key_that_is_known_ends_every_session(settings, portal, alice):
    browser = portal(alice)
    assert browser.get("/").status_code == 200
    settings.SECRET_KEY = NEW_SECRET
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    "name", [*environment.SECRETS, *environment.KEY_FILES, "DATABASE_OWNER_URL"]
)
def test_every_secret_is_in_the_inventory(name):
    (line,) = [row for row in KEYS.splitlines() if row.startswith(f"| `{name}` |")]
    assert len([cell for cell in line.strip("|").split("|") if cell.strip()]) == 6


def test_inventory_names_the_algorithms_that_are_in_use(settings):
    from django.conf import global_settings
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    assert "PBKDF2-SHA256" in KEYS
    assert f"{PBKDF2PasswordHasher.iterations:,} rounds" in KEYS
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert not hasattr(__import__("hmis.settings").settings, "PASSWORD_HASHERS")
