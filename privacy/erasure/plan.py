"""What an erasure would do and what stands against it, without a word of what goes."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from clients.encryption import keyed_hash
from clients.models import Client, ClientRecord
from enrollments.models import Enrollment, IntakeDraft
from enrollments.querysets import EnrollmentQuerySet
from privacy.erasure import files
from privacy.erasure.fields import about_clients
from privacy.models import ClientRequest, LegalHold

Kind, State = ClientRequest.Kind, ClientRequest.State
TOKEN_LENGTH = 12


class Plan:
    """Everything that goes and that stays of one client, counted."""

    def __init__(self, client: Client):
        self.client = client
        self.ids = client.all_ids
        self.obstacles = obstacles(client)
        self.request = granted_request(client)

    @property
    def lines(self) -> list[str]:
        return [*self._lines()]

    @property
    def token(self) -> str:
        """Good for exactly this list: whatever is added to the record makes another one."""
        version = f"version {self.client.version}"
        return keyed_hash("\n".join(["erase_client", version, *self.lines]))[:TOKEN_LENGTH]

    def _lines(self) -> Iterator[str]:
        merged = ", ".join(map(str, self.ids[1:]))
        asked = f"; request {self.request.pk} was granted" if self.request else ""
        yield f"Client ID {self.client.pk}" + (f" (also {merged})" if merged else "") + asked
        yield "Taken out for good:"
        stays = []
        for rows in about_clients():
            found = rows.of(self.ids)
            name = rows.model._meta.verbose_name_plural
            count = found.count()
            if count and rows.is_deleted:
                yield f"  {name}: {count}, deleted"
            elif count:
                stays.append(f"  {name}: {count}")
                if rows.changed:
                    yield f"  {name}: {count}, without {', '.join(sorted(rows.changed))}"
            if rows.event_changes:
                keys = list(found.values_list("pk", flat=True))
                if versions := rows.events_of(self.ids, keys).count():
                    yield f"  history of {name}: {versions} versions, without the same"
        keys = files.stored_files(self.ids).values_list("key", "thumbnail_key")
        count = len([key for pair in keys for key in pair if key])
        yield f"  files in the store, small pictures too: {count}, deleted"
        yield "  and the spellings of the names that no other client has"
        yield from ["Stays, without a name:", *stays]


def granted_request(client: Client) -> ClientRequest | None:
    """The request for erasure that the officer of its keeper, or an administrator, granted.

    Whoever else took one cannot have another agency's record erased.
    """
    requests = ClientRequest.objects.filter(client__in=client.all_ids, kind=Kind.ERASURE)
    may_grant = Q(organization=client.organization_id) | Q(answered_by__is_superuser=True)
    return requests.filter(may_grant, state=State.GRANTED).order_by("pk").first()


def may_erase(by: User, client: Client) -> bool:
    """An administrator; an officer of who keeps the record, if nobody else has written in it."""
    if by.is_superuser:
        return True
    own = by.dqo_organizations
    ids = client.all_ids
    return client.organization_id in own and not any(
        rows.of(ids).exclude(organization__in=own).exists()
        for rows in about_clients()
        if issubclass(rows.model, ClientRecord)
    )


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
    if count := open_enrollments(client).count():
        found.append(f"{count} enrollment{_s(count)} without an exit. Exit the client first.")
    if count := len([one for one in drafts_naming(ids) if one.is_open]):
        found.append(f"{count} unfinished intake{_s(count)} with this client. End them first.")
    return found


def open_enrollments(client: Client) -> EnrollmentQuerySet:
    """Those that have not ended by today: nothing is erased before."""
    is_open = Q(exit_date=None) | Q(exit_date__gt=timezone.localdate())
    return Enrollment.objects.filter(is_open, client__in=client.all_ids)


def drafts_naming(client_ids: list[int]) -> list[IntakeDraft]:
    """The intakes with something typed in them that are about the client, or name it."""
    ids = set(client_ids)
    written = IntakeDraft.objects.exclude(answers_json="")
    return [one for one in written.iterator() if one.client_id in ids or ids & one.answers.named]


def _s(count: int) -> str:
    return "" if count == 1 else "s"
