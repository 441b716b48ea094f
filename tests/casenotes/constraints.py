"""Rows that the constraints of case notes and services accept and refuse."""

from datetime import date
from functools import partial

from django.utils import timezone

from tests.casenotes.factories import CaseNoteFactory, ServiceFactory, ServiceTypeFactory
from tests.factories import OrganizationFactory, UserFactory

note = partial(partial, CaseNoteFactory)
service = partial(partial, ServiceFactory)
service_type = partial(partial, ServiceTypeFactory)


def deleted_note(*, read_only):
    CaseNoteFactory(read_only=read_only, date_deleted=timezone.now(), deleted_by=UserFactory())


def two_types(*organizations):
    for organization in organizations:
        ServiceTypeFactory(organization=organization, name="Shower")


ROWS = {
    "note_has_a_title": ([note(title="x")], [note(title="")]),
    "note_has_a_text": ([note(text="x")], [note(text="")]),
    "note_text_fits": ([note(text="x" * 200_000)], [note(text="x" * 200_001)]),
    "note_read_only_is_not_deleted": (
        [note(read_only=True), partial(deleted_note, read_only=False)],
        [partial(deleted_note, read_only=True)],
    ),
    "service_units_above_zero": ([service(units=1)], [service(units=0), service(units=-1)]),
    "service_sub_type_is_known": (
        [service(sub_type_provided=code) for code in (None, 1, 13)],
        [service(sub_type_provided=code) for code in (0, 14)],
    ),
    "service_referral_outcome_is_known": (
        [service(referral_outcome=code) for code in (None, 1, 3)],
        [service(referral_outcome=code) for code in (0, 4)],
    ),
    "service_amount_not_negative": (
        [service(fa_amount=None), service(fa_amount=0)],
        [service(fa_amount=-1)],
    ),
    "service_assistance_ends_after_start": (
        [
            service(fa_start_date=date(2026, 1, 2), fa_end_date=date(2026, 1, 2)),
            service(fa_start_date=date(2026, 1, 2)),
        ],
        [service(fa_start_date=date(2026, 1, 2), fa_end_date=date(2026, 1, 1))],
    ),
    "service_key_once": (
        [service(key="a" * 32)],
        [lambda: ServiceFactory(key=ServiceFactory().key)],
    ),
    "service_type_once_in_organization": (
        [lambda: two_types(OrganizationFactory(), OrganizationFactory())],
        [lambda: two_types(*[OrganizationFactory()] * 2)],
    ),
    "service_type_has_a_name": ([service_type(name="x")], [service_type(name="")]),
    "service_unit_is_known": ([service_type(unit="minutes")], [service_type(unit="miles")]),
    "service_hud_codes_go_together": (
        [
            service_type(record_type=None, type_provided=None),
            service_type(record_type=141, type_provided=1),
        ],
        [
            service_type(record_type=141, type_provided=None),
            service_type(record_type=None, type_provided=1),
            service_type(record_type=140, type_provided=1),
        ],
    ),
}
