from collections.abc import Iterator
from itertools import cycle

from clients.models import Client, InterestedOther
from hmis.demo.people import people
from hmis.demo.person import Person
from hmis.demo.scene import Scene
from hud.choices import NameDataQuality, RelationshipToHoH

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
CAST = ("john", "john", "jose", "robert", "okafor", "vasconcelos", "walter")
EVERY = 8


def add_interested_others(scene: Scene) -> None:
    InterestedOther.objects.bulk_create(_interested_others(scene))


def _interested_others(scene: Scene) -> Iterator[InterestedOther]:
    clients = [scene.cast[key] for key in CAST]
    clients += [one.client for one in scene.filed if one.person.number >= 0][::EVERY]
    for client, stranger, kind in zip(clients, _strangers(scene), cycle(KINDS), strict=False):
        yield _interested_other(scene, client, stranger, kind)


def _strangers(scene: Scene) -> Iterator[Person]:
    """Grown-up people who are nobody's clients."""
    for person in people(scene.seed + 1, 10 * len(scene.filed) + 100, today=scene.today):
        is_full = person.name_data_quality == NameDataQuality.FULL
        if is_full and person.relationship == RelationshipToHoH.SELF:
            yield person


def _interested_other(
    scene: Scene, client: Client, stranger: Person, kind: tuple[str, str, bool | None]
) -> InterestedOther:
    type_description, relationship, is_aware = kind
    work = f"(617) 555-01{scene.dice.below(100):02}" if not relationship else ""
    return InterestedOther(
        client=client,
        type_description=type_description,
        relationship=relationship,
        is_aware=is_aware,
        first_name=stranger.first_name,
        last_name=stranger.last_name,
        work_phone=work,
        cell_phone=stranger.phone,
        email=stranger.email,
        address1=stranger.address1,
        address2=stranger.address2,
        city=stranger.city,
        state=stranger.state,
        zip=stranger.zip,
        organization=client.organization,
        visibility=client.visibility,
        created_by=client.created_by,
        updated_by=client.created_by,
    )
