"""Recording what happened to a client in CAS."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from agencies.models import User
from cas import upcoming
from cas.actions.telling import Matter, tell_case_managers
from cas.models import Event
from cas.subjects import of_event

if TYPE_CHECKING:
    from cas.forms.event import EventForm, ResultForm


@transaction.atomic
def save_event(*, form: "EventForm | ResultForm", by: User) -> tuple[Event, list[User]]:
    """Save what the form holds, tell the case managers, and return whom it told."""
    event = form.save(by=by)
    upcoming.removals_to_settle().filter(client=event.client_id).settle()
    return event, tell_of(event, but=by)


def tell_of(event: Event, *, but: User | None = None, on: date | None = None) -> list[User]:
    """Tell of an event or, once there is one, of its result; what it said before is settled.

    Run in a transaction. Who has been told the same already is not told again.

    Args:
        but: who recorded it.
        on: the day whose case managers are told; today, where it is left out.
    """
    kind, subject = event.news, of_event(event)
    event.notifications.unanswered().exclude(kind__in=[kind, event.happening.news]).settle()
    if event.date_deleted:
        return []
    about = Event.objects.filter(pk=event.pk)
    return tell_case_managers(Matter(kind, subject, event.client_id, about, event), but=but, on=on)
