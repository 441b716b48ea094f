"""Every page of the resolver, rendered for the users who may: whom it names, the access log names.

Each client of the demonstration has a last name of its own that stands nowhere else. Where one is
in the body of an answer, the request has written that client's access, alone or on a list.
There are more organizations, and in one of them more projects and users, than a select may offer.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse

from agencies.models import Membership, Organization, Project, User
from casenotes.models import NoteDraft
from clients.models import Client, ClientAccess, FormDraft
from enrollments.intake.draft.start import start
from enrollments.models import Enrollment
from hmis.demo.load import load
from hud.choices import ProjectType
from records.searched_select import MOST
from tests.addresses import Arguments, urls
from tests.factories import ClientMergeFactory, PossibleDuplicateFactory

NAME = re.compile(r"Canary[a-z]+x")
SELECT = re.compile(r"<select.*?</select>", re.DOTALL)
SKIPPED = {"admin:logout", "account_logout", "admin:login"}
DECIDE = ("key", "slug", "stage", "kind")  # parts of an address that name a page, and no row
# Pages that name a client without a row in the access log, and why they may. Keep it empty.
UNLOGGED: dict[str, str] = {}
# Names are on these at least: a page that the walk no longer reaches fails the test too.
REACHED = {
    *("home", "clients:results", "clients:dashboard", "clients:edit", "enrollments:caseload"),
    *("enrollments:enrollments", "enrollments:enrollment", "enrollments:exit"),
    *("enrollments:intake_step", "enrollments:intakes", "casenotes:notes", "casenotes:found"),
    *("casenotes:add_service", "cas:notifications", "cas:bell", "deliveries:unanswered"),
    *("files:document_checks", "duplicates:compare", "admin:clients_merge", "accounting"),
    *("enrollments:print_caseload", "enrollments:caseload_csv", "admin:caseload_list"),
    *("admin:clients_possibleduplicate_changelist", "admin:quality_list", "privacy:copy"),
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for this module and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        context = load(count=0)
        for client in Client.objects.order_by("pk"):
            letters = "".join(chr(ord("a") + int(digit)) for digit in str(client.pk))
            client.last_name = f"Canary{letters}x"
            client.save()
        add_too_many(context)
        own = Client.objects.filter(organization=context.agencies.harbor).order_by("pk")
        PossibleDuplicateFactory(client_1=own[0], client_2=own[1])
        ClientMergeFactory(survivor=own[4])
        for user in (context.agencies.users["casey"], context.agencies.users["dana"]):
            leave_drafts(user, context.agencies.harbor, own)
        yield context
        transaction.set_rollback(True)


@pytest.fixture
def context(loaded, db):
    return loaded


def add_too_many(context: Any) -> None:
    harbor, numbers = context.agencies.harbor, range(MOST + 10)
    Organization.objects.bulk_create(
        Organization(organization_name=f"Neighbor {number}") for number in numbers
    )
    Project.objects.bulk_create(
        Project(
            organization=harbor,
            project_name=f"Project {number}",
            project_type=ProjectType.SERVICES_ONLY,
            operating_start_date="2020-01-01",
        )
        for number in numbers
    )
    users = User.objects.bulk_create(
        User(email=f"neighbor{number}@example.org", first_name="User", last_name=str(number))
        for number in numbers
    )
    Membership.objects.bulk_create(Membership(user=one, organization=harbor) for one in users)


def leave_drafts(user: User, organization, own) -> None:
    head = Enrollment.objects.filter(organization=organization, relationship_to_hoh=1).first()
    start(by=user, organization=organization, client=head.client).keep()
    note = NoteDraft(user=user, client=own[2], form_token=uuid.uuid4(), typed_at=1)
    note.typed = QueryDict("text=half&title=half")
    note.save()
    form = FormDraft(user=user, client=own[3], form_token=uuid.uuid4(), typed_at=1)
    form.page, form.title, form.typed = "/clients/{client}/edit/", "Edit", QueryDict("a=b")
    form.save()


def body(answer: HttpResponse) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


def newest() -> int:
    return ClientAccess.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def logged(since: int, user: User) -> set[int]:
    rows = ClientAccess.objects.filter(pk__gt=since, user=user).exclude(kind="refused")
    found = rows.values_list("client", "listed")
    return {pk for client, listed in found for pk in [client, *(listed or [])] if pk}


def asked_for(who: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Officers' pages for officers, the others for the others."""
    for name, parts in dict(urls()).items():
        is_officers = name.startswith(("admin:", "accounting", "privacy:"))
        if name not in SKIPPED and is_officers == (who in ("dana", "admin")):
            yield name, parts


class Walk:
    """Asks for pages, and keeps whom each named and whom the access log did not."""

    def __init__(self, context: Any):
        self.context = context
        self.clients = dict(Client.with_deleted.values_list("last_name", "pk"))
        self.arguments = Arguments(context.agencies.harbor, last_name="Canary")
        self.shown: set[str] = set()
        self.named: dict[str, set[int]] = defaultdict(set)
        self.unlogged: dict[str, set[int]] = defaultdict(set)
        self.long_selects: set[str] = set()

    def all_of(self, who: str, browser: Any) -> None:
        user = self.context.agencies.users[who]
        for name, parts in asked_for(who):
            if self.named[name] if parts else who == "admin" and name in self.shown:
                continue
            done = set()  # of two rows one is enough, where the page names somebody
            for given in self.arguments.of(name, parts, user):
                page = tuple(given.get(part) for part in DECIDE)
                if page in done:
                    continue
                before = len(self.named[name])
                for verb in ("get", "post"):
                    if verb == "get" or self.named[name]:
                        self._ask(browser, user, verb, name, parts, given)
                if len(self.named[name]) > before:
                    done.add(page)

    def _ask(self, browser, user, verb, name, parts, given) -> None:
        try:
            address = reverse(name, kwargs={part: given.get(part) for part in parts})
        except NoReverseMatch:
            return
        with transaction.atomic():
            since = newest()
            answer = getattr(browser, verb)(address)
            html = body(answer)
            names = {self.clients[one] for one in NAME.findall(html) if one in self.clients}
            self.named[name] |= names
            if any(one.count("<option") > MOST for one in SELECT.findall(html)):
                self.long_selects.add(name)
            self.shown |= {name} if answer.status_code == 200 else set()
            if lost := names - logged(since, user):
                self.unlogged[f"{verb} {name} for {user}"] |= lost
            transaction.set_rollback(True)


def test_everybody_whom_a_page_names_is_in_the_access_log(context, portal, settings):
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # of Django's own pages too
    walk = Walk(context)
    for who in ("casey", "cas", "dana", "admin"):
        walk.all_of(who, portal(context.agencies.users[who]))
    unlogged = {
        page: lost for page, lost in walk.unlogged.items() if page.split()[1] not in UNLOGGED
    }
    assert not unlogged
    assert not walk.long_selects
    assert REACHED - {name for name, found in walk.named.items() if found} == set()


def test_who_it_is_already_names_only_whom_it_logs(context, portal):
    user = context.agencies.users["casey"]
    known = Client.objects.filter(organization=context.agencies.harbor, dob__isnull=False).first()
    walk, browser = Walk(context), portal(user)
    arguments = walk.arguments.of("clients:results", ("search_id",), user)
    address = f"{reverse('clients:add')}?search={next(arguments)['search_id']}"
    typed = {"first_name": known.first_name, "last_name": known.last_name, "whole_name": "1"}
    form = browser.get(address).context["form"]
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    since = newest()
    answer = browser.post(address, data | typed | {"dob": f"{known.dob:%m/%d/%Y}"})
    names = {walk.clients[one] for one in NAME.findall(body(answer)) if one in walk.clients}
    assert known.pk in names
    assert names <= logged(since, user)
