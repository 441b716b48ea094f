"""The ways to a draft and to the people in it: both authorise, the latter writes the access log."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from agencies.models import User
from agencies.requests import UserRequest
from clients.access_log.recorder import Kind, record_views
from clients.loading import with_marks
from clients.locks import lock_clients_of
from clients.models import Client
from clients.querysets import ClientQuerySet
from enrollments.intake.draft.added_steps import with_added_steps
from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import IntakeDraftQuerySet
from records.statements import compiled

CLIENT = "SELECT client_id FROM enrollments_intakedraft WHERE id = %s"


def get_draft(request: UserRequest, draft_id, *, lock: bool = False) -> IntakeDraft:
    """Return the user's own draft, a finished one too.

    Raises:
        Http404: for one that is somebody else's, discarded or not there.
    """
    if lock:
        lock_clients_of(CLIENT, [draft_id], shared=True)
    draft = owned_draft.first(request.user, draft_id, lock=lock)
    if draft is None or draft.discarded_at is not None:
        raise Http404
    draft.created_by = request.user  # the same, whose access is read already
    draft.answers.follow_merges()
    return draft


@compiled
def owned_draft(user: User, draft_id: UUID, *, lock: bool) -> IntakeDraftQuerySet:
    """The user's own draft, a discarded one too.

    Without the household: who has waited for the lock would see it as it was before.
    """
    rows = IntakeDraft.objects.owned_by(user).filter(pk=draft_id)
    rows = with_added_steps(rows.select_related("organization"))
    return rows.select_for_update(of=("self",)) if lock else rows


def people_of(draft: IntakeDraft, user: User) -> list[Client]:
    """Return the clients of a draft that the user may see, the first one first.

    Whoever was merged away since is replaced by the one who remains.
    """
    wanted = draft.answers.people
    by_id = {client.pk: client for client in _people(user, wanted)}
    if len(by_id) < len(wanted):
        found = _visible_to(user)
        by_id |= {
            pk: client
            for pk in wanted
            if pk not in by_id and (client := found.numbered(pk).first())
        }
    return list({by_id[pk].pk: by_id[pk] for pk in wanted if pk in by_id}.values())


def _visible_to(user: User) -> ClientQuerySet:
    visible = Client.objects.visible_to(user).current().select_related("organization")
    return with_marks(visible.with_sharing(user), user)


@compiled
def _people(user: User, client_ids: list[int]) -> ClientQuerySet:
    return _visible_to(user).filter(pk__in=client_ids)


def get_people(request: UserRequest, draft: IntakeDraft) -> list[Client]:
    """The same, noting in the access log that the user views them.

    Raises:
        Http404: when the draft's first client is not for this user's eyes any more.
    """
    people = people_of(draft, request.user)
    first = people[0].pk if people else None
    if first != draft.client_id and (first is None or first != draft.client.merged_into_id):
        raise Http404
    log_people(request, people)
    request.client = people[0]
    return people


def log_people(request: UserRequest, clients: Iterable[Client]) -> None:
    record_views(request, clients, Kind.VIEW if request.method == "GET" else Kind.CHANGE)
