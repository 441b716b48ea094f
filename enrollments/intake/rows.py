"""Writes the rows of a draft, one statement a table."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from agencies.models import User
from clients.models import Client
from enrollments.actions.exits import exit_household
from enrollments.intake.draft.calculated import disabling_condition, total_income
from enrollments.intake.draft.household import DraftHousehold, Member, joined_by
from enrollments.intake.draft.prefill import TABLES, corrects_stored, scope_of, stored_rows_of
from enrollments.intake.draft.sections import (
    OF_THE_PERSON,
    SECTIONS,
    TOPICS,
    Step,
    indefinite_name,
    response_name,
)
from enrollments.intake.steps.review import DraftValidation
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from hud.choices import DisabilityType, NoYesMissing
from hud.elements.assessments import HIV
from hud.rules import income, living_situation
from hud.rules.sources import INCOME, INSURANCE
from records.models import Record

TEXTS = {"enrollment_coc", "vamc_station"} | {topic.identify_field for topic in TOPICS.values()}

ON_THE_ENROLLMENT = [
    *(one.name for one in SECTIONS[Step.UNIVERSAL].questions if one.name not in OF_THE_PERSON),
    *("entry_date", "relationship_to_hoh", "los_under_threshold", "disabling_condition"),
]
STAMPS = ["date_updated", "updated_by"]
Rows = dict[tuple[Any, ...], Any]  # by client and what else tells them apart


class Writer:
    """Writes a draft without errors, for the household that it is about."""

    def __init__(self, validation: DraftValidation, household: DraftHousehold, *, by: User):
        self.draft: IntakeDraft = validation.draft
        self.departure = validation.departure
        self.household, self.by, self.day = household, by, validation.answers.day
        self.answers = validation.writes
        self.existing = [one.enrollment for one in household.members if one.enrollment]
        self.enrollments = {row.client_id: row for row in self.existing}
        self.starts_before = {row.pk: row.entry_date for row in self.existing}
        # Who joins a household that is kept from other organizations does not give it away.
        self.is_restricted = any(
            row.visibility == Record.Visibility.OWN_ORGANIZATION for row in joined_by(self.draft)
        )

    def write(self) -> Household:
        household = self.draft.household or Household.objects.create()
        if self.draft.kind_of.enrolls:
            self._enroll(household)
            self._note_service()
        elif self.departure is not None:
            exit_household(
                members=self.existing,
                departure=self.departure.departures,
                end_assignments=self.departure.cleaned_data["end_assignments"],
                by=self.by,
            )
        if Step.BARRIERS in self.answers:
            self._assess_disabilities()
        for table, answered in TABLES.items():
            steps = [step for step in answered if step in self.answers]
            if steps or corrects_stored(self.draft):  # what is not asked any more gets the date
                self._assess(table, steps)
        return household

    # the enrollment

    def _enroll(self, household: Household) -> None:
        rows = []
        for member in self.household.members:
            row = member.enrollment or self._stamped(
                Enrollment(
                    household=household, client=member.client, project=self.household.project
                )
            )
            row.entry_date = member.entry_date
            row.relationship_to_hoh = member.relationship or 99
            answers = self._answers_of(member, Step.UNIVERSAL)
            _put(row, answers)
            if "living_situation" in answers:
                row.los_under_threshold = living_situation.los_under_threshold(
                    row.living_situation, row.length_of_stay
                )
            row.disabling_condition = disabling_condition(self._answers_of(member, Step.BARRIERS))
            rows.append(row)
        if self.existing:  # whoever is no longer the head first: there is never a second one
            self._save(Enrollment, [row for row in rows if not row.is_head], ON_THE_ENROLLMENT)
        heads = [row for row in rows if row.is_head or not self.existing]
        self._save(Enrollment, heads, ON_THE_ENROLLMENT)
        self.enrollments = {row.client_id: row for row in rows}
        self._move_assignments()
        self._assign([one for one in self.household.members if one.enrollment is None])

    def _assign(self, members: list[Member]) -> None:
        """4.6: the chosen user, else the one who completes the intake, from the project start."""
        chosen = {one.case_manager for one in members if one.case_manager}
        users = User.objects.with_access().in_bulk(chosen) if chosen else {}
        for user in users.values():
            user.access  # noqa: B018 - read once a user
        CaseAssignment.objects.bulk_create(
            self._stamped(
                CaseAssignment(
                    client=one.client,
                    enrollment=self.enrollments[one.client.pk],
                    case_manager=users.get(one.case_manager, self.by),
                    begins_on=one.entry_date,
                ),
                worked_for=users.get(one.case_manager, self.by),
            )
            for one in members
        )

    def _move_assignments(self) -> None:
        """Assignments that began with an enrollment begin with its corrected start."""
        starts = {row.pk: row.entry_date for row in self.existing}
        moved = []
        for one in CaseAssignment.objects.filter(enrollment__in=starts) if starts else []:
            start = starts[one.enrollment_id]
            began_with_enrollment = one.begins_on == self.starts_before[one.enrollment_id]
            if one.begins_on < start or (began_with_enrollment and one.begins_on != start):
                one.begins_on = start
                one.ends_on = one.ends_on and max(one.ends_on, start)
                one.stamp(by=self.by)
                moved.append(one)
        if moved:
            CaseAssignment.objects.bulk_update(moved, ["begins_on", "ends_on", *STAMPS])

    def _note_service(self) -> None:
        """3.07 and V1 belong to the person: the latest answer wins.

        An answer to V1 goes where it was taken out of an enrollment that is re-opened.
        """
        changed: list[Client] = []
        for member in self.household.members:
            answers, client = self._answers_of(member, Step.UNIVERSAL), member.client
            found = {
                name: answers[name]
                for name in OF_THE_PERSON
                if name in answers and answers[name] != getattr(client, name)
            }
            for name in list(found):
                is_kept = name == "veteran_status" or member.enrollment is None
                if is_kept and found[name] in (None, 99):
                    del found[name]
            if found:
                for name, value in found.items():
                    setattr(client, name, value)
                client.version += 1
                client.stamp(by=self.by)
                changed.append(client)
        if changed:
            Client.objects.bulk_update(changed, [*OF_THE_PERSON, "version", *STAMPS])

    # assessments

    def _assess_disabilities(self) -> None:
        stored = self._stored(Disability, "disability_type")
        rows = []
        for member in self.household.members:
            answers = self._answers_of(member, Step.BARRIERS)
            for kind in DisabilityType:
                is_stored = (member.client.pk, kind.value) in stored
                if response_name(kind) not in answers and not is_stored:
                    continue  # at an annual assessment HIV/AIDS alone is asked, for W4
                row = self._assessed(Disability, member, stored, disability_type=kind.value)
                if kind is DisabilityType.HIV_AIDS:
                    _put(row, {name: answers[name] for name in HIV if name in answers})
                if response_name(kind) in answers:
                    row.disability_response = answers[response_name(kind)]
                if indefinite_name(kind) in answers:
                    row.indefinite_and_impairs = answers[indefinite_name(kind)]
                rows.append(row)
        names = ["information_date", "disability_response", "indefinite_and_impairs", *HIV]
        self._save(Disability, rows, names)

    def _assess(self, table: Any, steps: list[Step]) -> None:
        """Write one row a member: of income always, else for who was asked."""
        columns = {field.name for field in table._meta.fields}
        stored = self._stored(table)
        rows = []
        for member in self.household.members:
            pk = member.client.pk
            found = (self.answers[step].get(pk, {}) for step in steps)
            asked = [{name: one[name] for name in one.keys() & columns} for one in found]
            asked = [one for one in asked if one]
            if table is not IncomeBenefits and not asked and (pk,) not in stored:
                continue
            row = self._assessed(table, member, stored)
            for answers in asked:
                _put(row, answers)
                if INCOME.any_field in answers:
                    row.total_monthly_income = total_income(answers)
            if table is IncomeBenefits:
                _say_no(row)
            rows.append(row)
        names = [one.name for step in steps for one in SECTIONS[step].questions]
        names += [income.TOTAL, *(one.field for one in INSURANCE.sources)]
        self._save(table, rows, ["information_date", *(one for one in names if one in columns)])

    # rows

    def _answers_of(self, member: Member, step: Step) -> dict[str, Any]:
        return self.answers.get(step, {}).get(member.client.pk, {})

    def _stamped(self, row: Any, *, worked_for: User | None = None) -> Any:
        """File a new row for the draft's organization, or for the case manager's own."""
        organization = self.draft.organization
        if worked_for is not None and organization.pk not in worked_for.access:
            organization = next(iter(worked_for.organizations), organization)
        row.organization = organization
        if self.draft.organization.victim_service_provider or self.is_restricted:
            row.visibility = Record.Visibility.OWN_ORGANIZATION
        row.stamp(by=self.by)
        return row

    def _stored(self, table: Any, *more: str) -> Rows:
        """The rows that are corrected."""
        if not corrects_stored(self.draft):
            return {}
        # Of two on one day, the later is the one that was shown.
        rows = stored_rows_of(table, self.enrollments.values(), scope_of(self.draft.answers))
        return {(row.client_id, *(getattr(row, name) for name in more)): row for row in rows}

    def _assessed(self, table: Any, member: Member, stored: Rows, **values: Any) -> Any:
        """The stored row of a member or a new one, under its date."""
        row = stored.get((member.client.pk, *values.values())) or self._stamped(
            table(
                client=member.client,
                enrollment=self.enrollments[member.client.pk],
                data_collection_stage=self.draft.kind_of.stage,
                **values,
            )
        )
        row.information_date = member.entry_date if self.draft.kind_of.enrolls else self.day
        return row

    def _save(self, table: type[models.Model], rows: list[Any], names: list[str]) -> None:
        """Insert the new rows and update the others."""
        new, old = [row for row in rows if not row.pk], [row for row in rows if row.pk]
        for row in old:
            row.stamp(by=self.by)
        if new:
            table._default_manager.bulk_create(new)
        if old:
            table._default_manager.bulk_update(old, [*dict.fromkeys([*names, *STAMPS])])


def _say_no(row: IncomeBenefits) -> None:
    """4.04.A: an insurance that somebody has a reason not to have is answered by No."""
    for source in INSURANCE.sources:
        has_reason = source.reason and getattr(row, source.reason) is not None
        if has_reason and getattr(row, source.field) is None:
            setattr(row, source.field, NoYesMissing.NO)


def _put(row: Any, answers: Mapping[str, Any]) -> None:
    """Set the columns that Finish writes; a question that was not asked keeps its answer."""
    for name, value in answers.items():
        if value is None and name in TEXTS:
            setattr(row, name, "")
        elif name not in OF_THE_PERSON:
            setattr(row, name, int(value) if isinstance(value, bool) else value)
