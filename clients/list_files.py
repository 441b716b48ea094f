"""A list as a file for a spreadsheet: without SSN, in the access log, within the limit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.http import StreamingHttpResponse
from django.utils import timezone

from agencies import limits
from agencies.models import LimitedUse, SecurityEvent
from agencies.requests import UserRequest
from agencies.security_events import record_event
from clients.access_log.recorder import by_organization, record_export
from clients.emergency import require_no_emergency
from clients.models import Client
from records.csv_text import BYTE_ORDER_MARK, csv_text

BATCH = 2000


class Line(NamedTuple):
    """client: the ID of whom it is about. organization: under which one the access log has it."""

    client: int
    cells: Sequence[object]
    organization: int | None = None


def csv_file(
    request: UserRequest,
    name: str,
    columns: Sequence[str],
    lines: Iterable[Line],
    *,
    listed: str = "",
) -> StreamingHttpResponse:
    """Answer with a list as CSV.

    Args:
        name: what the file is called before its day; nothing of a person.
        lines: read bit by bit, however many there are.
        listed: which of several lists it is, for the security event.

    Raises:
        PermissionDenied: emergency access lets one read a record, and take nothing away.
        LimitReachedError: for a user who has exported too much in this hour.
    """
    client: Client | None = getattr(request, "client", None)
    if client:
        require_no_emergency(request, client)
    limits.require_room(request.user, LimitedUse.EXPORTS)
    detail = {"page": request.resolver_match.view_name} | ({"list": listed} if listed else {})
    record_event(SecurityEvent.Kind.EXPORTED, request=request, detail=detail)
    text = _text(request, columns, iter(lines))
    answer = StreamingHttpResponse(text, content_type="text/csv; charset=utf-8")
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def _text(request: UserRequest, columns: Sequence[str], lines: Iterator[Line]) -> Iterator[str]:
    """Each client is in the access log before a line about the client is sent."""
    yield BYTE_ORDER_MARK + csv_text([columns])
    while batch := list(islice(lines, BATCH)):
        named = by_organization((one.organization, one.client) for one in batch)
        for organization, clients in named.items():
            record_export(request, clients, organization=organization)
        limits.count(request.user, LimitedUse.EXPORTS, len(batch))
        yield csv_text(one.cells for one in batch)
