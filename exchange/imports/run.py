"""One import of a set of HMIS CSV files, checked only or written, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pghistory
import pgtrigger
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.models import Organization, User
from clients.encryption import keyed_hash
from exchange.files import FILES, NOBODY, File
from exchange.imports import enrollments, keys, people, plans, set_up
from exchange.imports.cells import check_cells
from exchange.imports.rules import apply_rules
from exchange.imports.staging import stage_all, staged
from exchange.imports.values import Plan, make_typed, refuse_blank, typed
from exchange.imports.work import Counts, Progress, Work
from exchange.imports.writing import keep_keys, write
from exchange.models import SourceSystem
from exchange.reading.refusals import RefusedError
from exchange.reading.sources import Source, open_source
from exchange.violations import Report
from records.constraints import constraint_message

LOCK = 0x696D7074  # "impt": any number of ours
BUSY = "Another import is on its way. Try again when it is over."
REFUSED = "The files cannot be imported: {}"
UNKNOWN = "Unknown system"


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do.

    Args:
        source_name: the system that the files came from.
        year: the standard's fiscal year that the files are of.
        counts: by HUD's name of the file.
        report: what was repaired, taken as it is, or refused.
    """

    source_name: str
    year: int
    counts: dict[str, Counts]
    report: Report
    is_dry_run: bool


def import_files(  # noqa: PLR0913 - a command and a page say all of it
    *,
    source: Path | BinaryIO,
    by: User,
    organization: Organization | None = None,
    source_name: str = "",
    password: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Import a set of files in one transaction.

    Args:
        source: a zip or a folder.
        by: in whose name; nobody is asked here whether this user may.
        organization: whose projects alone are imported; None for the whole site, which creates
            organizations and inactive users that the files name.
        source_name: the system that the files come from; Export.csv says it where it is blank.
        dry_run: do everything, and roll it back.
        progress: is told the file, and how many of the rows of all files are done.

    Raises:
        RefusedError: with a sentence; nothing was imported.
    """
    with open_source(source, password) as opened:
        try:
            with (
                pghistory.context(user=by.pk, imported=True),
                pgtrigger.ignore(*of_edits()),
                transaction.atomic(),
            ):
                work = _begin(opened, by, organization, source_name, progress)
                _run(work, opened)
                connection.check_constraints()
                if dry_run:
                    transaction.set_rollback(True)
        except IntegrityError as error:
            message = constraint_message(error) or "they break a rule of the database."
            raise RefusedError(REFUSED.format(message)) from error
        return Outcome(work.system.name, opened.year, work.counts, work.report, dry_run)


def of_edits() -> list[str]:
    """The triggers that end exemptions when a user edits a row; an import says them itself.

    With some triggers ignored, the others also cost far less: where none is, each of them finds
    that out by an exception that it catches, and there are millions of them.
    """
    return [
        f"{file.label}:{trigger.name}"
        for file in FILES.values()
        for trigger in getattr(file.model._meta, "triggers", [])
        if trigger.name in ("keeps_marks", "exempt_until_changed")
    ]


def take_turn() -> None:
    """Keep other imports waiting until the transaction ends; raises RefusedError(BUSY)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise RefusedError(BUSY)


def _begin(
    source: Source,
    by: User,
    organization: Organization | None,
    source_name: str,
    progress: Progress | None,
) -> Work:
    take_turn()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        # Tables that were only just filled have no statistics, which the server may not make.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SET LOCAL jit = off")
    name = source_name or source.export["SourceName"] or source.export["SourceID"] or UNKNOWN
    system, _ = SourceSystem.objects.get_or_create(name=name[:100], organization=organization)
    system.imported_at, system.imported_by = timezone.now(), by
    system.save()
    systems = [system.pk]
    if organization:
        systems += SourceSystem.objects.filter(name=system.name, organization=None).values_list(
            "pk", flat=True
        )
    status = source.export["HashStatus"]
    return Work(by, organization, system, systems, is_own(source), progress or _nothing, status)


def is_own(source: Source) -> bool:
    """Whether the files were exported here."""
    here = settings.HMIS_IMPLEMENTATION_ID or keyed_hash("ImplementationID")
    return source.export["ImplementationID"] == here


def _nothing(file: str, done: int, rows: int) -> None:
    pass


def _run(work: Work, source: Source) -> None:
    keys.prepare(work)
    stage_all(work, source)
    _let_few_be_looked_up(work)
    if work.is_own:  # whom the export names where it knows nobody: no user, and no refused one
        nobody = work.sql(f'DELETE FROM {staged("User")} WHERE "UserID" = %s', [NOBODY])
        work.counts["User"].rows -= nobody
        work.rows -= nobody
    if work.organization is None:
        set_up.name_all_users(work)
    files = [file for file in FILES.values() if _is_needed(work, file)]
    for file in files:
        check_cells(work, file)
    own_steps: dict[str, Callable[[Work, File], None]] = {
        "Client": _clients,
        "Enrollment": _enrollments,
        enrollments.EXIT: _nothing_left,
    }
    for file in files:
        own_steps.get(file.name, _rows)(work, file)
        work.done += work.counts[file.name].rows
        work.progress(file.name, work.done, work.rows)
    people.remember_spellings(work)
    work.drop()


def _let_few_be_looked_up(work: Work) -> None:
    """Where more clients are known than rows come: tables of millions were read for each file."""
    known = "SELECT reltuples FROM pg_class WHERE oid = 'clients_client'::regclass"
    if work.value(known) > work.rows:
        work.sql("SET LOCAL enable_nestloop = on")


def _is_needed(work: Work, file: File) -> bool:
    """Whether it has rows, or its keys are asked for by the rows of others."""
    is_asked_for = keys.is_referred(file.name) or file.name == enrollments.EXIT
    return bool(work.counts[file.name].rows) or is_asked_for


def _rows(work: Work, file: File) -> None:
    """The steps of an ordinary file."""
    keys.learn_own(work, file)
    set_up.find_by_name(work, file)
    keys.resolve(work, file)
    set_up.refuse_others(work, file)
    refuse_blank(work, file)
    plan = plans.plan_of(work, file)
    make_typed(work, file, plan)
    apply_rules(work, file)
    _finish(work, file, plan)


def _finish(work: Work, file: File, plan: Plan) -> None:
    write(work, file, plan)
    keep_keys(work, file.name, typed(file.name))
    if keys.is_referred(file.name):
        keys.publish(work, file, f"SELECT _key, _id FROM {typed(file.name)}")
        set_up.explain(work, file)


def _clients(work: Work, file: File) -> None:
    keys.learn_own(work, file)
    keys.resolve(work, file)
    people.refuse_gone(work, file)
    people.find_homes(work, file)
    people.lock(work)
    people.derive(work, file)
    plan = people.plan_of_clients()
    make_typed(work, file, plan)
    apply_rules(work, file)
    write(work, file, plan)
    keep_keys(work, file.name, typed(file.name))
    merged = people.merged_here(work)
    keys.publish(work, file, f"SELECT _key, _id FROM {typed(file.name)} UNION ALL {merged}")
    people.follow_merges(work)


def _enrollments(work: Work, file: File) -> None:
    exits = FILES[enrollments.EXIT]
    for one in (file, exits):
        keys.learn_own(work, one)
    keys.resolve(work, file)
    refuse_blank(work, file)
    enrollments.find_households(work, file)
    keys.publish(work, file, f"SELECT key, _id FROM {keys.resolved(file.name)}")
    keys.resolve(work, exits)
    enrollments.refuse_exits(work)
    plan = enrollments.plan_of_enrollments(work)
    enrollments.make_enrollments(work, file, plan)
    enrollments.write_enrollments(work, file, plan)
    keep_keys(work, file.name, typed(file.name))
    keys.withdraw(work, file, typed(file.name))


def _nothing_left(work: Work, file: File) -> None:
    """Exits were written with their enrollments."""
