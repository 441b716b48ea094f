"""Households of the demonstration's clients in its projects: enrollments, assignments, answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone

from agencies.models import Project, User
from clients.models import Client
from enrollments.models import CaseAssignment, Enrollment, Household
from hmis.demo.answers import add_answers, answer_enrollment
from hmis.demo.context import STORY, Context, Filed, Filing, create
from hmis.demo.set_up import EVERYDAY
from hud.choices import Destination, ProjectType, RelationshipToHoH

ENROLLED = 0.72  # the share of households that entered a project
COORDINATED = 0.15  # and of those that coordinated access enrolled as well
CASEYS = 15  # open enrollments of Casey's
COLLEAGUES = ("jordan", "morgan", "dana")
BRIDGE = ("cory", "cory", "bea", "morgan")
LASTS = {  # days, at least and at most
    ProjectType.ES_ENTRY_EXIT: (20, 150),
    ProjectType.STREET_OUTREACH: (60, 400),
    ProjectType.RAPID_REHOUSING: (150, 500),
    ProjectType.TRANSITIONAL_HOUSING: (200, 650),
    ProjectType.COORDINATED_ENTRY: (90, 700),
}
DESTINATIONS = (
    Destination.RENTAL,
    Destination.FAMILY_TEMPORARY,
    Destination.EMERGENCY_SHELTER,
    Destination.FRIENDS_TEMPORARY,
    Destination.NO_EXIT_INTERVIEW,
    Destination.FAMILY_PERMANENT,
    Destination.PLACE_NOT_FOR_HABITATION,
    Destination.HOSPITAL,
)
PERSONAS = STORY["enrollments"]
INCOMPLETE = {"robert"}


@dataclass
class HouseholdEnrollment:
    """One household in one project; without an exit it lasts."""

    members: list[Filed]
    project: Project
    entry: date
    exit: date | None
    manager: User
    filed_by: User
    destination: Destination | None = None
    household: Household = field(default_factory=Household)
    enrollments: list[Enrollment] = field(default_factory=list)


def add_enrollments(context: Context) -> None:
    groups = sorted(
        _household_enrollments(context),
        key=lambda group: (group.filed_by.pk, group.project.organization_id),
    )
    Household.objects.bulk_create([group.household for group in groups])
    for group in groups:
        group.enrollments = list(_enrollments(context, group))
    enrollments = [one for group in groups for one in group.enrollments]
    create(enrollments)
    create(_assignments(context, groups))
    add_answers(context, enrollments)


def _household_enrollments(context: Context) -> Iterator[HouseholdEnrollment]:
    projects = {str(one): one for one in Project.objects.select_related("organization")}
    key_of = {client.pk: key for key, client in context.personas.items()}
    rows = sorted(context.filed, key=lambda one: one.person.household)
    caseys = 0
    for _, family in groupby(rows, lambda one: one.person.household):
        members = list(family)
        key = key_of.get(members[0].client.pk, "")
        if key in PERSONAS:
            group = _of_personas(context, key, members, projects)
        elif context.rng.chance(ENROLLED):
            group = _of_other(context, members, projects, is_caseys=caseys < CASEYS)
        else:
            continue
        is_caseys = group.manager == context.agencies.users["casey"]
        caseys += len(members) if is_caseys and group.exit is None else 0
        yield group
        is_shared = not members[0].client.is_restricted
        if key not in PERSONAS and is_shared and context.rng.chance(COORDINATED):
            yield _coordinated(context, group, projects)


def _of_personas(
    context: Context, key: str, members: list[Filed], projects: dict[str, Project]
) -> HouseholdEnrollment:
    row = PERSONAS[key]
    project, until = projects[row["project"]], row.get("until")
    users = context.agencies.users
    manager = users["casey" if project.organization == context.agencies.harbor else "cory"]
    exit_date = None if until is None else context.day(until)
    has_destination = exit_date is not None and key not in INCOMPLETE
    return HouseholdEnrollment(
        members,
        project,
        context.day(row["since"]),
        exit_date,
        manager,
        manager,
        Destination.FAMILY_PERMANENT if has_destination else None,
    )


def _of_other(
    context: Context, members: list[Filed], projects: dict[str, Project], *, is_caseys: bool
) -> HouseholdEnrollment:
    rng, agencies = context.rng, context.agencies
    filed = members[0].client
    at_harbor = filed.organization == agencies.harbor
    everyday = [one for name, one in projects.items() if name in EVERYDAY]
    harbors = [one for one in everyday if one.organization == agencies.harbor]
    project = rng.pick(harbors) if at_harbor else projects["Bridge House Transitional Housing"]
    entry = timezone.localtime(filed.date_created).date()
    least, most = LASTS[ProjectType(project.project_type)]
    day = entry + timedelta(days=context.rng.between(least, most))
    exit_date = day if day < context.today else None  # where that is over
    names = COLLEAGUES if at_harbor else BRIDGE
    manager = agencies.users[rng.pick(names)]
    if at_harbor and exit_date is None and is_caseys:
        manager = agencies.users["casey"]
    destination = rng.early(DESTINATIONS) if exit_date and rng.chance(0.95) else None
    return HouseholdEnrollment(
        members, project, entry, exit_date, manager, filed.created_by, destination
    )


def _coordinated(
    context: Context, group: HouseholdEnrollment, projects: dict[str, Project]
) -> HouseholdEnrollment:
    """A household on the list of coordinated access, from some days after its first enrollment."""
    entry = min(group.entry + timedelta(days=context.rng.between(1, 40)), context.today)
    cass = context.agencies.users["cas"]
    return HouseholdEnrollment(
        group.members, projects["Coordinated Access"], entry, None, cass, cass
    )


def _enrollments(context: Context, group: HouseholdEnrollment) -> Iterator[Enrollment]:
    for member in group.members:
        is_head = member is group.members[0]
        enrollment = Enrollment(
            household=group.household,
            client=member.client,
            project=group.project,
            entry_date=group.entry,
            exit_date=group.exit,
            destination=group.destination,
            relationship_to_hoh=RelationshipToHoH.SELF if is_head else member.person.relationship,
            **_filed(context, group, member.client),
        )
        answer_enrollment(context.rng, enrollment, context.today)
        yield enrollment


def _assignments(
    context: Context, groups: Iterable[HouseholdEnrollment]
) -> Iterator[CaseAssignment]:
    for group in groups:
        for enrollment in group.enrollments:
            yield CaseAssignment(
                client=enrollment.client,
                enrollment=enrollment,
                case_manager=group.manager,
                begins_on=group.entry,
                ends_on=group.exit,
                **_filed(context, group, enrollment),
            )


def _filed(context: Context, group: HouseholdEnrollment, like: Client | Enrollment) -> dict:
    at = context.moment((context.today - group.entry).days)
    return Filing(group.project.organization, group.filed_by, at, like.visibility).columns
