"""The work of a transfer: an export, the check of an import, or its application.

What is wrong with what somebody asked for becomes a sentence; a fault of the portal's own is in the
log by its kind alone, and is told as one.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from exchange import kept
from exchange.actions import check_may
from exchange.export.refusals import ExportRefusedError
from exchange.export.run import run as exported
from exchange.imports.run import BUSY, import_files, take_turn
from exchange.imports.work import Counts
from exchange.models import FileCount, Finding, Transfer
from exchange.reading.refusals import RefusedError
from exchange.runs import CanceledError, NoLongerOursError, Run, StoppedError, TimeLimitError
from exchange.states import KeptPart
from exchange.states import TransferState as State
from exchange.violations import Report
from files.store import StoreError

logger = logging.getLogger(__name__)

FOLDERS = "hmis-transfer-"
NO_ACCESS = "The user who asked for it has no access to this organization any more."
TOO_LONG = (
    "It took longer than {hours:g} hours, and nothing was changed. Choose a shorter period or "
    "fewer projects, or ask the help desk to do it from the command line."
)
CHECKED_AGAIN = (
    "Another import was done after this one had been checked, so this one was checked again and "
    "nothing was changed by it. Read what it would change now."
)
NO_UPLOAD = "The uploaded file is not there any more. Upload it again."
NUMBERS = ("rows", "new", "changed", "unchanged", "refused")
NO_STORE = "The file store does not answer or is full. Try again later, and tell the help desk."
BROKEN = "An error of the portal stopped it, and nothing was changed. Tell the help desk: {row}."


def work(run: Run) -> None:
    """Do what was asked for, and write how it ended."""
    row = run.row
    logger.info("%s begins, attempt %s", row, row.attempts)
    try:
        _check_access(row)
        _export(run) if row.is_export else _import(run)
    except NoLongerOursError:
        logger.warning("%s is left to another worker", row)
    except StoppedError:
        run.release()
        logger.info("%s waits for another worker", row)
    except CanceledError:
        _end(run, State.CANCELED)
    except RefusedError as refusal:
        if str(refusal) == BUSY:
            run.release(counts=False)
            run.worker.must_wait = True
            logger.info("%s waits for another import", row)
        else:
            _end(run, State.FAILED, problem=str(refusal))
    except Exception as error:
        _end(run, State.FAILED, problem=_sentence(error, row))


def _check_access(row: Transfer) -> None:
    """Raise PermissionDenied where whoever asked, or confirmed, may not any more."""
    for user in filter(None, (row.asked_by, row.confirmed_by)):
        if not user.is_active:
            raise PermissionDenied(NO_ACCESS)
        check_may(user, row.organization)


def _export(run: Run) -> None:
    row = run.row
    counts: dict[str, int] = {}
    with working_folder(row) as folder:
        target = folder / "export.zip"
        for now in exported(
            target=target,
            by=row.asked_by,
            projects=list(row.projects.values_list("pk", flat=True)) or None,
            organizations=[row.organization.pk] if row.organization else None,
            start=row.starts_on,
            end=row.ends_on,
            is_complete=row.is_complete,
            is_hashed=row.is_hashed,
            password=row.passphrase,
        ):
            counts[now.file] = now.rows
            done = now.number if now.is_done else now.number - 1
            run.step(now.file, files=(done, now.of), rows=(now.rows, 0))
        with target.open("rb") as plain, kept.stored(plain, seconds=kept.SECONDS) as sealed:
            target.unlink()
            with transaction.atomic():
                kept.forget(row.kept_files.filter(part=KeptPart.RESULT))
                sealed.record(row, KeptPart.RESULT)
                _count(row, {name: {"rows": rows} for name, rows in counts.items()})
                _end(run, State.DONE)


def _import(run: Run) -> None:
    """Check an import, or apply it where that was confirmed, and write what was found with it.

    What was confirmed is what the check had found: after another import it is checked again.
    """
    row = run.row
    upload = row.kept(KeptPart.UPLOAD)
    if upload is None:
        raise RefusedError(NO_UPLOAD)
    with kept.opened(upload) as plain, transaction.atomic():
        _limit_statements(run)
        take_turn()
        is_outdated = row.must_be_checked_again
        is_check = row.confirmed_at is None or is_outdated
        outcome = import_files(
            source=plain,
            by=row.confirmed_by or row.asked_by,
            organization=row.organization,
            source_name=row.source_name,
            password=row.passphrase,
            dry_run=is_check,
            progress=lambda file, done, total: run.step(file, rows=(done, total)),
        )
        _count(row, {name: _numbers(one) for name, one in outcome.counts.items()})
        _keep_findings(row, outcome.report)
        if not is_check:
            record_event(
                SecurityEvent.Kind.IMPORTED,
                user=row.confirmed_by,
                asked_from=row.confirmed_from,
                organization=row.organization,
                detail={"transfer": row.pk},
            )
        run.end(
            State.WAITING if is_check else State.DONE,
            problem=CHECKED_AGAIN if is_outdated else "",
        )
    if not is_check:
        kept.forget(row.kept_files.all())
    logger.info("%s: %s", row, "checked" if is_check else "imported")


def _limit_statements(run: Run) -> None:
    """Let no statement of this transaction outlive the time limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{run.left_ms}ms"])


def _numbers(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in NUMBERS}


def _keep_findings(row: Transfer, report: Report) -> None:
    row.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(
            transfer=row,
            file=kind.file and f"{kind.file}.csv",
            column=kind.column[:100],
            rule=kind.rule[:50],
            message=kind.message[:500],
            count=count,
            rows=report.rows.get(kind, []),
        )
        for kind, count in report.counts.items()
    )


def _count(row: Transfer, counts: dict[str, dict[str, int]]) -> None:
    """Keep the counts of each file, instead of earlier ones."""
    row.file_counts.all().delete()
    FileCount.objects.bulk_create(
        FileCount(transfer=row, file=f"{name}.csv", **numbers) for name, numbers in counts.items()
    )


def _end(run: Run, state: State, *, problem: str = "") -> None:
    try:
        run.end(state, problem=problem)
    except NoLongerOursError:
        if connection.in_atomic_block:  # undo what was done
            raise
        logger.warning("%s is left to another worker", run.row)
        return
    if state in (State.FAILED, State.CANCELED):
        kept.forget(run.row.kept_files.all())
    logger.info("%s: %s", run.row, state)


def _sentence(error: Exception, row: Transfer) -> str:
    """Why it failed, for whoever asked for it."""
    match error:
        case ExportRefusedError() | PermissionDenied():
            return str(error)
        case TimeLimitError() | OperationalError(__cause__=QueryCanceled()):
            return TOO_LONG.format(hours=settings.TRANSFER_HOURS)
        case StoreError():
            return NO_STORE
    logger.exception("%s is stopped by an error", row)
    return BROKEN.format(row=row)


@contextmanager
def working_folder(row: Transfer) -> Iterator[Path]:
    """A folder that only this account reads, for as long as the work takes."""
    with tempfile.TemporaryDirectory(
        prefix=f"{FOLDERS}{row.pk}-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as folder:
        yield Path(folder)


def remove_left_folders(is_dead: Callable[[int], bool]) -> int:
    """Delete the folders of workers that were killed on this machine; return how many."""
    root, count = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()), 0
    for folder in root.glob(f"{FOLDERS}*"):
        number = folder.name.removeprefix(FOLDERS).partition("-")[0]
        if number.isdecimal() and is_dead(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count
