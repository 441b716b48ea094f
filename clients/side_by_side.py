"""Clients side by side, so that one sees where they differ (2.6, 2.7)."""

from dataclasses import dataclass
from itertools import combinations

from clients.models import Client
from hud.choices import Sex
from hud.text import normalised


@dataclass(frozen=True)
class Cell:
    column: str
    value: str


@dataclass(frozen=True)
class Row:
    """One fact of every client; it differs where two of them say different things."""

    label: str
    cells: list[Cell]
    differs: bool


def compare(clients: list[Client], columns: list[str]) -> list[Row]:
    """Return a row for each fact that at least one of the clients has, and the user may see.

    Args:
        columns: what each client is called above its column.
    """
    rows = []
    for label, fact in FACTS.items():
        shown = [fact(client) if is_shown(label, client) else "" for client in clients]
        if any(map(normalised, shown)):
            cells = [Cell(*pair) for pair in zip(columns, shown, strict=True)]
            rows.append(Row(label, cells, differs=_differs(label, clients, shown)))
    return rows


def is_shown(label: str, client: Client) -> bool:
    """What is typed now is shown, and the identity of who is found; the rest as it is shared."""
    return label not in DETAILS or client.pk is None or client.has_details


def _differs(label: str, clients: list[Client], shown: list[str]) -> bool:
    if label == "Date of Birth":  # an approximate one agrees as far as it goes
        dates = [client.born for client in clients if client.born]
        return not all(one.agrees(two) for one, two in combinations(dates, 2))
    values = [client.ssn for client in clients] if label == "SSN" else shown
    return len(set(map(normalised, values)) - {""}) > 1


def _aliases(client: Client) -> str:
    if client.pk is None:
        return ""
    return ", ".join(alias.display_name for alias in client.aliases.all())


def _born(client: Client) -> str:
    approximate = " (approximate)" if client.has_approximate_dob else ""
    return f"{client.born}{approximate}" if client.born else ""


FACTS = {
    "Name": lambda client: client.display_name,
    "Aliases": _aliases,
    "SSN": lambda client: client.masked_ssn,
    "Date of Birth": _born,
    "Sex": lambda client: "" if Sex(client.sex).is_unanswered else client.get_sex_display(),
    "Race and Ethnicity": lambda client: client.races_display,
    "Phone": lambda client: client.phone,
    "E-mail": lambda client: client.email,
    "Address": lambda client: client.address,
}
DETAILS = {
    *("Aliases", "Race and Ethnicity", "Veteran Status", "Military Service"),
    *("Phone", "E-mail", "Address"),
}
