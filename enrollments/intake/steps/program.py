"""HUD Program Enrollment: a card a member (4.3-4.5)."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from agencies.user_lookup import chosen, lookup_url
from clients.models import Client
from enrollments.intake.draft.household import change_household, enrolled_in
from enrollments.intake.draft.issues import ValidationIssue, errors_of
from enrollments.intake.steps.page import StepPage
from enrollments.intake.steps.program_form import ProgramForm
from enrollments.models import Enrollment
from enrollments.models.draft_answers import name_of
from hud.choices import RelationshipToHoH

UNFINISHED = "Choose the project and who enters it."
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
        if self.form.is_bound:
            self.errors, self.warnings = program_errors(self.form), program_warnings(self.form)

    def _with_choice(self) -> QueryDict | None:
        """What was typed, with what the look-up's page brings back where there is no script."""
        choice = chosen(self.request)
        if not choice:
            return self.typed
        typed = QueryDict(mutable=True) if self.typed is None else self.typed.copy()
        for name, user_id in choice.items():
            if name in {name_of(one.pk, "case_manager") for one in self.people}:
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

    def _card(self, client: Client) -> Card:
        form, pk = self.form, client.pk
        manager = name_of(pk, "case_manager")
        return Card(
            client,
            form[name_of(pk, "enroll")],
            form[name_of(pk, "entry_date")],
            form[name_of(pk, "relationship_to_hoh")],
            form[manager] if manager in form.fields else None,
            self.enrolled.get(pk),
            lookup_url(f"id_{manager}", self.request.path),
        )

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        """Use for whole household: one member's choice is everybody's."""
        client_id, _, field = posted.get("copy", "").partition(":")
        if field not in COPIED or not client_id.isdecimal():
            return posted
        posted = posted.copy()
        choice = posted.get(name_of(int(client_id), field), "")
        for name in list(posted):
            if name.endswith(f"-{field}"):
                posted[name] = choice
        return posted

    def label_of(self, name: str) -> str:
        field = self.form.fields.get(name)
        label = str(field.label) if field else ""
        who = [text for pk, text in self.form.names.items() if name.startswith(name_of(pk, ""))]
        return f"{label} of {who[0]}" if who and label else label

    def accept(self) -> None:
        change_household(self.answers, self.form.household)

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form, "cards": [self._card(client) for client in self.people]}


def program_errors(form: ProgramForm | None) -> list[ValidationIssue]:
    if form is None:
        return [ValidationIssue(UNFINISHED)]
    return errors_of(form, names=form.names)


def program_warnings(form: ProgramForm | None) -> list[ValidationIssue]:
    if form is None:
        return []
    form.is_valid()
    return [
        ValidationIssue(
            finding.message,
            "",
            form.names.get(pk, ""),
            f"program:{pk}:{finding.field}:{finding.message}",
        )
        for pk, finding in form.warnings
    ]
