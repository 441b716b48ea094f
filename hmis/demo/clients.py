"""Writes synthetic people as clients."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date

from agencies.models import Organization, User
from clients.models import Client, ClientAlias
from hmis.demo.agencies import Agencies
from hmis.demo.context import Filed, Filing, runs
from hmis.demo.person import Person
from hmis.demo.personas import Persona
from hmis.demo.rng import Rng
from records.models import Visibility

PAST = 730  # days over which the records were created
COLUMNS = {one.name for one in fields(Person)} & {one.name for one in Client._meta.fields}


def file(person: Person, filing: Filing) -> Filed:
    values = {column: getattr(person, column) for column in COLUMNS}
    client = Client(
        **values,
        **asdict(person.home),
        **dict.fromkeys(person.races, True),
        **filing.columns,
    )
    return Filed(person, client)


def save(filed: list[Filed]) -> None:
    """Write the clients and their aliases, in the history by the users who filed them."""
    for run in runs(filed, lambda one: one.client):
        save_unsigned(run)


def save_unsigned(filed: list[Filed]) -> None:
    """The same in a few statements, however many there are; the history names nobody."""
    Client.objects.bulk_create([one.client for one in filed], batch_size=1000)
    ClientAlias.objects.bulk_create(
        [
            ClientAlias(client=one.client, first_name=first, last_name=last)
            for one in filed
            for first, last in one.person.aliases
        ],
        batch_size=1000,
    )


@dataclass
class Desks:
    """Files people where they come: a family at one desk on one day, the days in order.

    Args:
        staff: who opens records, by agency.
        expected: how many people will come until `today`.
        restricted: the share of people whom only their own agency sees.
    """

    staff: dict[Organization, list[User]]
    rng: Rng
    today: date
    expected: int
    restricted: float = 0.02

    def file_personas(self, personas: Iterable[Persona], agencies: Agencies) -> Iterator[Filed]:
        """They came first, before the days over which the others are spread."""
        for persona in personas:
            filing = Filing(
                getattr(agencies, persona.agency),
                agencies.users[persona.user],
                self.rng.moment(self.today, PAST + 30 + persona.person.household),
                _visibility(restricted=persona.restricted),
            )
            yield file(persona.person, filing)

    def file_people(self, people: Iterable[Person]) -> Iterator[Filed]:
        filing, household = None, None
        for place, person in enumerate(people):
            if filing is None or person.household != household:
                household, filing = person.household, self.filing(place)
            yield file(person, filing)

    def filing(self, place: int) -> Filing:
        organization = self.rng.early(list(self.staff))
        days_ago = PAST - 1 - place * (PAST - 1) // max(1, self.expected)
        return Filing(
            organization,
            self.rng.pick(self.staff[organization]),
            self.rng.moment(self.today, days_ago),
            _visibility(restricted=self.rng.chance(self.restricted)),
        )


def _visibility(*, restricted: bool) -> Visibility:
    return Visibility.OWN_ORGANIZATION if restricted else Visibility.ALL_ORGANIZATIONS
