from collections.abc import Iterator
from datetime import timedelta

from clients.models import Alert, Client
from hmis.demo.calendar import moment
from hmis.demo.context import Context
from hmis.demo.signed import create

# What, and the first and the last day of it, in days from today.
Period = tuple[str, int, int | None]
PERSONAS: dict[str, list[Period]] = {
    "john": [
        ("Do not leave voicemail: the telephone is shared.", -40, None),
        ("Mail is held at the front desk.", -400, -200),
    ],
    "jose": [("Needs a Spanish interpreter for anything signed.", -90, None)],
    "robert": [("Appointment at the VA clinic: remind him the day before.", -3, 10)],
    "walter": [("Uses a wheelchair: meet on the ground floor.", -200, None)],
    "okafor": [("School starts: ask about bus passes for the twins.", 20, 50)],
    "vasconcelos": [("Meet at the office only. Do not send mail or leave messages.", -60, None)],
    "tiny": [("Usually found behind the ferry terminal before 7 a.m.", -15, 45)],
}
OTHERS: tuple[Period, ...] = (
    ("Do not leave voicemail.", -30, None),
    ("Bring an interpreter.", -120, None),
    ("Has a service dog.", -250, None),
    ("Identity card is being replaced: ask whether it came.", -10, 30),
    ("Lost the telephone: ask for the new number.", -45, -1),
    ("Wait for the housing authority's letter before calling.", -20, 14),
    ("Not to enter the Quarry Hill site until the date given.", -300, -120),
    ("Winter shelter bed is reserved from this date.", 12, 120),
)
EVERY = 15


def add_alerts(context: Context) -> None:
    """Some that hold today, some that are over, some that are still to come."""
    create(_alerts(context))


def _alerts(context: Context) -> Iterator[Alert]:
    for key, alerts in PERSONAS.items():
        for alert in alerts:
            yield _alert(context, context.personas[key], *alert)
    others = [one.client for one in context.filed if one.person.number >= 0]
    for place, client in enumerate(others[::EVERY]):
        yield _alert(context, client, *OTHERS[place % len(OTHERS)])


def _alert(context: Context, client: Client, text: str, first: int, last: int | None) -> Alert:
    written = moment(context.rng, context.today, -first)
    return Alert(
        client=client,
        text=text,
        begins_on=context.today + timedelta(days=first),
        ends_on=None if last is None else context.today + timedelta(days=last),
        organization=client.organization,
        visibility=client.visibility,
        date_created=max(written, client.date_created),
        created_by=client.created_by,
        date_updated=max(written, client.date_created),
        updated_by=client.created_by,
    )
