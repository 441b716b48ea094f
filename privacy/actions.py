"""What becomes of a client's request, and of a legal hold."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import SecurityEvent, User
from agencies.security_events import record_event
from privacy.models import ClientRequest, LegalHold
from privacy.models.client_request import State
from records.conflicts import concurrent_change

# What an officer may make of a request. An erasure is carried out by the command alone.
ANSWERS = {
    State.OPEN: [State.GRANTED, State.REFUSED, State.WITHDRAWN],
    State.GRANTED: [State.DONE, State.WITHDRAWN],
}
TOO_LATE = concurrent_change("answered this request", "See the answer first.")
HELD = concurrent_change(
    "set a legal hold", "Grant the erasure once the hold is lifted, or refuse it."
)
NOT_OFFERED = "That answer is no longer possible. Choose one of those that are listed."


def answers_to(request: ClientRequest, by: User) -> list[State]:
    """The states that the user may give the request next; none where it is over.

    An erasure is granted by an officer of the organization that keeps the record, or by an
    administrator, while no legal hold is in force, and carried out by the command alone.
    """
    answers = ANSWERS.get(State(request.state), [])
    if request.kind != ClientRequest.Kind.ERASURE:
        return answers
    barred = {State.DONE}
    if not may_grant_erasure(request, by) or is_held(request):
        barred.add(State.GRANTED)
    return [one for one in answers if one not in barred]


def may_grant_erasure(request: ClientRequest, by: User) -> bool:
    keeper = request.client.organization_id
    is_keepers = request.organization_id == keeper and keeper in by.dqo_organizations
    return by.is_superuser or is_keepers


def is_held(request: ClientRequest) -> bool:
    """Whether a legal hold, of whichever organization, keeps the client's record."""
    return LegalHold.objects.filter(client=request.client_id).exists()


def why_not(request: ClientRequest, *, seen: str) -> str:
    """Why an answer that the page offered, when the request was in the state seen, is refused."""
    if request.state != seen:
        return TOO_LATE
    if request.kind == ClientRequest.Kind.ERASURE and is_held(request):
        return HELD
    return NOT_OFFERED


@transaction.atomic
def answer_request(
    *, request_id: int, seen: State, answer: State, reason: str, by: User
) -> ClientRequest:
    """Answer a request, or note that it was carried out.

    Args:
        seen: the state that the officer was looking at.
        reason: why it is refused, or what the client should know; it may be empty otherwise.

    Raises:
        ValidationError: where somebody else was faster, a legal hold was set meanwhile, or the
            request is over.
    """
    request = ClientRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.state != seen or answer not in answers_to(request, by):
        raise ValidationError(why_not(request, seen=seen))
    if answer is State.REFUSED and not reason:
        raise ValidationError("Write the reason: the client has a right to know it.")
    now = timezone.now()
    request.state, request.reason = answer, reason or request.reason
    if answer is State.DONE:
        request.done_at = now
    else:
        request.answered_by, request.answered_at = by, now
    request.stamp(by=by)
    request.save()
    return request


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User) -> None:
    """Let the record be erased again; history keeps who held it, and why."""
    hold.mark_deleted(by=by)
    note_hold(hold, by=by, is_set=False)


def note_hold(hold: LegalHold, *, by: User, is_set: bool) -> None:
    record_event(
        SecurityEvent.Kind.LEGAL_HOLD,
        user=by,
        organization=hold.organization,
        client_id=hold.client_id,
        detail={"hold": hold.pk, "set": is_set},
    )
