from dataclasses import dataclass
from datetime import date

from clients.models import Client
from hmis.demo.agencies import Agencies
from hmis.demo.clients import Filed
from hmis.demo.rng import Rng


@dataclass(frozen=True)
class Context:
    """What the parts of the demonstration build on, one after the other.

    Args:
        filed: every person with the client of that person, in the order of the client IDs.
        personas: the clients that `hmis.demo.personas` names, by its keys.
        rng: the one source of chance, so that a seed always gives the same data.
    """

    seed: int
    today: date
    rng: Rng
    agencies: Agencies
    filed: list[Filed]
    personas: dict[str, Client]
