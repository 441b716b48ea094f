"""What officers do with exports and imports; the work itself is `exchange.jobs`."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies import limits
from agencies.models import LimitedUse, Organization, Project, SecurityEvent, User
from agencies.security_events import record_event
from clients.models import ClientAccess
from exchange import kept
from exchange.export.rights import PAGE as EXPORTED_ON
from exchange.kept import Sealed
from exchange.models import Transfer
from exchange.models.transfer import expiry
from exchange.states import KeptPart, TransferKind
from exchange.states import TransferState as State

NOT_THEIRS = "Only Data Quality Officers of the organization export and import its data."


def check_may(by: User, organization: Organization | None) -> None:
    """Raise PermissionDenied unless the user may export and import for it, or the whole site."""
    own = by.dqo_organizations
    if not by.is_superuser and (organization is None or organization.pk not in own):
        raise PermissionDenied(NOT_THEIRS)


@transaction.atomic
def ask_for_export(  # noqa: PLR0913 - each names one choice of the form
    *,
    by: User,
    organization: Organization | None,
    projects: Iterable[Project] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_complete: bool = False,
    is_hashed: bool = False,
    passphrase: str = "",
) -> Transfer:
    """Queue an export; raises PermissionDenied and LimitReachedError."""
    check_may(by, organization)
    limits.spend(by, LimitedUse.TRANSFERS)
    row = Transfer.objects.create(
        kind=TransferKind.EXPORT,
        organization=organization,
        asked_by=by,
        starts_on=starts_on,
        ends_on=ends_on,
        is_complete=is_complete,
        is_hashed=is_hashed,
        is_encrypted=bool(passphrase),
        passphrase=passphrase,
    )
    row.projects.set(projects)
    return row


@transaction.atomic
def ask_for_import(
    *,
    by: User,
    organization: Organization | None,
    source_name: str,
    upload: Sealed,
    passphrase: str = "",
) -> Transfer:
    """Queue the check of an upload that is in the store.

    Raises PermissionDenied and LimitReachedError.
    """
    check_may(by, organization)
    limits.spend(by, LimitedUse.TRANSFERS)
    row = Transfer.objects.create(
        kind=TransferKind.IMPORT,
        organization=organization,
        asked_by=by,
        source_name=source_name,
        is_encrypted=bool(passphrase),
        passphrase=passphrase,
    )
    upload.record(row, KeptPart.UPLOAD)
    return row


@transaction.atomic
def confirm(*, transfer: Transfer, by: User, address: str | None = None) -> bool:
    """Queue a checked import to be applied; False where that, or another thing, was done to it.

    Args:
        address: where it was confirmed from, for the security event of what is applied.
    """
    check_may(by, transfer.organization)
    waiting = Transfer.objects.filter(pk=transfer.pk, state=State.WAITING)
    count = waiting.update(
        state=State.QUEUED,
        confirmed_by=by,
        confirmed_at=timezone.now(),
        confirmed_from=address,
        expires_at=None,
        seen_at=None,
        problem="",
        interruptions=0,
    )
    return count > 0


@transaction.atomic
def cancel(*, transfer: Transfer, by: User) -> bool:
    """Cancel what is not over; what is running stops at its next step. False where it is over."""
    check_may(by, transfer.organization)
    row = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if row.is_over:
        return False
    if row.status is State.RUNNING:
        row.cancel_asked_at = row.cancel_asked_at or timezone.now()
        row.save(update_fields=["cancel_asked_at"])
        return True
    row.state, row.ended_at, row.expires_at = State.CANCELED, timezone.now(), expiry()
    row.passphrase = ""
    row.save(update_fields=["state", "ended_at", "expires_at", "passphrase"])
    kept.forget(row.kept_files.filter(part=KeptPart.UPLOAD))
    return True


def expire(transfer: Transfer) -> None:
    """Delete the files of a transfer that is over, or that nobody has confirmed."""
    with transaction.atomic():
        row = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
        if row.is_at_work or row.status is State.EXPIRED:
            return
        row.state, row.passphrase = State.EXPIRED, ""
        row.ended_at = row.ended_at or timezone.now()
        row.save(update_fields=["state", "passphrase", "ended_at"])
    kept.forget(row.kept_files.all())


def note_download(transfer: Transfer, *, part: KeptPart, by: User, page: str) -> None:
    """Write to the logs that a file of the transfer leaves the system, before it does.

    Whoever downloads an export has the records of everybody whom the export named: the access log
    lists them once more.
    """
    detail = {"list": "hmis_csv", "transfer": transfer.pk, "part": part.value}
    with transaction.atomic():
        record_event(
            SecurityEvent.Kind.EXPORTED, user=by, organization=transfer.organization, detail=detail
        )
        if part is not KeptPart.RESULT:
            return
        named = ClientAccess.objects.filter(
            user=transfer.asked_by_id,
            kind=ClientAccess.Kind.EXPORT,
            page=EXPORTED_ON,
            at__gte=transfer.started_at,
            at__lte=transfer.ended_at,
        )
        if transfer.organization_id:
            named = named.filter(organization=transfer.organization_id)
        ClientAccess.objects.bulk_create(
            ClientAccess(
                listed=listed,
                user=by,
                organization_id=organization,
                kind=ClientAccess.Kind.EXPORT,
                page=page,
            )
            for listed, organization in named.values_list("listed", "organization")
        )
