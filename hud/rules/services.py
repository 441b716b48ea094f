"""What HUD asks about a row of Services.csv, by its record type and by what was provided.

From the CSV specifications FY2026: which list TypeProvided and SubTypeProvided are codes of, and of
which services each of the other columns is "null unless".
"""

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from hud.choices import RecordType
from hud.lists import CodeList, code_list
from hud.programs import COC, HOPWA, PATH, RHY, SSVF, VASH

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
# The programs whose projects record them; bed nights are of night-by-night shelters.
FUNDERS = {
    141: PATH,
    142: RHY,
    143: HOPWA,
    144: SSVF,
    151: HOPWA,
    152: SSVF,
    161: PATH,
    210: VASH,
    300: COC,
}
SUB_LISTS = {(144, 3): "V2.A", (144, 4): "V2.B", (144, 5): "V2.C"}
FINANCIAL = frozenset({151, 152})
# One column each, and the services that it is asked of: a whole record type, or one type of it.
ASKED_OF: dict[str, frozenset[int | tuple[int, int]]] = {
    "other_type_provided": frozenset({(144, 6), (210, 12)}),  # V2.D, V8.A
    "moving_on_other_type": frozenset({(300, 5)}),  # C2.A
    "sub_type_provided": frozenset(SUB_LISTS),  # V2.A-V2.C
    "fa_amount": FINANCIAL,  # W2, V3.2
    "fa_start_date": frozenset({152}),  # V3.1
    "fa_end_date": frozenset({152}),  # V3.4
    "referral_outcome": frozenset({161}),  # P2.A
}
COLUMNS = tuple(ASKED_OF)
OUTCOMES = code_list("P2.A")


def types_provided(record_type: int) -> CodeList:
    """The list that TypeProvided is a code of; raises ValueError for an unknown record type."""
    return code_list(LISTS[RecordType(record_type)])


def record_types_for(funders: Collection[int]) -> list[int]:
    """The record types, those that these funding sources (2.06.1) ask for first."""
    return sorted(LISTS, key=lambda kind: FUNDERS.get(kind, frozenset()).isdisjoint(funders))


@cache
def sub_types() -> Mapping[tuple[int, int], CodeList]:
    """The lists that SubTypeProvided is a code of, by record type and type provided."""
    return MappingProxyType({codes: code_list(number) for codes, number in SUB_LISTS.items()})


def is_asked(column: str, record_type: int | None, type_provided: int | None) -> bool:
    """Whether a column is asked of a service; of one that is not HUD's, none is."""
    asked_of = ASKED_OF[column]
    return record_type in asked_of or (record_type, type_provided) in asked_of


@cache
def columns_asked(record_type: int | None, type_provided: int | None) -> tuple[str, ...]:
    """The columns that are asked of a service, in the order of the file."""
    return tuple(name for name in COLUMNS if is_asked(name, record_type, type_provided))
