"""Which list says what was provided, by the record type of a service (HUD 4.14, P1, R14, ...)."""

from hud.choices import RecordType
from hud.lists import CodeList, code_list

LISTS = {
    141: "P1.2",  # PATH service
    142: "R14.2",  # RHY service connections
    143: "W1.2",  # HOPWA service
    144: "V2.2",  # SSVF service
    151: "V2.3",  # HOPWA financial assistance
    152: "V3.3",  # SSVF financial assistance
    161: "P2.2",  # PATH referral
    200: "4.14",  # bed night
    210: "V8.1",  # HUD-VASH voucher tracking
    300: "C2.2",  # moving on assistance
}


def types_provided(record_type: int) -> CodeList:
    """The list that TypeProvided is a code of; raises ValueError for an unknown record type."""
    return code_list(LISTS[RecordType(record_type)])
