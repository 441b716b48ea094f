"""Family Members: who comes along (4.2)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agencies import limits
from agencies.models import LimitedUse, User
from clients.access_log.recorder import record_list, record_refusal
from clients.counting import count_unlisted
from clients.forms.find import FindClientForm
from clients.models import Client
from clients.views.find import save_search
from enrollments.intake.draft.access import log_people
from enrollments.intake.draft.household import enrolled_in, joined_by
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.intake.steps.page import StepPage
from enrollments.models import Enrollment, IntakeDraft
from hud.text import as_id
from records.statements import compiled

MOST = 20
TOO_MANY = f"Tick at most {MOST} people."
NOBODY = "Add somebody who is listed, or find or add someone else."
PRESENT = (
    "This person is in the household already. Whoever left it by mistake comes back by Undo exit; "
    "whoever returned is enrolled by an intake."
)


@dataclass
class Candidate:
    """Somebody who may come along, and from where they are known."""

    client: Client
    ticked: bool
    fixed: bool
    known_as: str = ""


class FamilyPage(StepPage):
    template = "enrollments/intake/family.html"

    def prepare(self) -> None:
        boxes = self.request.POST if self._is_searching else None
        self.form = FindClientForm(boxes, prefix="find")
        if self._is_searching:
            texts = [str(text) for texts in self.form.errors.values() for text in texts]
            self.errors = [ValidationIssue(text) for text in texts]
        elif len(self.ticked - self.enrolled) > MOST:  # nobody enrolled can be unticked
            self.errors = [ValidationIssue(TOO_MANY)]
        elif self.joins and self.found and self.found.pk in self.present:
            self.errors = [ValidationIssue(PRESENT)]
        elif self.joins and self.typed is not None and not self.ticked:
            self.errors = [ValidationIssue(NOBODY)]

    @property
    def _is_searching(self) -> bool:
        posted = self.request.POST
        boxes = [posted.get(name) for name in posted if name.startswith("find-")]
        return "find" in posted or ("enter" in posted and any(boxes))

    @cached_property
    def found(self) -> Client | None:
        """The client whom a search or Add New Client brought back."""
        client_id = as_id(self.request.GET.get("client", ""))
        if client_id is None:
            return None
        client = Client.objects.visible_to(self.request.user).numbered(client_id).first()
        limits.require(self.request.user, LimitedUse.CLIENTS)
        if client:
            log_people(self.request, [client])
        else:
            record_refusal(self.request, [client_id])
        return client

    @property
    def joins(self) -> bool:
        """Whether somebody joins a household that is enrolled."""
        return self.draft.kind_of is IntakeDraft.Kind.MEMBER

    @cached_property
    def present(self) -> set[int]:
        """Those who are in the household that somebody joins, or were: nobody joins it twice."""
        return {self.people[0].pk, *(row.client_id for row in joined_by(self.draft))}

    @cached_property
    def enrolled(self) -> set[int]:
        return set(enrolled_in(self.draft))

    @cached_property
    def ticked(self) -> set[int]:
        if self.typed is None:
            chosen = set(self.answers.people)
        else:
            chosen = {one for one in map(as_id, self.typed.getlist("member")) if one is not None}
        ticked = chosen | self.enrolled | ({self.found.pk} if self.found else set())
        return ticked - self.present if self.joins else ticked

    @cached_property
    def candidates(self) -> list[Candidate]:
        user = self.request.user
        known = {}
        for row in _beside(user, self.people[0].pk):
            who = "Head of household" if row.is_head else row.get_relationship_to_hoh_display()
            known[row.client_id] = f"{who} in {row.project}, {row.entry_date:%Y}"
        known_already = self.present if self.joins else {self.people[0].pk}
        wanted = {*known, *self.ticked, *(one.pk for one in self.people)} - known_already
        clients = _current(user, sorted(wanted)) if wanted else []
        shown = {*known, *self.enrolled, *(one.pk for one in (*self.people, self.found) if one)}
        count_unlisted(self.request, {one.pk for one in clients} - shown)
        record_list(self.request, clients)
        found = [
            Candidate(one, one.pk in self.ticked, one.pk in self.enrolled, known.get(one.pk, ""))
            for one in clients
        ]
        return sorted(found, key=lambda row: (not row.ticked, row.client.sorted_name.lower()))

    def label_of(self, name: str) -> str:
        return "Who comes along"

    def search(self) -> HttpResponse | None:
        """Find Client, whose results lead back here."""
        if not self._is_searching or not self.form.is_valid():
            return None
        page = reverse("enrollments:intake_step", args=[self.draft.pk, self.step])
        return redirect(save_search(self.request, self.form, return_to=page))

    def accept(self) -> None:
        self.answers.people = [one.client.pk for one in self.candidates if one.ticked]

    @property
    def context(self) -> dict[str, Any]:
        members = joined_by(self.draft)
        record_list(self.request, [row.client_id for row in members])
        return super().context | {
            "candidates": self.candidates,
            "found": self.found,
            "joins": self.joins,
            "members": members,
        }


@compiled
def _beside(user: User, client_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.visible_to(user).beside(client_id, user)
    return rows.select_related("project").order_by("entry_date", "pk")


@compiled
def _current(user: User, ids: list[int]) -> QuerySet[Client]:
    return Client.objects.visible_to(user).current().filter(pk__in=ids)
