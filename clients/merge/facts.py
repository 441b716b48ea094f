"""What is known of a person, in the parts of which an officer takes one client's or the other's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clients.models import Client
from clients.side_by_side import FACTS as SHOWN
from hud.choices import RACES, VeteranStatus


@dataclass(frozen=True)
class Fact:
    """
    columns: fields that are only right together, derived ones included.
    shown: what a person reads; empty where nothing is known.
    told: how much it tells, the more the better.
    agree: whether two different values may both be right.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    shown: Callable[[Client], str]
    told: Callable[[Client], Any]
    agree: Callable[[Client, Client], bool] = lambda one, other: False

    def differs(self, one: Client, other: Client) -> bool:
        return any(getattr(one, name) != getattr(other, name) for name in self.columns)

    def contradicts(self, one: Client, other: Client) -> bool:
        """Whether both say something, and not the same."""
        both = bool(self.shown(one) and self.shown(other))
        return both and self.differs(one, other) and not self.agree(one, other)


def _quality(name: str) -> Callable[[Client], Any]:
    """Full before partial before none."""

    def told(client: Client) -> Any:
        return -getattr(client, f"{name}_data_quality")

    return told


def _filled(*names: str) -> Callable[[Client], int]:
    return lambda client: sum(bool(getattr(client, name)) for name in names)


def _name(client: Client) -> str:
    return client.display_name if client.first_name or client.last_name else ""


def _veteran(client: Client) -> str:
    answer = VeteranStatus(client.veteran_status)
    return "" if answer.is_unanswered else str(answer.label)


NAMES = ("first_name", "middle_name", "last_name", "name_suffix")
ADDRESS = ("address1", "address2", "city", "state", "zip")
RACE_COLUMNS = (*(name for name, _ in RACES), "race_none", "additional_race_ethnicity")

FACTS = (
    Fact(
        "name",
        "Name",
        (*NAMES, "name_data_quality", "first_key", "last_key", "last_part_key", "name_forms"),
        _name,
        lambda client: (_quality("name")(client), _filled(*NAMES)(client)),
    ),
    Fact(
        "ssn",
        "SSN",
        ("ssn", "ssn_data_quality", "ssn_hash", "ssn_last4_hash", "ssn_shape"),
        SHOWN["SSN"],
        _quality("ssn"),
    ),
    Fact(
        "dob",
        "Date of Birth",
        ("dob", "dob_data_quality"),
        SHOWN["Date of Birth"],
        lambda client: (_quality("dob")(client), client.born.precision if client.born else 0),
        lambda one, other: bool(one.born and other.born and one.born.agrees(other.born)),
    ),
    Fact("sex", "Sex", ("sex",), SHOWN["Sex"], lambda client: bool(SHOWN["Sex"](client))),
    Fact(
        "race",
        "Race and Ethnicity",
        RACE_COLUMNS,
        SHOWN["Race and Ethnicity"],
        lambda client: (len(client.races), client.race_none is not None),
    ),
    Fact(
        "veteran",
        "Veteran Status",
        ("veteran_status",),
        _veteran,
        lambda client: bool(_veteran(client)),
    ),
    Fact("phone", "Phone", ("phone",), SHOWN["Phone"], _filled("phone")),
    Fact("email", "E-mail", ("email",), SHOWN["E-mail"], _filled("email")),
    Fact("address", "Address", ADDRESS, SHOWN["Address"], _filled(*ADDRESS)),
)

# What stays the own one of each client, whatever is chosen; `photo_token` follows the photo.
OWN = frozenset(
    {"id", "personal_id", "organization", "visibility", "version", "merged_into", "photo_token"}
    | {"erased_at"}  # of a deleted client, whom nobody merges
    | {"date_created", "created_by", "date_updated", "updated_by", "date_deleted", "deleted_by"}
)


def fuller(fact: Fact, survivor: Client, gone: Client) -> Client:
    """Whose value is offered: the one that tells more, else the one who stays."""
    if bool(fact.shown(survivor)) != bool(fact.shown(gone)):
        return survivor if fact.shown(survivor) else gone
    return gone if fact.told(gone) > fact.told(survivor) else survivor
