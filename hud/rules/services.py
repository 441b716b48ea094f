"""Which list says what was provided, by the record type of a service (HUD 4.14, P1, R14, ...)."""

from hud.choices import RecordType
from hud.lists import CodeList, code_list

LISTS = {
    RecordType.PATH_SERVICE: "P1.2",
    RecordType.RHY_SERVICE: "R14.2",
    RecordType.HOPWA_SERVICE: "W1.2",
    RecordType.SSVF_SERVICE: "V2.2",
    RecordType.HOPWA_FINANCIAL_ASSISTANCE: "V2.3",
    RecordType.SSVF_FINANCIAL_ASSISTANCE: "V3.3",
    RecordType.PATH_REFERRAL: "P2.2",
    RecordType.BED_NIGHT: "4.14",
    RecordType.HUD_VASH_VOUCHER: "V8.1",
    RecordType.MOVING_ON: "C2.2",
}
FINANCIAL = frozenset({RecordType.HOPWA_FINANCIAL_ASSISTANCE, RecordType.SSVF_FINANCIAL_ASSISTANCE})


def types_provided(record_type: int) -> CodeList:
    """The list that TypeProvided is a code of; raises ValueError for an unknown record type."""
    return code_list(LISTS[RecordType(record_type)])
