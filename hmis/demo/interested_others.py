from collections.abc import Iterator
from itertools import cycle

from clients.models import Client, InterestedOther
from hmis.demo.context import Context
from hmis.demo.people import people
from hmis.demo.person import Person
from hmis.demo.signed import create
from hud.choices import NameDataQuality, RelationshipToHoH, Sex

# Type/Description, the relationship, and whether the person knows of the client's situation.
KINDS = (
    ("Mother", "Parent", True),
    ("Probation officer", "", True),
    ("Caseworker at DCF", "", True),
    ("Landlord", "Former landlord", False),
    ("Sponsor", "", True),
    ("Sister", "Sibling", None),
    ("Payee", "Representative payee", True),
    ("Emergency contact", "Friend", None),
    ("Public defender", "", True),
    ("School social worker", "", False),
    ("Pastor", "", True),
    ("Visiting nurse", "", None),
)
WOMEN = {"Mother", "Sister"}
PERSONAS = ("john", "john", "jose", "robert", "okafor", "vasconcelos", "walter")
EVERY = 8


def add_interested_others(context: Context) -> None:
    create(_interested_others(context))


def _interested_others(context: Context) -> Iterator[InterestedOther]:
    clients = [context.personas[key] for key in PERSONAS]
    clients += [one.client for one in context.filed if one.person.number >= 0][::EVERY]
    strangers = _strangers(context)
    for client, kind in zip(clients, cycle(KINDS), strict=False):
        stranger = next(one for one in strangers if kind[0] not in WOMEN or one.sex == Sex.FEMALE)
        yield _interested_other(context, client, stranger, kind)


def _strangers(context: Context) -> Iterator[Person]:
    """Grown-up people who are nobody's clients."""
    for person in people(context.seed + 1, 10 * len(context.filed) + 1000, today=context.today):
        is_full = person.name_data_quality == NameDataQuality.FULL
        is_first = person.duplicate_of is None
        if is_full and is_first and person.relationship == RelationshipToHoH.SELF:
            yield person


def _interested_other(
    context: Context, client: Client, stranger: Person, kind: tuple[str, str, bool | None]
) -> InterestedOther:
    type_description, relationship, is_aware = kind
    work = f"(617) 555-01{context.rng.below(100):02}" if not relationship else ""
    return InterestedOther(
        client=client,
        type_description=type_description,
        relationship=relationship,
        is_aware=is_aware,
        first_name=stranger.first_name,
        last_name=stranger.last_name,
        work_phone=work,
        cell_phone=stranger.home.phone,
        email=stranger.email,
        address1=stranger.home.address1,
        address2=stranger.home.address2,
        city=stranger.home.city,
        state=stranger.home.state,
        zip=stranger.home.zip,
        organization=client.organization,
        visibility=client.visibility,
        date_created=client.date_created,
        created_by=client.created_by,
        date_updated=client.date_created,
        updated_by=client.created_by,
    )
