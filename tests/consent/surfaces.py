"""Where records show: each function gives the cells that one user is shown in one place.

A place shows some kinds only, and is held against the cells of these. Where pages are the same for
all users of an agency, one of each agency walks them: what a list holds is asked of everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Value
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from cas.actions.notify import visible_ids
from cas.mail import plan
from cas.models import Event, Notification
from casenotes.models import CaseNote, Service
from clients.merge.relations import relations
from clients.models import Alert, Client, InterestedOther
from enrollments.models import CaseAssignment, Enrollment, IncomeBenefits
from exchange.export.rights import Asked, scope_for
from exchange.files import FILES
from files.models import ClientFile, ClientPhoto, DocumentCheck
from privacy.copy.sections import Contents, sections
from records.statements import compiled
from tests.cas.factories import NotificationFactory
from tests.consent.matrix import KINDS, OWNERS, Cell, Who
from tests.consent.population import LAST_NAME, Population

MODELS = {
    "identity": Client,
    "photo": ClientPhoto,
    "enrollment": Enrollment,
    "income": IncomeBenefits,
    "assignment": CaseAssignment,
    "service": Service,
    "event": Event,
    "alert": Alert,
    "other": InterestedOther,
    "shared_note": CaseNote,
    "own_note": CaseNote,
    "file": ClientFile,
    "check": DocumentCheck,
}
EVERY = {kind.key for kind in KINDS}
ON_DASHBOARD = {"identity", "enrollment", "service", "alert", "other", "shared_note", "own_note"}
ON_DASHBOARD |= {"photo", "details", "file", "check", "assignment"}
PRINTED = {"identity", "details", "enrollment", "service"}
HAS_PAGE = {"photo", "details", "enrollment", "other", "shared_note", "own_note", "file", "check"}


@dataclass(frozen=True)
class Surface:
    """A place: the kinds that it shows, and what shows them to a user.

    whose: the users for whom it is walked; None for all.
    by_client: whether each client, or each row, is a page of its own.
    """

    name: str
    kinds: set[str]
    shown: Callable[[Population, Who, Browser], set[Cell]]
    whose: tuple[str, ...] | None = None
    by_client: bool = False

    def of(self, cells: set[Cell]) -> set[Cell]:
        return {cell for cell in cells if cell.kind in self.kinds}


@compiled
def _lists(user: User) -> models.QuerySet:
    rows = {kind: model.objects.visible_to(user) for kind, model in MODELS.items()}
    rows["details"] = rows["identity"].with_sharing(user).filter(has_details=True)
    arms = [own.order_by().values_list(Value(kind), "pk") for kind, own in rows.items()]
    return arms[0].union(*arms[1:], all=True)


def querysets(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """Every list of every page begins with one of these."""
    cells = {(cell.kind, row.pk): cell for cell, row in found.rows.items()}
    return {cells[one] for one in _lists(found.users[who.name]) if one in cells}


def search(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """Find Client: the exact matches, their number in the heading, and no near match beside."""
    answer = browser.post(reverse("clients:find"), {"last_name": LAST_NAME}, follow=True)
    matches = answer.context["matches"]
    cells = found.cells_of("identity")
    shown = {cells[client.pk] for client in matches.clients}
    shown |= {cells[near.client.pk] for near in answer.context["near"]}
    heading = f"{len(shown)} client" if shown else "No records found."
    assert heading in answer.text, (who, heading)
    return shown


def near_search(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """Find Client with a misspelt last name: near matches alone."""
    answer = browser.post(reverse("clients:find"), {"last_name": "Quoka"}, follow=True)
    cells = found.cells_of("identity")
    return {cells[one.client.pk] for one in answer.context["near"]}


def by_number(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The box in the top bar, with a Client ID."""
    shown = set()
    for pk, cell in found.cells_of("identity").items():
        answer = browser.post(reverse("search"), {"q": str(pk)})
        if answer["Location"] == reverse("clients:dashboard", args=[pk]):
            shown.add(cell)
    return shown


def dashboard(found: Population, who: Who, browser: Browser) -> set[Cell]:
    shown = set()
    for client in found.clients.values():
        answer = browser.get(reverse("clients:dashboard", args=[client.pk]))
        if answer.status_code == 200:
            shown |= found.cells_in(answer.text, client)
        else:
            assert answer.status_code == 404, (who, client)
    return shown


def urls(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The own page of a row, opened by its address."""
    shown = set()
    for cell, row in found.rows.items():
        if cell.kind not in HAS_PAGE:
            continue
        answer = browser.get(_address(cell, row))
        refused = 403 if cell.kind == "details" and answer.status_code == 403 else 404
        assert answer.status_code in (200, 302, refused), (who, cell, answer.status_code)
        if answer.status_code != refused:
            shown.add(cell)
            _text(answer)  # as a browser does, to the end: the test client ends it there
    return shown


def _address(cell: Cell, row: Any) -> str:
    if cell.kind == "other":
        return reverse("clients:interested_other", args=[row.client_id, row.pk])
    if cell.kind == "details":
        return reverse("clients:edit", args=[row.pk])
    if cell.kind == "photo":
        return reverse("files:small_client_photo", args=[row.client_id, row.token])
    return row.get_absolute_url()


def thumbnails(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The pictures on the cards of Client Files, which are addresses of their own."""
    shown = set()
    for pk, cell in found.cells_of("file").items():
        args = [found.clients[cell.state].pk, pk]
        answer = browser.get(reverse("files:client_file_thumbnail", args=args))
        if answer.status_code == 200:
            shown.add(cell)
            _text(answer)
    return shown


def list_files(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The lists as CSV, and the summary as it is printed."""
    shown = set()
    names = ("enrollments:enrollments_csv", "casenotes:services_csv", "print_summary")
    for client in found.clients.values():
        for name in names:
            answer = browser.get(reverse(name, args=[client.pk]))
            if answer.status_code == 200:
                shown |= found.cells_in(_text(answer), client)
    answer = browser.post(reverse("clients:find"), {"last_name": LAST_NAME})
    clients = _text(browser.get(f"{answer['Location']}csv/"))
    shown |= {
        cell for cell, word in found.words.items() if cell.kind == "identity" and word in clients
    }
    return {cell for cell in shown if cell.kind in PRINTED}


def summaries(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The summary as PDF, which has the parts of the page to print."""
    shown = set()
    for pk, cell in found.cells_of("identity").items():
        answer = browser.get(reverse("pdf_summary", args=[pk]))
        assert answer.status_code in (200, 404), (who, cell)
        if answer.status_code == 200:
            shown.add(cell)
    return shown


def hmis_csv(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """What an officer exports of the own organization's projects: clients and their rows."""
    of = found.agencies[who.agency]
    scope = scope_for(found.users[who.name], Asked(organizations=[of.pk]))
    names = {
        "identity": "Client",
        "details": "Client",
        "enrollment": "Enrollment",
        "service": "Services",
    }
    names |= {"income": "IncomeBenefits", "event": "Event"}
    return {
        found.cells_of(kind)[pk]
        for kind, name in names.items()
        for pk in scope.rows(FILES[name]).values_list("pk", flat=True)
        if pk in found.cells_of(kind)
    }


def copy_of_record(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """The copy that an officer makes for the client."""
    shown = set()
    officer = found.users[who.name]
    for client in found.clients.values():
        contents = Contents(client, officer, timezone.now())
        text = "\n".join(
            f"{entry.heading} {entry.answers} {entry.text}"
            for section in sections(contents)
            for entry in section.entries
        )
        shown |= found.cells_in(text, client)
    return shown


def merging(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """What the preview of a merge shows and counts."""
    user = found.users[who.name]
    ids = [client.pk for client in found.clients.values()]
    shown = set()
    for kind, model in MODELS.items():
        cells = found.cells_of(kind)
        for relation in relations():
            if relation.model is model and kind != "identity":
                rows = relation.rows_seen_by(user, *ids).values_list("pk", flat=True)
                shown |= {cells[pk] for pk in rows if pk in cells}
    return shown


def notified(found: Population, who: Who, browser: Browser) -> set[Cell]:
    """Who may be notified of a client, in the bell and by mail, and what the list then names."""
    user = found.users[who.name]
    cells, events = found.cells_of("identity"), found.cells_of("event")
    shown = {cells[pk] for pk in visible_ids(user, sorted(cells))}
    for pk, cell in events.items():
        client = found.clients[cell.state]
        NotificationFactory(recipient=user, client=client, event_id=pk, subject=f"event:{pk}")
    rows = Notification.objects.filter(recipient=user)
    mailed = rows.filter(plan._sees_client(), plan._sees_event())
    shown |= {events[pk] for pk in mailed.values_list("event", flat=True)}
    html = browser.get(reverse("cas:notifications")).text
    rows.delete()
    named = {cell for cell in cells.values() if found.words[cell] in html}
    assert named <= shown, (who, named - shown)
    return shown


def _text(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace")


OFFICERS = ("dana", "celia", "bea")
ONE_OF_EACH_AGENCY = ("alice", "carla", "charlie", "cass")
OTHERS = ("carla", "charlie")
SURFACES = (
    Surface("lists and counts", EVERY, querysets),
    Surface("search", {"identity"}, search),
    Surface("Client ID in the top bar", {"identity"}, by_number, OTHERS, by_client=True),
    Surface("dashboard", ON_DASHBOARD, dashboard, (*ONE_OF_EACH_AGENCY, "ada"), by_client=True),
    Surface("addresses of rows", HAS_PAGE, urls, OTHERS, by_client=True),
    Surface("pictures of files", {"file"}, thumbnails, OTHERS, by_client=True),
    Surface("CSV lists and print", PRINTED, list_files, OTHERS, by_client=True),
    Surface("PDF", {"identity"}, summaries, ("charlie",), by_client=True),
    Surface("merge", EVERY - {"identity", "details"}, merging, OFFICERS),
    Surface("notifications", {"identity", "event"}, notified, ONE_OF_EACH_AGENCY),
)
IN_OPEN = ("dashboard", "CSV lists and print", "notifications")  # walked under *open* too
# Places that show no more than the matrix, and less: near matches are few, an officer's copy has
# the notes of the own organization only, an HMIS CSV the rows of the own projects.
NO_MORE_THAN = (
    Surface("near matches", {"identity"}, near_search, ONE_OF_EACH_AGENCY),
    Surface("copy of the record", EVERY, copy_of_record, ("dana",), by_client=True),
    Surface("HMIS CSV", EVERY, hmis_csv, ("dana", "celia")),
)
assert OWNERS == ("harbor", "cedar")
