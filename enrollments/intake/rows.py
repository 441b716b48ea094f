"""Writes the rows of a draft, one statement a table."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from agencies.models import User
from clients.models import Client
from enrollments.actions.exits import exit_household
from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.draft.order import Step
from enrollments.intake.draft.prefill import corrects_stored, scope_of, stored_rows_of
from enrollments.intake.draft.sections import (
    SECTIONS,
    TOPICS,
    UNIVERSAL,
    disability_rows,
    indefinite_name,
    response_name,
)
from enrollments.intake.steps.review import DraftValidation
from enrollments.models import (
    CaseAssignment,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
    IntakeDraft,
)
from hud.choices import DisabilityType, NoYesReasons
from hud.rules import disability, income, living_situation
from hud.rules.sources import INCOME
from records.models import Record

TEXTS = {"enrollment_coc"} | {topic.identify_field for topic in TOPICS.values()}
ON_THE_ENROLLMENT = [
    question.name for question in UNIVERSAL.questions if question.name != "veteran_status"
]
DERIVED = ["los_under_threshold", "disabling_condition"]
STAMPS = ["date_updated", "updated_by"]
Stored = dict[str, dict[int, dict[str, Any]]]


class Writer:
    """
    Args:
        validation: a draft without errors.
        household: those whom it is about.
    """

    def __init__(self, validation: DraftValidation, household: DraftHousehold, *, by: User):
        self.draft: IntakeDraft = validation.draft
        self.departure = validation.departure
        self.household, self.by, self.day = household, by, validation.answers.day
        self.stage = self.draft.kind_of.stage
        self.stored: Stored = validation.writes
        self.enrollments: dict[int, Enrollment] = {}
        on_file = [one.enrollment for one in self.household.members if one.enrollment]
        self.starts_on_file = {row.pk: row.entry_date for row in on_file}

    def write(self) -> Household:
        household = self.draft.household or Household.objects.create()
        if self.draft.kind_of.enrolls:
            self._enroll(household)
            self._note_veterans()
        else:
            rows = [one.enrollment for one in self.household.members if one.enrollment]
            self.enrollments = {row.client_id: row for row in rows}
            self._exit(rows)
        self._assess()
        return household

    def _exit(self, rows: list[Enrollment]) -> None:
        if self.departure is not None:
            exit_household(
                members=rows,
                departure=self.departure.departures,
                end_assignments=self.departure.cleaned_data["end_assignments"],
                by=self.by,
            )

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
            self._answer(row, member)
            rows.append(row)
        moved = [row for row in rows if row.pk]
        names = ["entry_date", "relationship_to_hoh", *ON_THE_ENROLLMENT, *DERIVED]
        if moved:  # whoever is no longer the head first: there is never a second one
            self._save(Enrollment, [row for row in rows if not row.is_head], names)
            self._save(Enrollment, [row for row in rows if row.is_head], names)
        else:
            self._save(Enrollment, rows, names)
        self.enrollments = {row.client_id: row for row in rows}
        self._move_assignments(moved)
        self._assign([one for one in self.household.members if one.enrollment is None])

    def _answer(self, row: Enrollment, member: Member) -> None:
        answers = self._of(Step.UNIVERSAL, member.client.pk)
        _put(row, ON_THE_ENROLLMENT, answers)
        if "living_situation" in answers:
            row.los_under_threshold = living_situation.los_under_threshold(
                row.living_situation, row.length_of_stay
            )
        row.disabling_condition = self._disabling(member.client.pk)

    def _disabling(self, client_id: int) -> int:
        """3.08: as answered, else as the disabilities tell it."""
        answers = self._of(Step.BARRIERS, client_id)
        told = disability.derived(disability_rows(answers))
        answered = answers.get(disability.FIELD, NoYesReasons.NOT_COLLECTED)
        is_open = answered == NoYesReasons.NOT_COLLECTED
        return told if is_open and told is not None else answered

    def _assign(self, members: Iterable[Member]) -> None:
        """4.6: the chosen user, else the one who completes the intake, from the project start."""
        members = list(members)
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

    def _move_assignments(self, rows: Iterable[Enrollment]) -> None:
        """Assignments that began with an enrollment begin with its corrected start."""
        starts = {row.pk: row.entry_date for row in rows}
        moved = []
        for one in CaseAssignment.objects.filter(enrollment__in=starts) if starts else []:
            start = starts[one.enrollment_id]
            began_with_enrollment = one.begins_on == self.starts_on_file[one.enrollment_id]
            if one.begins_on < start or (began_with_enrollment and one.begins_on != start):
                one.begins_on = start
                one.ends_on = one.ends_on and max(one.ends_on, start)
                one.stamp(by=self.by)
                moved.append(one)
        if moved:
            CaseAssignment.objects.bulk_update(moved, ["begins_on", "ends_on", *STAMPS])

    def _note_veterans(self) -> None:
        """3.07 belongs to the person: the latest answer wins."""
        changed: list[Client] = []
        for member in self.household.members:
            answer = self._of(Step.UNIVERSAL, member.client.pk).get("veteran_status")
            client = member.client
            if answer is not None and answer not in (client.veteran_status, 99):
                client.veteran_status = answer
                client.version += 1
                client.stamp(by=self.by)
                changed.append(client)
        if changed:
            Client.objects.bulk_update(changed, ["veteran_status", "version", *STAMPS])

    # assessments

    def _assess(self) -> None:
        slugs = self.stored
        if Step.VIOLENCE in slugs:
            self._assess_violence()
        if Step.BARRIERS in slugs:
            self._assess_disabilities()
        self._assess_income()

    def _assess_violence(self) -> None:
        names = [question.name for question in SECTIONS[Step.VIOLENCE].questions]
        on_file = self._on_file(HealthAndDV)
        rows = []
        for member in self.household.members:
            pk = member.client.pk
            answers = self.stored[Step.VIOLENCE].get(pk)
            row = on_file.get(pk)
            if answers is None and row is None:
                continue
            row = row or self._new(HealthAndDV, member)
            _put(row, names, answers or {})
            rows.append(self._dated(row, member))
        self._save(HealthAndDV, rows, ["information_date", *names])

    def _assess_disabilities(self) -> None:
        on_file = self._on_file(Disability, "disability_type")
        rows = []
        for member in self.household.members:
            answers = self._of(Step.BARRIERS, member.client.pk)
            for kind in DisabilityType:
                row = on_file.get((member.client.pk, kind.value))
                row = row or self._new(Disability, member, disability_type=kind.value)
                if response_name(kind) in answers:
                    row.disability_response = answers[response_name(kind)]
                if indefinite_name(kind) in answers:
                    row.indefinite_and_impairs = answers[indefinite_name(kind)]
                rows.append(self._dated(row, member))
        names = ["disability_response", "indefinite_and_impairs"]
        self._save(Disability, rows, ["information_date", *names])

    def _assess_income(self) -> None:
        asked = [slug for slug in TOPICS if slug in self.stored]
        on_file = self._on_file(IncomeBenefits)
        names = [question.name for slug in asked for question in SECTIONS[slug].questions]
        rows = []
        for member in self.household.members:
            row = on_file.get(member.client.pk) or self._new(IncomeBenefits, member)
            for slug in asked:
                self._put_topic(row, slug, self._of(slug, member.client.pk))
            rows.append(self._dated(row, member))
        self._save(IncomeBenefits, rows, ["information_date", "total_monthly_income", *names])

    def _put_topic(self, row: IncomeBenefits, slug: str, answers: Mapping[str, Any]) -> None:
        topic = TOPICS[slug]
        ticks = {source.field for source in topic.sources}
        values = {
            name: int(value) if name in ticks and value is not None else value
            for name, value in answers.items()
        }
        _put(row, [question.name for question in SECTIONS[slug].questions], values)
        if topic is INCOME and topic.any_field in answers:
            answered = answers.get(topic.any_field)
            known = answered in {NoYesReasons.YES, NoYesReasons.NO}
            row.total_monthly_income = income.total(answers) if known else None

    # rows

    def _of(self, slug: str, client_id: int) -> dict[str, Any]:
        return self.stored.get(slug, {}).get(client_id, {})

    def _stamped(self, row: Any, *, worked_for: User | None = None) -> Any:
        """File a new row for the draft's organization, or for the case manager's own."""
        organization = self.draft.organization
        if worked_for is not None and organization.pk not in worked_for.access:
            organization = next(iter(worked_for.organizations), organization)
        row.organization = organization
        if self.draft.organization.victim_service_provider:
            row.visibility = Record.Visibility.OWN_ORGANIZATION
        row.stamp(by=self.by)
        return row

    def _new(self, table: Any, member: Member, **values: Any) -> Any:
        row = table(
            client=member.client,
            enrollment=self.enrollments[member.client.pk],
            data_collection_stage=self.stage,
            **values,
        )
        return self._stamped(row)

    def _dated(self, row: Any, member: Member) -> Any:
        row.information_date = member.entry_date if self.draft.kind_of.enrolls else self.day
        return row

    def _on_file(self, table: Any, *more: str) -> dict[Any, Any]:
        """The rows that are corrected, by client and what else tells them apart."""
        if not corrects_stored(self.draft):
            return {}
        # Of two on one day, the later is the one that was shown.
        rows = stored_rows_of(table, self.enrollments.values(), scope_of(self.draft.answers))
        return {
            (row.client_id, *(getattr(row, name) for name in more)) if more else row.client_id: row
            for row in rows
        }

    def _save(self, table: type[models.Model], rows: Iterable[Any], names: list[str]) -> None:
        """Insert the new rows and update the others."""
        rows = list(rows)
        new, old = [row for row in rows if not row.pk], [row for row in rows if row.pk]
        for row in old:
            row.stamp(by=self.by)
        if new:
            table._default_manager.bulk_create(new)
        if old:
            table._default_manager.bulk_update(old, [*dict.fromkeys([*names, *STAMPS])])


def _put(row: Any, names: Iterable[str], answers: Mapping[str, Any]) -> None:
    """Set the columns that Finish writes; a question that was not asked keeps its answer."""
    for name in names:
        if name in answers:
            empty = "" if name in TEXTS else None
            setattr(row, name, empty if answers[name] is None else answers[name])
