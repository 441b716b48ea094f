"""What is printed of a client: the summary, an intake of a household, an enrollment.

Each is one document, which the page to print and the PDF lay out alike. Who may not read answers
about disabilities, violence and exploitation gets a document without them; the SSN is masked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from agencies.models import User
from clients.emergency import is_emergency
from clients.models import Client
from enrollments.intake.draft.stored_answers import (
    AssessedOn,
    assessments_of,
    enrollment_answers,
    exit_answers,
    program_answers,
)
from enrollments.listing import listed_enrollment, listed_enrollments
from enrollments.models import Enrollment
from hud.choices import DataCollectionStage

Fact = tuple[str, str]
NONE = "None"
UNSEEN = "Not shown without a release of information"
IDENTITY = 5  # facts of who somebody is, before those that are shared as records are


@dataclass(frozen=True)
class Part:
    """A heading with labels and values; `level` 2, or 3 for one beneath another."""

    heading: str
    facts: Sequence[Fact]
    level: int = 2


@dataclass
class Document:
    """A record as it is printed.

    Args:
        title: what it is, without anybody's name.
        about: the line under the title.
        people: the clients whose answers are in it.
        named: other clients who are named in it.
    """

    title: str
    about: str
    people: list[Client]
    parts: list[Part] = field(default_factory=list)
    named: list[Client] = field(default_factory=list)

    def add(self, heading: str, facts: Iterable[Fact], *, level: int = 2) -> None:
        """Add a part, without the facts that have no value; without any it is left out."""
        if known := [(label, value) for label, value in facts if value]:
            self.parts.append(Part(heading, known, level))


def client_summary(client: Client, user: User) -> Document:
    """Who the client is, how to reach him, and where he is and was enrolled."""
    found = Document("Client Summary", f"Client ID {client.pk}", [client])
    if client.has_details:
        found.add("Client Information", _identity(client))
        found.add("Contact", _contact(client))
    else:
        found.add("Client Information", _identity(client)[:IDENTITY])
    rows = listed_enrollments(client, user)
    _leave_out_emergencies(rows, user)
    for row in rows:
        found.add(
            f"{row.project}", [("Organization", str(row.organization)), *_enrollment_facts(row)]
        )
    if not rows:
        found.add("Enrollments", [("Enrollments", UNSEEN if client.may_hide else NONE)])
    found.named = _others(client, rows)
    return found


def printed_enrollment(client: Client, user: User, enrollment_id: int) -> Document | None:
    """One enrollment with all its answers; None where the user may not see it."""
    row = listed_enrollment(client, user, enrollment_id)
    if row is None:
        return None
    _leave_out_emergencies([row], user)
    found = Document("Enrollment", f"{row.project} · {row.organization}", [client])
    found.add(client.display_name, [("Client ID", str(client.pk)), *_enrollment_facts(row)])
    found.add("Household", _household(row))
    _add_start(found, row, user)
    _add_programs(found, row, user, "Exit")
    if row.records_contacts:
        contacts = row.current_living_situations.visible_to(user)
        said = [(_day(one.information_date), _label(one)) for one in contacts]
        found.add("Current Living Situation", said)
    for assessed in assessments_of(row, user):
        _add_assessment(found, assessed)
    found.named = _others(client, [row])
    return found


def printed_intake(client: Client, user: User, enrollment_id: int) -> Document | None:
    """What a household answered at project start; None where the user may not see it."""
    row = listed_enrollment(client, user, enrollment_id)
    if row is None:
        return None
    _leave_out_emergencies([row], user)
    members = [one.client for one in row.household.members]
    found = Document("Intake", f"{row.project} · {row.organization}", members)
    for member in row.household.members:
        own = listed_enrollment(member.client, user, member.pk)
        if own is None:
            continue
        found.add(member.client.display_name, [*_identity(member.client)[1:], *_start(own)])
        _add_start(found, own, user, level=3)
        for assessed in assessments_of(own, user):
            if assessed.stage == DataCollectionStage.ENTRY:
                _add_assessment(found, assessed, level=3)
    return found


# parts


def _identity(client: Client) -> list[Fact]:
    born = f"{client.born} ({client.age} years)" if client.dob else ""
    return [
        ("Name", client.display_name),
        ("Client ID", str(client.pk)),
        ("Date of Birth", born or client.get_dob_data_quality_display()),
        ("SSN", client.masked_ssn if client.ssn else client.get_ssn_data_quality_display()),
        ("Sex", client.get_sex_display()),
        ("Race and Ethnicity", client.races_display),
        ("Veteran Status", client.get_veteran_status_display()),
    ]


def _contact(client: Client) -> list[Fact]:
    facts = [("Phone", client.phone), ("E-mail", client.email), ("Address", client.address)]
    return facts if any(value for _, value in facts) else [("Contact", NONE)]


def _start(row: Enrollment) -> list[Fact]:
    return [
        ("Project Start Date", _day(row.entry_date)),
        ("Relationship to Head of Household", row.get_relationship_to_hoh_display()),
        ("Case Managers", ", ".join(str(one.case_manager) for one in row.active_assignments)),
    ]


def _enrollment_facts(row: Enrollment) -> list[Fact]:
    exit_date = _day(row.exit_date) if row.exit_date else "Still enrolled"
    return [*_start(row), ("Exit Date", exit_date), *exit_answers(row)]


def _household(row: Enrollment) -> list[Fact]:
    return [
        (one.client.display_name, f"{one.get_relationship_to_hoh_display()}, {_dates(one)}")
        for one in row.household.members
    ]


def _add_start(found: Document, row: Enrollment, user: User, *, level: int = 2) -> None:
    found.add("Answers at the start", enrollment_answers(row), level=level)
    _add_programs(found, row, user, "Client", "Enrollment", level=level)


def _add_programs(
    found: Document, row: Enrollment, user: User, *files: str, level: int = 2
) -> None:
    for heading, answers in program_answers(row, user, *files):
        found.add(heading, answers, level=level)


def _add_assessment(found: Document, assessed: AssessedOn, *, level: int = 2) -> None:
    heading = f"{assessed.stage.label}, {_day(assessed.day)}"
    found.add(heading, assessed.answers, level=level)


def _leave_out_emergencies(rows: Iterable[Enrollment], user: User) -> None:
    """Emergency access lets one read a client, and print nothing of him beside another one."""
    for row in rows:
        members = row.household.members
        row.household.members = [one for one in members if not is_emergency(user, one.client)]


def _others(client: Client, rows: Iterable[Enrollment]) -> list[Client]:
    members = (member.client for row in rows for member in row.household.members)
    return [one for one in members if one.pk != client.pk]


def _dates(row: Enrollment) -> str:
    end = f" to {_day(row.exit_date)}" if row.exit_date else ""
    return f"from {_day(row.entry_date)}{end}"


def _label(contact) -> str:
    return contact.get_current_living_situation_display()


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
