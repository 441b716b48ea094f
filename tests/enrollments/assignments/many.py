"""A caseload of any size, written in a few statements."""

from datetime import date, timedelta

from agencies.models import Project, User
from clients.models import Client
from enrollments.models import CaseAssignment, Enrollment, Household
from hud.choices import RelationshipToHoH


def many_cases(
    user: User, project: Project, count: int, *, last_name: str = "Many", since: date | None = None
) -> list[CaseAssignment]:
    """So many clients, each alone in an open enrollment, whose case manager is `user`."""
    since = since or date(2025, 6, 1)
    stamp = {"created_by": user, "updated_by": user, "organization": project.organization}
    clients = Client.objects.bulk_create(
        Client(
            first_name=f"First {number}",
            last_name=f"{last_name} {number}",
            name_data_quality=1,
            dob=date(1980, 1, 1) + timedelta(days=number),
            dob_data_quality=1,
            **stamp,
        )
        for number in range(count)
    )
    households = Household.objects.bulk_create(Household() for _ in clients)
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(
            client=client,
            household=household,
            project=project,
            entry_date=since,
            relationship_to_hoh=RelationshipToHoH.SELF,
            **stamp,
        )
        for client, household in zip(clients, households, strict=True)
    )
    return CaseAssignment.objects.bulk_create(
        CaseAssignment(
            client=one.client, enrollment=one, case_manager=user, begins_on=since, **stamp
        )
        for one in enrollments
    )
