"""What a client may have of the own record, as headings and answers (docs/adr/0037).

One source for the PDF and for the file that machines read. Only what the officer may see; other
people are named by their part in the household alone. Long parts come row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import User
from casenotes.models import CaseNote
from clients.models import Client, InterestedOther
from enrollments.intake.draft.stored_answers import (
    assessments_of,
    enrollment_answers,
    exit_answers,
    program_answers,
)
from hud.elements import of_programs

Answer = tuple[str, str]
AT_ONCE = 200  # rows that are read together


@dataclass(frozen=True)
class Contents:
    """Whose copy it is, and what the officer chose.

    Args:
        withheld: case notes of the officer's organizations that are not given.
        has_full_ssn: whether the whole SSN stands in it, and not its last four digits alone.
    """

    client: Client
    officer: User
    at: datetime
    withheld: frozenset[int] = frozenset()
    has_full_ssn: bool = False

    @property
    def notes(self) -> QuerySet[CaseNote]:
        """The notes of the officer's organizations, the oldest first, without the withheld ones."""
        return own_notes(self.client, self.officer).exclude(pk__in=self.withheld)


@dataclass(frozen=True)
class Entry:
    """One thing on record: a heading of its own, answers, and perhaps a long text."""

    heading: str = ""
    answers: list[Answer] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    entries: Iterator[Entry]
    none: str = "Nothing on record."


def own_notes(client: Client, officer: User) -> QuerySet[CaseNote]:
    """An agency gives the notes that its own users wrote; those of others are theirs to give."""
    rows = client.casenotes.filter(organization__in=officer.dqo_organizations)
    return rows.select_related("created_by", "organization").order_by("date", "pk")


def sections(contents: Contents) -> Iterator[Section]:
    client, officer = contents.client, contents.officer
    yield Section("Who you are", iter([Entry(answers=_identity(contents))]))
    reach = ("Phone", client.phone), ("E-mail", client.email), ("Address", client.address)
    yield Section("How to reach you", iter([Entry(answers=_said(*reach))]))
    yield Section("Your enrollments", _enrollments(client, officer))
    yield Section("Services you received", _services(client, officer))
    coordinated = chain(_events(client, officer), _ce_assessments(client, officer))
    yield Section("Coordinated access", coordinated)
    yield Section("People with an interest in your situation", _others(client, officer))
    yield Section("Alerts", _alerts(client, officer))
    yield Section("What your agency has to do for you", _tasks(client, officer))
    yield Section("With whom you agreed to share", _releases(client, officer))
    yield Section("Documents and photo", _files(client, officer))
    if officer.is_superuser or officer.has_cas_access:
        yield Section("Documents that were checked", _checks(client, officer))
    yield Section("Case notes", _notes(contents), none="No case note is part of this copy.")


def _identity(contents: Contents) -> list[Answer]:
    client = contents.client
    born = client.born
    return _said(
        ("Name", client.display_name),
        ("Other names", ", ".join(alias.display_name for alias in client.aliases.all())),
        ("Name Data Quality", client.get_name_data_quality_display()),
        ("Social Security Number", client.full_ssn if contents.has_full_ssn else client.masked_ssn),
        ("SSN Data Quality", client.get_ssn_data_quality_display()),
        ("Date of birth", str(born) if born else ""),
        ("Date of Birth Data Quality", client.get_dob_data_quality_display()),
        ("Sex", client.get_sex_display()),
        ("Race and Ethnicity", client.races_display),
        ("More about race and ethnicity", client.additional_race_ethnicity),
        ("Veteran Status", client.get_veteran_status_display()),
        *_columns(client, *(one.name for one in of_programs("Client"))),
        ("Client ID", ", ".join(map(str, client.all_ids))),
        ("Record created on", day(client.date_created)),
        ("Last changed on", day(client.date_updated)),
        ("Kept by", str(client.organization)),
    )


def _enrollments(client: Client, officer: User) -> Iterator[Entry]:
    rows = client.enrollments.visible_to(officer).listed_for(officer).newest_first()
    for row in rows:
        others = [  # their part in the household, and nothing else about them
            f"member {number} ({one.get_relationship_to_hoh_display()})"
            for number, one in enumerate(row.household.members, 1)
            if one != row
        ]
        yield Entry(
            heading=f"{row.project}, {row.organization}",
            answers=_said(
                ("Project start date", day(row.entry_date)),
                ("Exit date", day(row.exit_date)),
                ("Relationship to Head of Household", row.get_relationship_to_hoh_display()),
                ("Others in the household", "; ".join(others)),
                *enrollment_answers(row),
                *exit_answers(row),
                *(
                    answer
                    for _, answers in program_answers(row, officer, "Enrollment", "Exit")
                    for answer in answers
                ),
            ),
        )
        for assessed in assessments_of(row, officer):
            heading = f"{assessed.stage.label}, {day(assessed.day)}"
            yield Entry(heading=heading, answers=_said(*assessed.answers))
        for contact in row.current_living_situations.visible_to(officer):
            yield Entry(
                heading=f"Current living situation, {day(contact.information_date)}",
                answers=_columns(
                    contact,
                    *("current_living_situation", "cls_subsidy_type", "verified_by"),
                    *("leave_situation_14_days", "subsequent_residence", "resources_to_obtain"),
                    *("lease_own_60_day", "moved_two_or_more", "location_details"),
                ),
            )
        for work in row.case_assignments.visible_to(officer).listed():
            ends = f" to {day(work.ends_on)}" if work.ends_on else ""
            who = f"{work.case_manager}, {work.organization}"
            since = f"From {day(work.begins_on)}{ends}"
            yield Entry(heading="Case manager", answers=[(who, since)])


def _services(client: Client, officer: User) -> Iterator[Entry]:
    rows = client.services.visible_to(officer).select_related(
        "service_type", "organization", "enrollment__project"
    )
    for row in rows.order_by("date", "pk").iterator(AT_ONCE):
        about = ". ".join(filter(None, [f"{row.service_type}: {row.amount}", row.details]))
        yield Entry(answers=[(day(row.date), f"{about} ({row.enrollment.project})")])


def _events(client: Client, officer: User) -> Iterator[Entry]:
    rows = client.cas_events.visible_to(officer).order_by("event_date", "pk")
    for row in rows.iterator(AT_ONCE):
        result = ". ".join(filter(None, [row.result_in_words, day(row.result_date)]))
        yield Entry(
            heading=f"{row.display_name}, {day(row.event_date)}",
            answers=_said(("Housing", row.location_crisis_or_ph_housing), ("Result", result)),
        )


def _ce_assessments(client: Client, officer: User) -> Iterator[Entry]:
    rows = client.cas_assessments.visible_to(officer).listed()
    for row in rows.order_by("assessment_date", "pk").iterator(AT_ONCE):
        yield Entry(
            heading=f"Coordinated Entry Assessment, {day(row.assessment_date)}",
            answers=[
                *_columns(
                    row,
                    *("assessment_level", "assessment_type", "assessment_location"),
                    "prioritization_status",
                ),
                *_said(
                    *(
                        (one.assessment_question, one.assessment_answer)
                        for one in row.questions.all()
                    ),
                    *(
                        (one.assessment_result_type, one.assessment_result)
                        for one in row.results.all()
                    ),
                ),
            ],
        )


def _others(client: Client, officer: User) -> Iterator[Entry]:
    """Names and parts; how to reach another person is that person's own."""
    for row in InterestedOther.objects.visible_to(officer).filter(client=client):
        yield Entry(
            heading=row.display_name,
            answers=_columns(row, "type_description", "relationship", "is_aware"),
        )


def _alerts(client: Client, officer: User) -> Iterator[Entry]:
    """Those of the officer's organizations: what staff are warned of is part of the record."""
    rows = client.alerts.filter(organization__in=officer.dqo_organizations)
    for row in rows.order_by("begins_on", "pk"):
        ends = f" to {day(row.ends_on)}" if row.ends_on else ""
        yield Entry(answers=[(f"{day(row.begins_on)}{ends}", row.text)])


def _tasks(client: Client, officer: User) -> Iterator[Entry]:
    """Those of the officer's organizations, done ones too."""
    rows = client.tasks.filter(organization__in=officer.dqo_organizations)
    for row in rows.order_by("due_on", "pk").iterator(AT_ONCE):
        done = f", done on {day(row.done_at)}" if row.done_at else ""
        yield Entry(answers=[(f"By {day(row.due_on)}{done}", row.text)])


def _releases(client: Client, officer: User) -> Iterator[Entry]:
    """Every answer, with what became of it; an agency gives what it knows of all of them."""
    rows = client.releases.visible_to(officer).select_related("covers", "organization", "witness")
    for row in rows.order_by("answered_on", "pk").iterator(AT_ONCE):
        yield Entry(
            heading=f"{row.get_kind_display()}, {day(row.answered_on)}",
            answers=_said(
                ("Organization", str(row.covers or "All organizations")),
                ("Begins on", day(row.begins_on)),
                ("Ends on", day(row.ends_on)),
                ("Revoked on", day(row.revoked_at)),
                ("Parent or Guardian", row.guardian_name),
                ("Asked by", str(row.organization)),
            ),
        )


def _files(client: Client, officer: User) -> Iterator[Entry]:
    for row in client.clientfiles.visible_to(officer).listed().iterator(AT_ONCE):
        facts = [
            row.get_category_display(),
            f"added {day(row.date_created)}",
            str(row.organization),
        ]
        yield Entry(answers=[(row.document_name, ", ".join(filter(None, facts)))])
    for photo in client.clientphotos.visible_to(officer):
        yield Entry(answers=[("Photo", f"added {day(photo.date_created)}")])


def _checks(client: Client, officer: User) -> Iterator[Entry]:
    for row in client.documentchecks.visible_to(officer).order_by("verified_on", "pk"):
        yield Entry(
            heading=f"{row.item}, {day(row.verified_on)}",
            answers=_columns(row, "checklist", "acceptable_document", "comments"),
        )


def _notes(contents: Contents) -> Iterator[Entry]:
    for note in contents.notes.iterator(AT_ONCE):
        about = f"{note.created_by}, {note.organization}"
        yield Entry(f"{day(note.date)}: {note.title}", [("Written by", about)], note.text)


def _columns(row: Any, *names: str) -> list[Answer]:
    found = []
    for name in names:
        column = row._meta.get_field(name)
        value = getattr(row, name)
        if column.choices and value not in (None, ""):
            value = getattr(row, f"get_{name}_display")()
        elif isinstance(value, bool):
            value = "Yes" if value else "No"
        label = str(column.verbose_name)
        found.append((label[:1].upper() + label[1:], "" if value is None else str(value)))
    return _said(*found)


def _said(*answers: Answer) -> list[Answer]:
    """Those that say something."""
    return [(label, text) for label, text in answers if text]


def day(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        moment = timezone.localdate(moment)
    return f"{moment:%m/%d/%Y}" if moment else ""
