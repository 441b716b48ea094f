"""HUD Program Enrollment: the project, and for each member when, as what and with whom (4.3)."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from agencies.models import User
from agencies.user_lookup import chosen, lookup_url
from clients.models import Client
from enrollments.intake.draft.household import (
    change_household,
    enrolled_in,
    joined_by,
    read_household,
    to_enroll,
)
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import leave_out_steps
from enrollments.intake.draft.validation_issues import errors_of
from enrollments.intake.steps.page import StepPage, warnings_of
from enrollments.intake.steps.program_checks import FIELDS, ProgramChecks
from enrollments.models import CaseAssignment, Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE, name_of
from hud.choices import RelationshipToHoH
from hud.choices.answers import grouped
from hud.rules.issues import Issue
from hud.text import as_id
from records.form_fields import DateField
from records.searched_select import MOST, SearchedSelect
from records.statements import compiled

COPIED = ("case_manager", "entry_date")


class ProgramForm(ProgramChecks):
    """One card a client. `warnings` are pairs of client id (0: all) and issue, to be confirmed.

    Args:
        clients: the people of the draft, the first one first.
        enrolled: the enrollments that are re-opened, by client id; their project stays.
        related: relationships known from earlier enrollments, by client id.

    Who joins a household enters its project, and has its case manager unless another is chosen.
    """

    project = forms.TypedChoiceField(
        label="Project",
        coerce=int,
        widget=SearchedSelect,
        error_messages={
            "required": "Choose the project that they enter.",
            "invalid_choice": "Choose one of the organization's projects.",
        },
    )

    everybody = "0"  # in the keys of warnings about the whole household

    def __init__(
        self,
        data: QueryDict | None,
        *,
        draft: IntakeDraft,
        clients: Sequence[Client],
        enrolled: Mapping[int, Enrollment],
        related: Mapping[int, int],
    ):
        self.draft, self.clients = draft, clients
        self.enrolled, self.related, self.joined = enrolled, related, joined_by(draft)
        self.today = timezone.localdate()
        self.names = {client.pk: client.display_name for client in clients}
        self.warnings: list[tuple[int, Issue]] = []
        super().__init__(self._with_newcomers(data), use_required_attribute=False)
        self.fields["project"].choices = self._project_choices()  # type: ignore[attr-defined]
        if self.joined:
            self.fields["project"].initial = draft.answers.household["project"]
        for client in clients:
            for name, field in self._card_of(client).items():
                self.fields[name_of(client.pk, name)] = field

    def _with_newcomers(self, data: QueryDict | None) -> QueryDict | None:
        """Fill in the cards of people who came along after the step was saved."""
        if data is None:
            return None
        data = data.copy()
        for client in self.clients:
            if name_of(client.pk, "known") in data:
                continue
            for field, value in self._first_values(client).items():
                data.setdefault(name_of(client.pk, field), value)
        for client_id in self.enrolled:
            data[name_of(client_id, "enroll")] = "on"
        for client in self.clients:  # the look-up may choose whoever completes the intake
            name = name_of(client.pk, "case_manager")
            if data.get(name) == str(self.draft.created_by_id):
                data[name] = ""
        return data

    def _first_values(self, client: Client) -> dict[str, str]:
        is_first = client.pk == self.draft.client_id
        known = self.related.get(client.pk, "")
        head = RelationshipToHoH.SELF.value
        return {
            "enroll": "on",
            "entry_date": self.today.strftime(DATE),
            "relationship_to_hoh": str(head if is_first else known),
            "case_manager": str(self.manager.pk) if self.manager else "",
        }

    @cached_property
    def manager(self) -> User | None:
        """Who works with the household that somebody joins; None for the user, or for nobody."""
        if not self.joined:
            return None
        me, today = self.draft.created_by, self.today
        rows = CaseAssignment.objects.visible_to(me).active_on(today).select_related("case_manager")
        rows = rows.filter(enrollment__in=self.joined).order_by("-begins_on", "pk")
        users = {row.case_manager_id: row.case_manager for row in rows}
        return None if me.pk in users else next(iter(users.values()), None)

    def _card_of(self, client: Client) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            "enroll": forms.BooleanField(label="Enroll", required=False),
            "entry_date": DateField(label="Project Start Date", required=False),
            "relationship_to_hoh": forms.TypedChoiceField(
                label="Relationship to Head of Household",
                choices=[("", "Choose…"), *grouped(self._relationships())],
                coerce=int,
                empty_value=None,
                required=False,
            ),
            "case_manager": forms.TypedChoiceField(
                label="Case Manager",
                choices=self.case_managers,
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": "Choose an HMIS user who is active."},
            ),
        }
        if client.pk in self.enrolled:
            del fields["case_manager"]
        values = self._first_values(client)
        for name, field in fields.items():
            field.initial = values[name]
        return fields

    # what may be chosen

    def _relationships(self) -> list[tuple[Any, str]]:
        """Of HUD's list; who joins a household with a head is not another one."""
        has_head = any(row.is_head for row in self.joined)
        return [
            choice
            for choice in RelationshipToHoH.choices
            if not has_head or choice[0] != RelationshipToHoH.SELF
        ]

    def _project_choices(self) -> list[tuple[Any, str]]:
        if self.enrolled or self.joined:
            row = next(iter(self.enrolled.values()), None)
            project_id = row.project_id if row else self.draft.answers.household["project"]
            return [(project_id, str(self.projects[project_id]))]
        choices: list[tuple[Any, str]] = [("", "Choose…")]
        for project in self.projects.values():
            closed = project.operating_end_date
            is_closed = closed is not None and closed < self.today
            if project.operating_start_date <= self.today:
                label = f"{project} (closed {closed:{DATE}})" if is_closed else str(project)
                choices.append((project.pk, label))
        return choices

    @cached_property
    def case_managers(self) -> list[tuple[Any, str]]:
        """Nobody (which is the one who completes the intake), then those who are offered.

        The look-up finds any other.
        """
        me = self.draft.created_by
        users = {user.pk: str(user) for user in _near(self.draft.organization_id)}
        if self.manager:
            users[self.manager.pk] = str(self.manager)
        typed = [self.data.get(name_of(one.pk, "case_manager"), "") for one in self.clients]
        elsewhere = set(filter(None, map(as_id, typed))) - set(users)
        if elsewhere:
            users |= {
                user.pk: str(user) for user in User.objects.with_access().filter(pk__in=elsewhere)
            }
        users.pop(me.pk, None)
        return [("", f"{me} (you)"), *users.items()]

    @property
    def household(self) -> dict[str, Any]:
        """What the draft keeps of a form that is in order."""
        return {
            "project": self.cleaned_data["project"],
            "members": [
                {
                    "client": client.pk,
                    "entry_date": self.value_of(client, "entry_date").isoformat(),
                    "relationship": self.value_of(client, "relationship_to_hoh"),
                    "case_manager": self.value_of(client, "case_manager"),
                }
                for client in self.ticked
            ],
        }


@compiled
def _near(organization_id: int) -> QuerySet[User]:
    return User.objects.with_access_to(organization_id)[: MOST // 2]


class ProgramPage(StepPage):
    template = "enrollments/intake/program.html"

    def prepare(self) -> None:
        self.enrolled = enrolled_in(self.draft)
        self.newcomers = to_enroll(self.draft, self.people)
        if not self.newcomers:
            self.detour = Step.FAMILY
        self.form = ProgramForm(
            self._with_choice(),
            draft=self.draft,
            clients=self.newcomers,
            enrolled=self.enrolled,
            related=self._related(),
        )
        if self.form.is_bound:
            self.errors, self.warnings = errors_of(self.form), warnings_of(self.form, self.step)

    def _with_choice(self) -> QueryDict | None:
        """What was typed, with what the look-up's page brings back where there is no script."""
        choice = chosen(self.request)
        if not choice:
            return self.typed
        typed = QueryDict(mutable=True) if self.typed is None else self.typed.copy()
        for name, user_id in choice.items():
            if name in {name_of(one.pk, "case_manager") for one in self.newcomers}:
                typed[name] = str(user_id)
        return typed

    def _related(self) -> dict[int, int]:
        """Relationships from the last enrollment that the first client headed."""
        if len(self.people) == 1 or self.typed is not None:
            return {}
        heads = (row.client for row in joined_by(self.draft) if row.is_head)
        first = next(heads, self.people[0])
        user = self.request.user
        rows = Enrollment.objects.visible_to(user).beside(first, user)
        headed = Enrollment.objects.filter(client=first).heads().values("household")
        rows = rows.filter(household__in=headed).order_by("entry_date", "pk")
        known = dict(rows.values_list("client", "relationship_to_hoh"))
        return {pk: code for pk, code in known.items() if code != RelationshipToHoH.SELF}

    def _card(self, client: Client) -> dict[str, Any]:
        """The fields of one member by their names, and what else the template shows."""
        names = {field: name_of(client.pk, field) for field in FIELDS}
        fields = {key: self.form[one] for key, one in names.items() if one in self.form.fields}
        return fields | {
            "client": client,
            "enrollment": self.enrolled.get(client.pk),
            "lookup_url": lookup_url(f"id_{names['case_manager']}", self.request.path),
        }

    @staticmethod
    def adjusted(posted: QueryDict) -> QueryDict:
        """Use for whole household: one member's choice is everybody's."""
        typed, _, field = posted.get("copy", "").partition(":")
        client_id = as_id(typed)
        if field not in COPIED or client_id is None:
            return posted
        posted = posted.copy()
        choice = posted.get(name_of(client_id, field), "")
        for name in list(posted):
            if name.endswith(f"-{field}"):
                posted[name] = choice
        return posted

    def label_of(self, name: str) -> str:
        label = super().label_of(name)
        who = [text for pk, text in self.form.names.items() if name.startswith(name_of(pk, ""))]
        return f"{label} of {who[0]}" if who and label else label

    def accept(self) -> None:
        change_household(self.answers, self.form.household)
        joins = self.draft.kind_of is IntakeDraft.Kind.MEMBER
        if joins:
            leave_out_steps(self.draft, read_household(self.draft, self.people))

    @property
    def context(self) -> dict[str, Any]:
        return super().context | {
            "cards": [self._card(client) for client in self.newcomers],
            "joins": self.draft.kind_of is IntakeDraft.Kind.MEMBER,
        }
