"""The access log in visits: what one user did with one client's record without a longer break."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list

from clients.models import ClientAccess

Kind = ClientAccess.Kind
SIZE = 200  # accesses on a page
BREAK = timedelta(hours=1)  # what comes later is another visit
SHOWN = 5  # Client IDs of a list
LINE = '<li><time datetime="{}">{}</time> <span>{}: {}</span></li>'


@dataclass(frozen=True)
class Access:
    """One access, as it stands in an open visit; `at` in the time zone of the page."""

    at: datetime
    kind: str
    page: str

    @property
    def time(self) -> str:
        return f"{self.at:%-I:%M:%S %p}"


@dataclass
class Visit:
    """Accesses of one user to one client, or to one list again and again; the latest first."""

    who: str
    organization: str
    is_list: bool
    clients: dict[int, None] = field(default_factory=dict)
    accesses: list[Access] = field(default_factory=list)

    @property
    def begin(self) -> datetime:
        return self.accesses[-1].at

    @property
    def end(self) -> datetime:
        return self.accesses[0].at

    @property
    def day(self) -> date:
        return self.begin.date()

    @property
    def when(self) -> str:
        """Its time, or the first and last minute of it."""
        first, last = (f"{at:%-I:%M %p}" for at in (self.begin, self.end))
        return first if first == last else f"{first} to {last}"

    @property
    def lines(self) -> SafeString:
        """Its accesses as items of a list; a page has hundreds, which templates render slowly."""
        each = ((one.at.isoformat(), one.time, one.kind, one.page) for one in self.accesses)
        return format_html_join("\n", LINE, each)

    @property
    def client_ids(self) -> str:
        keys = list(self.clients)
        shown, left = ", ".join(map(str, keys[:SHOWN])), len(keys) - SHOWN
        return f"{shown} and {left:,} more" if left > 0 else shown

    @property
    def what(self) -> str:
        """The kinds of access and the pages: in full where there is one page, else how many."""
        pages: dict[str, dict[str, None]] = {}
        for access in reversed(self.accesses):
            pages.setdefault(access.kind, {})[access.page] = None
        named = [
            f"{kind}: {next(iter(of))}" if len(of) == 1 else f"{kind} {len(of)} pages"
            for kind, of in pages.items()
        ]
        return get_text_list(named, "and")


def visits(
    accesses: Iterable[ClientAccess],
    *,
    page_name: Callable[[str], str],
    who: Callable[[ClientAccess], str],
) -> list[Visit]:
    """Group accesses, which come the latest first; the visit that ended last is the first.

    What stands beyond the end of a page of the log begins another visit on the next page.
    """
    found: list[Visit] = []
    open_now: dict[tuple, Visit] = {}
    kinds = dict(Kind.choices)  # which get_kind_display makes for each of hundreds of lines
    zone = timezone.get_current_timezone()
    for access in accesses:
        is_list = access.client_id is None
        place = access.page if is_list else access.client_id
        # A refusal is no part of what somebody was shown.
        key = (access.user_id, access.organization_id, place, access.kind == Kind.REFUSED, is_list)
        visit = open_now.get(key)
        at = access.at.astimezone(zone)
        # `access.at` is UTC: of two times of one zone Python subtracts what the clocks show.
        if visit is None or visit.begin - access.at > BREAK or visit.day != at.date():
            visit = open_now[key] = Visit(who(access), str(access.organization), is_list)
            found.append(visit)
        visit.clients |= dict.fromkeys(access.listed if is_list else [access.client_id])
        visit.accesses.append(
            Access(at, kinds.get(access.kind, access.kind), page_name(access.page))
        )
    return found
