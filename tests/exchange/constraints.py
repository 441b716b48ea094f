"""Rows that the constraints of exchange accept and refuse (tests/test_constraints.py)."""

from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from exchange.models import SourceKey, SourceSystem
from tests.exchange.factories import FileCountFactory, KeptFileFactory, TransferFactory
from tests.factories import OrganizationFactory, UserFactory

NOW = timezone.now()
LATER = NOW + timedelta(days=7)
ENDED = {"ended_at": NOW, "expires_at": LATER}
FIRST, LAST = date(2026, 10, 1), date(2027, 9, 30)
export = partial(partial, TransferFactory)
imported = partial(partial, TransferFactory, kind="import")
kept = partial(partial, KeptFileFactory)
system = partial(partial, SourceSystem.objects.create, name="One")


def confirmed(**values):
    return lambda: TransferFactory(**{"kind": "import", "confirmed_by": UserFactory()} | values)


def two_running(*organizations):
    for organization in organizations:
        TransferFactory(state="running", organization=organization() if organization else None)


def same_organization():
    one = OrganizationFactory()
    two_running(lambda: one, lambda: one)


def kept_twice(**changed):
    first = KeptFileFactory()
    KeptFileFactory(**({"transfer": first.transfer, "store_key": first.store_key} | changed))


def counted_twice(**changed):
    first = FileCountFactory()
    FileCountFactory(**({"transfer": first.transfer} | changed))


def two_systems(*organizations):
    for organization in organizations:
        SourceSystem.objects.create(name="Elsewhere", organization=organization and organization())


def two_keys(*keys):
    of, _ = SourceSystem.objects.get_or_create(name="Elsewhere", organization=None)
    for key in keys:
        SourceKey.objects.create(system=of, file="Client", key=key, row_id=1)


# constraint: (what it accepts, what it refuses)
ROWS = {
    "transfer_kind_is_known": ([export(), imported()], [export(kind="")]),
    "transfer_one_running": (
        [partial(two_running, OrganizationFactory, OrganizationFactory, None)],
        [same_organization, partial(two_running, None, None)],
    ),
    "transfer_period_is_whole": (
        [export(starts_on=FIRST, ends_on=LAST), export(starts_on=LAST, ends_on=LAST)],
        [export(starts_on=LAST, ends_on=FIRST), export(ends_on=LAST), export(starts_on=FIRST)],
    ),
    "transfer_import_has_no_export_options": (
        [export(is_hashed=True, is_complete=True), imported(is_encrypted=True)],
        [
            imported(starts_on=FIRST, ends_on=LAST),
            imported(is_hashed=True),
            imported(is_complete=True),
        ],
    ),
    "transfer_import_is_confirmed": (
        [confirmed(confirmed_at=NOW), imported()],
        [
            confirmed(confirmed_at=NOW, kind="export"),
            confirmed(confirmed_at=None),
            imported(confirmed_at=NOW),
        ],
    ),
    "transfer_waits_to_be_confirmed": (
        [imported(state="waiting", expires_at=LATER)],
        [
            export(state="waiting", expires_at=LATER),
            confirmed(state="waiting", expires_at=LATER, confirmed_at=NOW),
        ],
    ),
    "transfer_passphrase_is_wiped": (
        [export(is_encrypted=True, passphrase="a phrase", state="running")],
        [
            export(is_encrypted=True, passphrase="a phrase", over="done"),
            export(is_encrypted=False, passphrase="a phrase"),
        ],
    ),
    "transfer_state_is_whole": (
        [export(over=state) for state in ("done", "failed", "canceled", "expired")],
        [
            export(state="lost"),
            export(state="lost", **ENDED),
            export(state="queued", **ENDED),
            export(state="running", problem="It fails."),
            export(state="done", ended_at=NOW),
            export(state="done", expires_at=LATER),
            imported(state="waiting"),
        ],
    ),
    "transfer_failed_for_a_reason": (
        [export(over="failed")],
        [export(state="failed", problem="", **ENDED)],
    ),
    "kept_file_once": (
        [partial(kept_twice, part="upload", store_key="exchange/aa/b")],
        [partial(kept_twice, store_key="exchange/aa/b")],
    ),
    "kept_file_has_its_own_key": (
        [partial(kept_twice, part="upload", store_key="exchange/aa/c")],
        [partial(kept_twice, part="upload")],
    ),
    "kept_file_part_is_known": ([kept(part="upload")], [kept(part="photo")]),
    "kept_file_can_be_read": ([kept()], [kept(store_key=""), kept(seal="")]),
    "source_system_once": (
        [partial(two_systems, OrganizationFactory, OrganizationFactory, None)],
        [partial(two_systems, None, None)],
    ),
    "source_system_has_a_name": ([system()], [system(name="")]),
    "source_key_once": ([partial(two_keys, "1", "2")], [partial(two_keys, "1", "1")]),
    "file_count_once": ([partial(counted_twice, file="Exit.csv")], [counted_twice]),
}
