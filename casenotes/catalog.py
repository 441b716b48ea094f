"""The entries of the service catalog that rows of Services.csv are filed under.

Services.csv says with each row what was provided, by two codes; here the row's entry of the
catalog says it. Rows from a file are counted: one unit each.
"""

from collections.abc import Iterable, Iterator

from casenotes.models import ServiceType
from casenotes.models.service_type import Unit
from hud.choices import RecordType
from hud.rules.services import types_provided

Codes = tuple[int, int, int]  # the organization's primary key, RecordType, TypeProvided


def entries_of(wanted: Iterable[Codes]) -> dict[Codes, ServiceType]:
    """The entries for rows of a file, by organization and HUD's codes; adds those that are missing.

    An entry that is measured in minutes or dollars takes no row of a file, which has neither. A
    row that has come before stays under its entry while its codes are the same.

    Raises:
        ValueError: for a record type that HUD does not know.
    """
    wanted = set(wanted)
    organizations = {organization for organization, _, _ in wanted}
    rows = ServiceType.objects.filter(organization__in=organizations).order_by("is_active", "-pk")
    found, taken = {}, set()
    for row in rows:
        taken.add((row.organization_id, row.name))
        if row.unit == Unit.COUNT and row.record_type is not None:
            found[row.organization_id, row.record_type, row.type_provided] = row
    for codes in sorted(wanted - found.keys()):
        organization, record_type, type_provided = codes
        names = _names(record_type, type_provided)
        name = next(one for one in names if (organization, one) not in taken)
        taken.add((organization, name))
        found[codes] = ServiceType.objects.create(
            organization_id=organization,
            name=name,
            record_type=record_type,
            type_provided=type_provided,
        )
    return {codes: found[codes] for codes in wanted}


def _names(record_type: int, type_provided: int) -> Iterator[str]:
    """What an entry may be called: as HUD's list calls it, and then with what tells it apart."""
    kind, listed = RecordType(record_type).label, types_provided(record_type)
    label = dict(listed.retired + listed.values).get(type_provided, f"{kind} {type_provided}")
    yield label
    yield f"{label} ({kind})"
    number = 2
    while True:
        yield f"{label} ({kind} {number})"
        number += 1
