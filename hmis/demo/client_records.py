"""Alerts, interested others, recent accesses and a report of duplicates of the demonstration."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle
from typing import Any

from django.utils import timezone

from clients.models import Alert, Client, ClientAccess, DuplicateReport, InterestedOther
from hmis.demo.context import STORY, Context, create, filed_like
from hmis.demo.people import people
from hmis.demo.person import Person
from hud.choices import NameDataQuality, RelationshipToHoH, Sex

ALERT_EVERY = 15
WOMEN = {"Mother", "Sister"}
PERSONAS = ("john", "john", "jose", "robert", "okafor", "vasconcelos", "walter")
OTHER_EVERY = 8
# The last one is the latest.
VIEWED = ("tiny", "okafor.grace", "bob", "okafor", "robert", "jose", "william", "john")


def alerts(context: Context) -> Iterator[Alert]:
    """Some that hold today, some that are over, some that are still to come."""
    personas = dict(STORY["alerts"])
    others = personas.pop("others")
    for key, theirs in personas.items():
        for alert in theirs:
            yield _alert(context, context.personas[key], **alert)
    for place, client in enumerate(context.others[::ALERT_EVERY]):
        yield _alert(context, client, **others[place % len(others)])


def _alert(
    context: Context, client: Client, *, text: str, first: int, last: int | None = None
) -> Alert:
    written = max(context.moment(-first), client.date_created)
    return Alert(
        client=client,
        text=text,
        begins_on=context.day(-first),
        ends_on=None if last is None else context.day(-last),
        **filed_like(client, at=written),
    )


def interested_others(context: Context) -> Iterator[InterestedOther]:
    clients = [context.personas[key] for key in PERSONAS]
    clients += context.others[::OTHER_EVERY]
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


def add_recent_accesses(context: Context) -> None:
    """What Casey looked at, so that Home has recently viewed clients."""
    ClientAccess.objects.bulk_create(
        ClientAccess(
            client=context.personas[key],
            user=context.agencies.users["casey"],
            organization=context.agencies.harbor,
            page="clients:dashboard",
        )
        for key in VIEWED
    )


def add_duplicate_report(context: Context) -> None:
    """One that waits for the Data Quality Officer: Robert Miller is Bob Miller."""
    casey = context.agencies.users["casey"]
    report = DuplicateReport(
        client_1=context.personas["robert"],
        client_2=context.personas["bob"],
        comment="Same person: he says that Bridge House wrote Bob when he stayed there.",
        organization=context.agencies.harbor,
        created_by=casey,
        updated_by=casey,
        mailed_at=timezone.now(),
    )
    create([report])
