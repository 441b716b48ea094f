"""HUD Program Enrollment: a card a member (4.3-4.5)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from agencies.user_lookup import chosen, lookup_url
from clients.models import Client
from enrollments.intake.draft.household import enrolled_in
from enrollments.intake.draft.household_answers import change_household
from enrollments.intake.draft.section_page import Objection
from enrollments.intake.steps.page import StepPage
from enrollments.intake.steps.program_form import ProgramForm, part_of
from enrollments.intake.steps.validation import program_errors, program_warnings
from enrollments.models import Enrollment
from hud.choices import RelationshipToHoH

COPIED = ("case_manager", "entry_date")


@dataclass
class Card:
    client: Client
    enroll: BoundField
    entry_date: BoundField
    relationship: BoundField
    case_manager: BoundField | None
    enrollment: Enrollment | None
    lookup_url: str


class ProgramPage(StepPage):
    template = "enrollments/intake/program.html"

    def prepare(self) -> None:
        self.enrolled = enrolled_in(self.draft)
        self.form = ProgramForm(
            self._with_choice(),
            draft=self.draft,
            clients=self.people,
            enrolled=self.enrolled,
            related=self._related(),
        )
        self.form.is_valid()

    def _with_choice(self) -> QueryDict | None:
        """What was typed, with what the look-up's page brings back where there is no script."""
        choice = chosen(self.request)
        if not choice:
            return self.typed
        typed = QueryDict(mutable=True) if self.typed is None else self.typed.copy()
        for name, user_id in choice.items():
            if name in {part_of(one.pk, "case_manager") for one in self.people}:
                typed[name] = str(user_id)
        return typed

    def _related(self) -> dict[int, int]:
        """Relationships from the last enrollment that the first client headed."""
        if len(self.people) == 1 or self.typed is not None:
            return {}
        first = self.people[0]
        rows = Enrollment.objects.visible_to(self.request.user).beside(first)
        headed = Enrollment.objects.filter(client=first).heads().values("household")
        rows = rows.filter(household__in=headed).order_by("entry_date", "pk")
        known = dict(rows.values_list("client", "relationship_to_hoh"))
        return {pk: code for pk, code in known.items() if code != RelationshipToHoH.SELF}

    @cached_property
    def cards(self) -> list[Card]:
        return [self._card(client) for client in self.people]

    def _card(self, client: Client) -> Card:
        form, pk = self.form, client.pk
        manager = part_of(pk, "case_manager")
        return Card(
            client,
            form[part_of(pk, "enroll")],
            form[part_of(pk, "entry_date")],
            form[part_of(pk, "relationship_to_hoh")],
            form[manager] if manager in form.fields else None,
            self.enrolled.get(pk),
            lookup_url(f"id_{manager}", self.request.path),
        )

    @property
    def errors(self) -> list[Objection]:
        return program_errors(self.form) if self.form.is_bound else []

    @property
    def warnings(self) -> list[Objection]:
        return program_warnings(self.form) if self.form.is_bound else []

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        """Use for whole household: one member's choice is everybody's."""
        client_id, _, field = posted.get("copy", "").partition(":")
        if field not in COPIED or not client_id.isdecimal():
            return posted
        posted = posted.copy()
        choice = posted.get(part_of(int(client_id), field), "")
        for name in list(posted):
            if name.endswith(f"-{field}"):
                posted[name] = choice
        return posted

    def label_of(self, name: str) -> str:
        field = self.form.fields.get(name)
        who = next((one for one in self.people if name.startswith(f"{part_of(one.pk, '')}")), None)
        label = str(field.label) if field else ""
        return f"{label} of {who.display_name}" if who and label else label

    def accept(self) -> None:
        change_household(self.answers, self.form.household)

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form, "cards": self.cards}
