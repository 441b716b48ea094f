from collections.abc import Iterator
from datetime import timedelta

from clients.models import Alert, Client
from hmis.demo.calendar import moment
from hmis.demo.context import Context
from hmis.demo.signed import create, filed_like
from hmis.demo.story import STORY

EVERY = 15


def add_alerts(context: Context) -> None:
    """Some that hold today, some that are over, some that are still to come."""
    create(_alerts(context))


def _alerts(context: Context) -> Iterator[Alert]:
    alerts = dict(STORY["alerts"])
    others = alerts.pop("others")
    for key, theirs in alerts.items():
        for alert in theirs:
            yield _alert(context, context.personas[key], **alert)
    clients = [one.client for one in context.filed if one.person.number >= 0]
    for place, client in enumerate(clients[::EVERY]):
        yield _alert(context, client, **others[place % len(others)])


def _alert(
    context: Context, client: Client, *, text: str, first: int, last: int | None = None
) -> Alert:
    written = max(moment(context.rng, context.today, -first), client.date_created)
    return Alert(
        client=client,
        text=text,
        begins_on=context.today + timedelta(days=first),
        ends_on=None if last is None else context.today + timedelta(days=last),
        **filed_like(client, at=written),
    )
