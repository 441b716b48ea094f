"""A client of whom every column that can hold text holds a canary, and where a canary is found."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from clients.encryption import keyed_hash
from clients.fields import DerivedField, EncryptedTextField
from clients.models import Client, ClientMerge, ClientSearch
from exchange.files import FILES
from exchange.models import SourceKey, SourceSystem
from files.kinds import Kind
from privacy.erasure.actions import allowed
from privacy.erasure.fields import KEPT, about_clients
from tests.clients.merge.rows import MAKERS
from tests.consent.factories import SignatureFactory
from tests.factories import ClientFactory
from tests.files.factories import file_of
from tests.privacy.texts import texts_of

CANARY = "Canary"
SSN, DOB = "219099876", date(1957, 3, 29)
CONTENT = b"%PDF-1.4 Canary of a file"
JSON_COLUMNS = {"typed_json", "criteria_json", "answers"}
SHORT = len(CANARY)
HASH = hashlib.sha256(CANARY.encode()).hexdigest()  # of a text with the client's name
# What the database wants beside a text.
BESIDE: dict[str, dict[str, Any]] = {
    "enrollments.Enrollment": {"exit_date": date(2026, 11, 1)},
    "clients.SSNReveal": {"reason": "other"},
    "cas.Event": {"kind": "matched", "event": None},
    "clients.Release": {"kind": "signed", "signed_by": "guardian", "text_hash": HASH},
    "consent.Signature": {"strokes": [], "text_hash": HASH},
}


def full_client(harbor, alice) -> Client:
    """One person with a merged-away ID, and a row of every kind under the ID that remains."""
    client = named(ClientFactory(organization=harbor, created_by=alice))
    gone = named(ClientFactory(organization=harbor, created_by=alice))
    for make in MAKERS.values():
        make(client)
    file_of(client, content=CONTENT, kind=Kind.PDF)
    SignatureFactory(release=client.releases.get())
    gone.merged_into = client
    gone.save()
    ClientMerge.objects.create(
        survivor=client, merged=gone, by=alice, snapshot={"rows": [{"first_name": CANARY}]}
    )
    ClientSearch(user=alice).save()
    search = ClientSearch.objects.get()
    search.criteria = {"last_name": "Canaryl", "first_name": ""}
    search.save()
    for rows in about_clients():
        for row in rows.of([client.pk]):
            if row == gone:
                continue
            with allowed(rows):
                fill(row)
            keep_source(row)
    return client


def keep_source(row: models.Model) -> None:
    """What an import keeps beside a row, for every file that such a row may come from."""
    for file in FILES.values():
        if isinstance(row, file.model):
            system, _ = SourceSystem.objects.get_or_create(name="Another HMIS")
            key = f"{file.name[:10]}{row.pk}"
            others = {"Nickname": CANARY}
            SourceKey.objects.create(
                system=system, file=file.name, key=key, row_id=row.pk, others=others
            )


def named(client: Client) -> Client:
    fill(client)
    client.ssn, client.ssn_data_quality = SSN, 1
    client.dob, client.dob_data_quality = DOB, 1
    client.save()
    return client


def fill(row: models.Model) -> None:
    """Write a canary into each text of the row; a second version, so that history has two."""
    filled = []
    for name in texts_of(type(row)) - KEPT.get(row._meta.label, set()):
        column = row._meta.get_field(name)
        longest = getattr(column, "max_length", None) or 1000
        if isinstance(column, DerivedField) or longest < SHORT or name in ("ssn", "personal_id"):
            continue
        if isinstance(column, models.JSONField):
            value = {"was": CANARY}
        elif name in JSON_COLUMNS:
            value = json.dumps([[CANARY, CANARY]])
        elif hasattr(column, "base_field"):
            value = [CANARY]
        else:
            value = f"{CANARY}{name.replace('_', '')}"[:longest]
        setattr(row, name, value)
        filled.append(name)
    for name, value in BESIDE.get(row._meta.label, {}).items():
        setattr(row, name, value)
    if filled:
        row.save()


def found_in_database() -> Iterator[str]:
    """Each place where something of the canary stands, in any table there is."""
    traces = [CANARY.lower(), SSN, DOB.isoformat(), keyed_hash(SSN), keyed_hash(SSN[-4:]), HASH]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                text = b"".join(copy).decode().lower()
            yield from (f"{table}: {one}" for one in traces if one in text)
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if not isinstance(column, EncryptedTextField):
                continue
            for value in model._base_manager.values_list(column.name, flat=True):
                if value and (CANARY.lower() in value.lower() or SSN[-4:] in value):
                    yield f"{model._meta.label}.{column.name}"


def found_in_store() -> Iterator[str]:
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file() and CONTENT in path.read_bytes():
            yield str(path)
