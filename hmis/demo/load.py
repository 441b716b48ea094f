"""Puts the demonstration into an empty database."""

from datetime import date

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from clients.models import Client
from hmis.demo.agencies import Agencies, add_agencies
from hmis.demo.answers import contacts
from hmis.demo.cas import add_cas, add_mails
from hmis.demo.casenotes import add_case_notes
from hmis.demo.client_records import (
    add_duplicate_report,
    add_recent_accesses,
    alerts,
    interested_others,
)
from hmis.demo.clients import Desks, save
from hmis.demo.context import Context, Filed, create
from hmis.demo.enrollments import add_enrollments
from hmis.demo.files import add_files
from hmis.demo.people import people
from hmis.demo.personas import all_personas
from hmis.demo.release_texts import add_release_texts
from hmis.demo.releases import add_releases
from hmis.demo.rng import Rng
from hmis.demo.signatures import add_signatures
from hmis.demo.tasks import tasks

SEED = 2026
CLIENTS = 300


@transaction.atomic
def load(*, count: int = CLIENTS, seed: int = SEED, today: date | None = None) -> Context:
    """Add agencies, users, clients (`count`, or all personas) and what hangs on them, or nothing.

    Ages and periods are as described on the day `today`.
    Raises CommandError if the database already has clients.
    """
    if Client.with_deleted.exists():
        raise CommandError(
            "This database already has clients. Demo data is for an empty one: "
            "choose another with DATABASE_URL or HMIS_DATA_DIR."
        )
    context = make_context(count=count, seed=seed, today=today or timezone.localdate())
    create(alerts(context))
    create(interested_others(context))
    add_enrollments(context)
    add_case_notes(context)
    add_recent_accesses(context)
    add_duplicate_report(context)
    add_files(context)
    version = add_release_texts(context)
    add_releases(context)
    add_signatures(context, version)
    add_cas(context)
    add_mails()
    create(contacts(context))
    create(tasks(context))
    return context


def make_context(*, count: int, seed: int, today: date) -> Context:
    """The agencies and their clients."""
    agencies, rng = add_agencies(), Rng(seed)
    filed = add_clients(agencies, rng, count=count, seed=seed, today=today)
    keys = [persona.key for persona in all_personas(today)]
    named = {key: one.client for key, one in zip(keys, filed, strict=False)}
    return Context(seed, today, rng, agencies, filed, named)


def add_clients(agencies: Agencies, rng: Rng, *, count: int, seed: int, today: date) -> list[Filed]:
    """The personas first, then as many others as are missing."""
    personas = all_personas(today)
    others = max(0, count - len(personas))
    desks = Desks(agencies.staff, rng, today, expected=others)
    known = desks.file_personas(personas, agencies)
    strangers = desks.file_people(people(seed, others, today=today))
    filed = [*known, *strangers]
    save(filed)
    return filed
