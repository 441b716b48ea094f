"""HUD Program Enrollment: what of a household's start is wrong or unlikely (4.3-4.5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.template.defaultfilters import pluralize

from agencies.models import Project
from clients.models import Client
from enrollments.dates import Bounds, left_outside, sentences
from enrollments.models import CaseAssignment, Enrollment, IntakeDraft
from enrollments.models.draft_answers import DATE, name_of
from hud.choices import RelationshipToHoH
from hud.rules import destination, entry, household
from hud.rules import dob as dob_rules
from hud.rules.issues import Issue, warning
from records.statements import compiled

FIELDS = ("enroll", "entry_date", "relationship_to_hoh", "case_manager")
DIFFERENT = (
    "The members have different case managers. Choose one for all, or confirm that it is so."
)
EVERYBODY_LEFT = "Everybody has left this household by then. Begin an intake instead."


class ProgramChecks(forms.Form):
    """The rules of `ProgramForm`; it fills `warnings`: pairs of client id (0: all) and issue."""

    draft: IntakeDraft
    clients: Sequence[Client]
    enrolled: Mapping[int, Enrollment]
    joined: Sequence[Enrollment]
    today: date
    warnings: list[tuple[int, Issue]]

    @cached_property
    def projects(self) -> dict[int, Project]:
        rows = _projects_of(self.draft.organization_id)
        entered = (row.project for row in [*self.enrolled.values(), *self.joined])
        return {project.pk: project for project in [*rows, *entered]}

    @property
    def project_chosen(self) -> Project | None:
        return self.projects.get(self.cleaned_data.get("project") or 0)

    def value_of(self, client: Client, field: str) -> Any:
        return self.cleaned_data.get(name_of(client.pk, field))

    @property
    def ticked(self) -> list[Client]:
        return [
            one for one in self.clients if one.pk in self.enrolled or self.value_of(one, "enroll")
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        left_out = {one.pk for one in self.clients} - {one.pk for one in self.ticked}
        for client_id in left_out:
            for field in FIELDS:
                self.errors.pop(name_of(client_id, field), None)
        if not self.ticked:
            self.add_error(None, "Tick at least one member to enroll.")
            return data
        self._check_household()
        self._check_somebody_is_there()
        self._check_dates()
        new = [one for one in self.ticked if one.pk not in self.enrolled]
        if len({self.value_of(one, "case_manager") for one in new}) > 1:
            self.warnings.append((0, warning("4.5", "case_manager", DIFFERENT)))
        self._check_what_is_recorded_earlier()
        return data

    def _check_household(self) -> None:
        members = [
            household.Member(one.pk, self.value_of(one, "relationship_to_hoh"))
            for one in self.ticked
        ]
        members += [household.Member(one.client_id, one.relationship_to_hoh) for one in self.joined]
        for issue in household.issues(members):
            self.add_error(None, issue.message)
        head = self._head()
        if head is not None and not all(self._is_stored(one) for one in self.ticked):
            others = [self._is_adult(one) for one in self.ticked if one is not head]
            for issue in household.head_issues(
                head_is_adult=self._is_adult(head), others_are_adult=others
            ):
                self.warnings.append((head.pk, issue))

    def _check_somebody_is_there(self) -> None:
        """Everybody may have left the household since it was chosen."""
        ends = [one.exit_date or date.max for one in self.joined]
        for client in self.ticked if ends else ():
            start = self.value_of(client, "entry_date")
            if start and max(ends) <= start:
                self.add_error(name_of(client.pk, "entry_date"), EVERYBODY_LEFT)

    def _is_adult(self, client: Client) -> bool | None:
        start = self.value_of(client, "entry_date")
        return dob_rules.is_adult(client.dob, start) if start else None

    def _check_dates(self) -> None:
        enrollments = self._other_enrollments()
        head = self._head()
        starts = (one.entry_date for one in self.joined if one.is_head)
        head_start = self.value_of(head, "entry_date") if head else next(starts, None)
        head_is_new = head is None or not self._is_stored(head)
        for client in self.ticked:
            if name_of(client.pk, "entry_date") in self.errors:
                continue
            start = self.value_of(client, "entry_date")
            is_new = not self._has_stored_start(client)
            since = head_start if client is not head and (is_new or head_is_new) else None
            found = [
                *self._deceased(client),
                *entry.issues(
                    start,
                    today=self.today,
                    is_new=is_new,
                    dob=client.dob,
                    head_entry_date=since,
                ),
                *dob_rules.issues(
                    client.dob, today=self.today, entry_date=start if is_new else None
                ),
                *self._project_issues(start),
                *self._overlaps(client, start, enrollments.get(client.pk, [])),
            ]
            for issue in found:
                if not issue.blocks:
                    self.warnings.append((client.pk, issue))
                elif issue.rule != dob_rules.RULE:
                    self.add_error(name_of(client.pk, "entry_date"), issue.message)

    def _deceased(self, client: Client) -> list[Issue]:
        """3.12: an exit says that somebody who is to be enrolled has died."""
        died_on = getattr(client, "died_on", None)
        if died_on is None or client.pk in self.enrolled:
            return []
        message = f"Check who is enrolled: by an exit of {died_on:{DATE}} this client is deceased."
        return [warning(destination.RULE, "entry_date", message)]

    # What is stored and left as it is was confirmed when it was entered, and is not asked again.

    def _has_stored_start(self, client: Client) -> bool:
        row = self.enrolled.get(client.pk)
        return row is not None and row.entry_date == self.value_of(client, "entry_date")

    def _is_stored(self, client: Client) -> bool:
        """Whether start and relationship are as they are stored."""
        if not self._has_stored_start(client):
            return False
        relationship = self.value_of(client, "relationship_to_hoh")
        return self.enrolled[client.pk].relationship_to_hoh == relationship

    def _head(self) -> Client | None:
        head = RelationshipToHoH.SELF
        return next(
            (one for one in self.ticked if self.value_of(one, "relationship_to_hoh") == head), None
        )

    def _project_issues(self, start: date | None) -> list[Issue]:
        project = self.project_chosen
        if project is None:
            return []
        return entry.project_issues(
            start,
            operating_start=project.operating_start_date,
            operating_end=project.operating_end_date,
        )

    def _other_enrollments(self) -> dict[int, list[entry.EnrollmentDates]]:
        """The enrollments in this project that are not the re-opened ones, by client."""
        if self.project_chosen is None:
            return {}
        own = [row.pk for row in self.enrolled.values()]
        clients = [client.pk for client in self.ticked]
        enrollments: dict[int, list[entry.EnrollmentDates]] = {}
        for client_id, start, end in _dates_in_project(self.project_chosen.pk, clients, own):
            enrollments.setdefault(client_id, []).append(entry.EnrollmentDates(start, end))
        return enrollments

    def _overlaps(
        self, client: Client, start: date | None, others: Iterable[entry.EnrollmentDates]
    ) -> list[Issue]:
        if start is None:
            return []
        row = self.enrolled.get(client.pk)
        found = entry.overlap_issues(
            entry.EnrollmentDates(start, row.exit_date if row else None), others
        )
        since = [one.entry_date for one in others if one.exit_date is None]
        if not found or not since:
            return found
        message = (
            f"Already enrolled in {self.project_chosen} since {since[0]:{DATE}}: exit that "
            "enrollment first."
        )
        return [Issue(found[0].level, entry.RULE, entry.FIELD, message)]

    def _check_what_is_recorded_earlier(self) -> None:
        """What a later start leaves outside, and which case assignments move with it."""
        later = {
            row.pk: (row, start)
            for pk, row in self.enrolled.items()
            if (start := self.cleaned_data.get(name_of(pk, "entry_date")))
            and start > row.entry_date
        }
        if not later:
            return
        names = {pk: row.client.display_name for pk, (row, _) in later.items()}
        bounds = {pk: Bounds(starts=start) for pk, (_, start) in later.items()}
        found = left_outside(bounds, self.draft.created_by)
        texts = list(sentences(found, names, of="start date"))
        assigned = CaseAssignment.objects.filter(enrollment__in=later)
        moved = sum(
            later[pk][0].entry_date < begins_on < later[pk][1]
            for pk, begins_on in assigned.values_list("enrollment", "begins_on")
        )
        if moved:
            texts.append(
                f"{moved} case assignment{pluralize(moved, ' begins,s begin')} before this start "
                "date: moved to begin with it."
            )
        self.warnings += [(0, warning(entry.RULE, "entry_date", text)) for text in texts]


@compiled
def _projects_of(organization_id: int) -> QuerySet[Project]:
    return Project.objects.filter(organization=organization_id)


@compiled
def _dates_in_project(
    project_id: int, client_ids: list[int], but: list[int]
) -> QuerySet[Enrollment, tuple[int, date, date | None]]:
    rows = Enrollment.objects.in_project(project_id, client_ids).exclude(pk__in=but)
    return rows.values_list("client", "entry_date", "exit_date")
