"""What stands against an erasure, in sentences that say what to do."""

from django.utils import timezone

from clients.models import Client
from enrollments.intake.answers import Answers
from enrollments.intake.merged import named_in
from enrollments.models import Enrollment, IntakeDraft
from privacy.models import ClientRequest, LegalHold

Kind, State = ClientRequest.Kind, ClientRequest.State


def granted_request(client_ids: list[int]) -> ClientRequest | None:
    """The client's request for erasure that an officer granted."""
    requests = ClientRequest.objects.filter(client__in=client_ids, kind=Kind.ERASURE)
    return requests.filter(state=State.GRANTED).order_by("pk").first()


def obstacles(client: Client, *, is_repeated: bool = False) -> list[str]:
    """Why the client is not erased now; empty where nothing is in the way.

    Args:
        is_repeated: the client was erased before, and a backup has brought the record back as it
            was: what was open in it then is not any more.
    """
    ids = client.all_ids
    found = []
    if client.erased_at:
        day = timezone.localtime(client.erased_at)
        return [f"Client ID {client.pk} was erased on {day:%m/%d/%Y}."]
    holds = LegalHold.objects.filter(client__in=ids).select_related("organization")
    found += [f"A legal hold of {hold.organization} is in force. Lift it first." for hold in holds]
    if is_repeated:
        return found
    if count := _open_enrollments(ids):
        found.append(f"{count} enrollment{_s(count)} without an exit. Exit the client first.")
    if count := len([one for one in drafts_naming(ids) if one.is_open]):
        found.append(f"{count} unfinished intake{_s(count)} with this client. End them first.")
    return found


def _open_enrollments(ids: list[int]) -> int:
    today = timezone.localdate()
    rows = Enrollment.objects.filter(client__in=ids)
    return (rows.filter(exit_date=None) | rows.filter(exit_date__gt=today)).count()


def drafts_naming(client_ids: list[int]) -> list[IntakeDraft]:
    """The intakes with something typed in them that are about the client, or name it."""
    ids = set(client_ids)
    written = IntakeDraft.objects.exclude(answers="")
    return [
        one for one in written.iterator() if one.client_id in ids or ids & named_in(Answers(one))
    ]


def _s(count: int) -> str:
    return "" if count == 1 else "s"
