"""HUD Program Enrollment: the project, and who enters it when, as what and with whom (4.3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.defaultfilters import pluralize
from django.utils import timezone

from agencies.models import Project, User
from clients.models import Client
from enrollments.dates import Bounds, left_outside, sentences
from enrollments.models import CaseAssignment, Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE, name_of
from hud.choices import RelationshipToHoH, grouped
from hud.rules import destination, entry, household
from hud.rules import dob as dob_rules
from hud.rules.findings import Finding, warning
from records.form_fields import DateField

FIELDS = ("enroll", "entry_date", "relationship_to_hoh", "case_manager")
DIFFERENT = (
    "The members have different case managers. Choose one for all, or confirm that it is so."
)


class ProgramForm(forms.Form):
    """One card a client. `warnings` are pairs of client id (0: all) and finding, to be confirmed.

    Args:
        clients: the people of the draft, the first one first.
        enrolled: the enrollments that are re-opened, by client id; their project stays.
        related: relationships known from earlier enrollments, by client id.
    """

    project = forms.TypedChoiceField(
        label="Project",
        coerce=int,
        error_messages={
            "required": "Choose the project that they enter.",
            "invalid_choice": "Choose one of the organization's projects.",
        },
    )

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
        self.enrolled, self.related = enrolled, related
        self.today = timezone.localdate()
        self.names = {client.pk: client.display_name for client in clients}
        self.warnings: list[tuple[int, Finding]] = []
        super().__init__(self._with_newcomers(data), use_required_attribute=False)
        self.fields["project"].choices = self._project_choices()
        for client in clients:
            self._add_card(client)

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
            "case_manager": "",
        }

    def _add_card(self, client: Client) -> None:
        values = self._first_values(client)
        fields = {
            "enroll": forms.BooleanField(label="Enroll", required=False),
            "entry_date": DateField(label="Project Start Date", required=False),
            "relationship_to_hoh": forms.TypedChoiceField(
                label="Relationship to Head of Household",
                choices=[("", "Choose…"), *grouped(RelationshipToHoH.choices)],
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
        for name, field in fields.items():
            field.initial = values[name]
            self.fields[name_of(client.pk, name)] = field

    # what may be chosen

    @cached_property
    def projects(self) -> dict[int, Project]:
        rows = Project.objects.filter(organization=self.draft.organization)
        reopened = (row.project for row in self.enrolled.values())
        return {project.pk: project for project in [*rows, *reopened]}

    def _project_choices(self) -> list[tuple[Any, str]]:
        if self.enrolled:
            project_id = next(iter(self.enrolled.values())).project_id
            return [(project_id, str(self.projects[project_id]))]
        opened = [one for one in self.projects.values() if one.operating_start_date <= self.today]
        return [("", "Choose…"), *((one.pk, self._named(one)) for one in opened)]

    def _named(self, project: Project) -> str:
        closed = project.operating_end_date
        gone = closed is not None and closed < self.today
        return f"{project} (closed {closed:{DATE}})" if gone else str(project)

    @cached_property
    def case_managers(self) -> list[tuple[Any, str]]:
        """Nobody (which is the one who completes the intake), then those who may be chosen."""
        me = self.draft.created_by
        near = User.objects.with_access_to(self.draft.organization)
        users = {user.pk: str(user) for user in near}
        elsewhere = self._chosen() - set(users)
        if elsewhere:
            users |= {
                user.pk: str(user) for user in User.objects.with_access().filter(pk__in=elsewhere)
            }
        users.pop(me.pk, None)
        return [("", f"{me} (you)"), *users.items()]

    def _chosen(self) -> set[int]:
        names = [name_of(client.pk, "case_manager") for client in self.clients]
        return {int(pk) for name in names if (pk := self.data.get(name, "")).isdecimal()}

    # what was chosen

    @property
    def project_chosen(self) -> Project | None:
        return self.projects.get(self.cleaned_data.get("project"))

    def value_of(self, client: Client, field: str) -> Any:
        return self.cleaned_data.get(name_of(client.pk, field))

    @property
    def ticked(self) -> list[Client]:
        return [one for one in self.clients if one.pk in self.enrolled or self._enrolls(one)]

    def _enrolls(self, client: Client) -> bool:
        return bool(self.value_of(client, "enroll"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        left_out = {one.pk for one in self.clients} - {one.pk for one in self.ticked}
        for client_id in left_out:
            for field in FIELDS:
                self._errors.pop(name_of(client_id, field), None)
        if not self.ticked:
            self.add_error(None, "Tick at least one member to enroll.")
            return data
        self._check_household()
        self._check_dates()
        self._check_case_managers()
        self._check_what_is_recorded_earlier()
        return data

    def _check_household(self) -> None:
        members = [
            household.Member(one.pk, self.value_of(one, "relationship_to_hoh"))
            for one in self.ticked
        ]
        for finding in household.findings(members):
            self.add_error(None, finding.message)
        head = self._head()
        if head is not None:
            others = [self._is_adult(one) for one in self.ticked if one is not head]
            for finding in household.head_findings(
                head_is_adult=self._is_adult(head), others_are_adult=others
            ):
                self.warnings.append((head.pk, finding))

    def _is_adult(self, client: Client) -> bool | None:
        start = self.value_of(client, "entry_date")
        return dob_rules.is_adult(client.dob, start) if start else None

    def _check_dates(self) -> None:
        enrollments = self._other_enrollments()
        head = self._head()
        head_start = self.value_of(head, "entry_date") if head else None
        for client in self.ticked:
            if name_of(client.pk, "entry_date") in self._errors:
                continue
            start = self.value_of(client, "entry_date")
            since = None if client is head else head_start
            noted = self._noted_on(client, start)
            found = [
                *self._deceased(client),
                *entry.findings(start, today=noted, dob=client.dob, head_entry_date=since),
                *dob_rules.findings(client.dob, today=self.today, entry_date=start),
                *self._project_findings(start),
                *self._overlaps(client, start, enrollments.get(client.pk, [])),
            ]
            self._note(client, found)

    def _deceased(self, client: Client) -> list[Finding]:
        """3.12: an exit says that somebody who is to be enrolled has died."""
        died_on = getattr(client, "died_on", None)
        if died_on is None or client.pk in self.enrolled:
            return []
        message = f"Check who is enrolled: by an exit of {died_on:{DATE}} this client is deceased."
        return [warning(destination.RULE, "entry_date", message)]

    def _noted_on(self, client: Client, start: date | None) -> date:
        """When the start was first entered: today, or when the enrollment was filed with it."""
        row = self.enrolled.get(client.pk)
        if row is None or row.entry_date != start:
            return self.today
        return timezone.localdate(row.date_created)

    def _head(self) -> Client | None:
        head = RelationshipToHoH.SELF
        return next(
            (one for one in self.ticked if self.value_of(one, "relationship_to_hoh") == head), None
        )

    def _project_findings(self, start: date | None) -> list[Finding]:
        project = self.project_chosen
        if project is None:
            return []
        return entry.project_findings(
            start,
            operating_start=project.operating_start_date,
            operating_end=project.operating_end_date,
        )

    def _other_enrollments(self) -> dict[int, list[entry.EnrollmentDates]]:
        """The enrollments in this project that are not the re-opened ones, by client."""
        if self.project_chosen is None:
            return {}
        own = [row.pk for row in self.enrolled.values()]
        rows = Enrollment.objects.in_project(self.project_chosen, self.ticked).exclude(pk__in=own)
        enrollments: dict[int, list[entry.EnrollmentDates]] = {}
        for client_id, start, end in rows.values_list("client", "entry_date", "exit_date"):
            enrollments.setdefault(client_id, []).append(entry.EnrollmentDates(start, end))
        return enrollments

    def _overlaps(
        self, client: Client, start: date | None, others: Iterable[entry.EnrollmentDates]
    ) -> list[Finding]:
        if start is None:
            return []
        row = self.enrolled.get(client.pk)
        found = entry.overlap_findings(
            entry.EnrollmentDates(start, row.exit_date if row else None), others
        )
        since = [one.entry_date for one in others if one.exit_date is None]
        if found and since:
            message = f"Already enrolled in {self.project_chosen} since {since[0]:{DATE}}: "
            return [
                Finding(
                    found[0].level, entry.RULE, entry.FIELD, f"{message}exit that enrollment first."
                )
            ]
        return found

    def _note(self, client: Client, findings: Iterable[Finding]) -> None:
        for finding in findings:
            field = name_of(client.pk, "entry_date")
            if finding.blocks and finding.rule != dob_rules.RULE:
                self.add_error(field, finding.message)
            elif not finding.blocks:
                self.warnings.append((client.pk, finding))

    def _check_case_managers(self) -> None:
        chosen = {
            self.value_of(one, "case_manager") for one in self.ticked if one.pk not in self.enrolled
        }
        if len(chosen) > 1:
            self.warnings.append((0, warning("4.5", "case_manager", DIFFERENT)))

    def _check_what_is_recorded_earlier(self) -> None:
        """What a later start leaves outside, and which case assignments move with it."""
        later = {
            row.pk: (row, start)
            for pk, row in self.enrolled.items()
            if (start := self.cleaned_data.get(name_of(pk, "entry_date")))
            and start > row.entry_date
        }
        names = {pk: row.client.display_name for pk, (row, _) in later.items()}
        bounds = {pk: Bounds(starts=start) for pk, (_, start) in later.items()}
        found = left_outside(bounds, self.draft.created_by)
        texts = list(sentences(found, names, of="start date"))
        assigned = CaseAssignment.objects.filter(enrollment__in=later)
        moved = (
            sum(
                later[pk][0].entry_date < begins_on < later[pk][1]
                for pk, begins_on in assigned.values_list("enrollment", "begins_on")
            )
            if later
            else 0
        )
        if moved:
            texts.append(
                f"{moved} case assignment{pluralize(moved, ' begins,s begin')} before this start "
                "date: moved to begin with it."
            )
        self.warnings += [(0, warning(entry.RULE, "entry_date", text)) for text in texts]

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
