from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle
from typing import Any

from clients.models import Client, InterestedOther
from hmis.demo.context import Context
from hmis.demo.people import people
from hmis.demo.person import Person
from hmis.demo.signed import create, filed_like
from hmis.demo.story import STORY
from hud.choices import NameDataQuality, RelationshipToHoH, Sex

WOMEN = {"Mother", "Sister"}
PERSONAS = ("john", "john", "jose", "robert", "okafor", "vasconcelos", "walter")
EVERY = 8


def add_interested_others(context: Context) -> None:
    create(_interested_others(context))


def _interested_others(context: Context) -> Iterator[InterestedOther]:
    clients = [context.personas[key] for key in PERSONAS]
    clients += [one.client for one in context.filed if one.person.number >= 0][::EVERY]
    strangers = _strangers(context)
    for client, kind in zip(clients, cycle(STORY["interested_others"]), strict=False):
        stranger = next(
            one
            for one in strangers
            if kind["type_description"] not in WOMEN or one.sex == Sex.FEMALE
        )
        yield _interested_other(context, client, stranger, kind)


def _strangers(context: Context) -> Iterator[Person]:
    """Grown-up people who are nobody's clients."""
    for person in people(context.seed + 1, 10 * len(context.filed) + 1000, today=context.today):
        is_full = person.name_data_quality == NameDataQuality.FULL
        is_first = person.duplicate_of is None
        if is_full and is_first and person.relationship == RelationshipToHoH.SELF:
            yield person


def _interested_other(
    context: Context, client: Client, stranger: Person, kind: dict[str, Any]
) -> InterestedOther:
    work = "" if "relationship" in kind else f"(617) 555-01{context.rng.below(100):02}"
    home = asdict(stranger.home)
    return InterestedOther(
        client=client,
        first_name=stranger.first_name,
        last_name=stranger.last_name,
        work_phone=work,
        cell_phone=home.pop("phone"),
        email=stranger.email,
        **home,
        **kind,
        **filed_like(client),
    )
