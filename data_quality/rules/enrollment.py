"""3.10 to 3.20: the dates of an enrollment, who is in it, and how it ends."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from data_quality.rules import groups
from data_quality.rules.completeness import completeness, is_missing
from data_quality.rules.days import DaysAfter, YearsBefore, as_day
from data_quality.rules.fixes import EDIT_CLIENT, EXIT, PROGRAM, UNIVERSAL
from data_quality.rules.rule import Level, Rule
from data_quality.rules.subjects import Subject
from enrollments.models import Enrollment
from hud.choices import Destination, ProjectType, RelationshipToHoH
from hud.rules.dob import ADULT
from hud.rules.entry import LATE

ENROLLED_TWICE = "enrolled-twice"

enrollment = partial(Rule, subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS, fix=PROGRAM)
START, EXIT_DATE = ("3.10", "Project Start Date"), ("3.11", "Project Exit Date")
DESTINATION = ("3.12", "Destination")
RELATIONSHIP = ("3.15", "Relationship to Head of Household")
COC, MOVE_IN = ("3.16", "Enrollment CoC"), ("3.20", "Housing Move-In Date")
# One sleeps in one of these at a time. Night-by-night shelters record nights, not enrollments.
LODGINGS = [
    ProjectType.ES_ENTRY_EXIT,
    ProjectType.TRANSITIONAL_HOUSING,
    ProjectType.SAFE_HAVEN,
]
ENGAGEMENT = ("4.13", "Date of Engagement")
ENGAGING = [kind for kind in ProjectType if kind.has_engagement]
PERMANENT = [kind for kind in ProjectType if kind.is_permanent_housing]


def impossible_start(today: date) -> Q:
    return Q(entry_date__gt=today) | Q(entry_date__lt=F("client__dob"))


def outside_project(today: date) -> Q:
    before = Q(entry_date__lt=F("project__operating_start_date"))
    return before | Q(entry_date__gt=F("project__operating_end_date"))


def born_at_start(today: date) -> Q:
    return Q(client__dob=F("entry_date"))


def before_head(today: date) -> Q:
    return Q(entry_date__lt=F("head__entry_date"))


def entered_late(today: date) -> Q:
    return Q(entry_date__lt=DaysAfter(TruncDate("date_created"), -LATE.days))


def two_lodgings(today: date) -> Q:
    """In two places of the same organization at once; other agencies' enrollments are not told."""
    other = Enrollment.objects.filter(
        client=OuterRef("client"),
        organization=OuterRef("organization"),
        project__project_type__in=LODGINGS,
    ).exclude(pk=OuterRef("pk"))
    other = other.exclude(project=OuterRef("project"))
    meeting = other.filter(overlaps_outer()).order_by()
    return Q(project__project_type__in=LODGINGS) & Q(Exists(meeting))


def overlaps_outer() -> Q:
    """`hud.rules.entry.EnrollmentDates.overlaps`, with the enrollment outside of EXISTS."""
    leaves_after = Q(exit_date=None) | Q(exit_date__gt=OuterRef("entry_date"))
    # One EXISTS: an open one has no end that the other could begin after.
    last = Coalesce(OuterRef("exit_date"), as_day(date.max))
    return Q(leaves_after, entry_date__lt=last) | Q(entry_date=OuterRef("entry_date"))


def twice_in_project(today: date) -> Q:
    """What an import brought in, or a merge left for its own agency's officer (docs/adr/0031).

    The database refuses it of what is entered here.
    """
    other = Enrollment.objects.filter(client=OuterRef("client"), project=OuterRef("project"))
    other = other.exclude(pk=OuterRef("pk"))
    twice = overlaps_outer() | Q(household=OuterRef("household"))
    return Q(Exists(other.filter(twice).order_by()))


def future_exit(today: date) -> Q:
    return Q(exit_date__gt=today)


def leaves_before_members(today: date) -> Q:
    """Somebody is left in the household that the head has left."""
    others = Enrollment.objects.filter(household=OuterRef("household")).order_by()
    left = Q(exit_date=None) | Q(exit_date__gt=OuterRef("exit_date"))
    return Q(Exists(others.filter(left)))


def no_destination(today: date) -> Q:
    return is_missing("destination") | Q(destination=Destination.NO_EXIT_INTERVIEW)


def incomplete_destination(today: date) -> Q:
    subsidized = Q(destination=Destination.RENTAL_WITH_SUBSIDY, destination_subsidy_type=None)
    return subsidized | Q(destination=Destination.OTHER, other_destination__regex=r"^\s*$")


def relationship_missing(today: date) -> Q:
    return Q(relationship_to_hoh=RelationshipToHoH.NOT_COLLECTED)


def headless(today: date) -> Q:
    return Q(head__id__isnull=True)


def child_leads(today: date) -> Q:
    """A child is head, and somebody in the household is an adult; whose age is known."""
    of_age = YearsBefore(F("entry_date"), ADULT)
    adults = Enrollment.objects.filter(household=OuterRef("household"), client__dob__lte=of_age)
    is_child = Q(client__dob__lte=F("entry_date")) & Q(client__dob__gt=of_age)
    return is_child & Q(Exists(adults.order_by()))


def enrolled_after_death(today: date) -> Q:
    """Of the same organization; what other agencies' exits say is not told."""
    died = Enrollment.objects.filter(
        client=OuterRef("client"),
        organization=OuterRef("organization"),
        destination=Destination.DECEASED,
    )
    earlier = died.filter(exit_date__lt=Coalesce(OuterRef("exit_date"), as_day(date.max)))
    return Q(Exists(earlier.order_by()))


def impossible_engagement(today: date) -> Q:
    misplaced = Q(date_of_engagement__isnull=False) & ~Q(project__project_type__in=ENGAGING)
    outside = Q(date_of_engagement__lt=F("entry_date")) | Q(date_of_engagement__gt=F("exit_date"))
    return misplaced | outside | Q(date_of_engagement__gt=today)


def no_coc(today: date) -> Q:
    return Q(enrollment_coc="")


def impossible_coc(today: date) -> Q:
    return Q(enrollment_coc__regex=r".") & ~Q(enrollment_coc__regex=r"^[A-Za-z]{2}-[0-9]{3}$")


def impossible_move_in(today: date) -> Q:
    misplaced = Q(move_in_date__isnull=False) & ~Q(project__project_type__in=PERMANENT)
    outside = Q(move_in_date__lt=F("entry_date")) | Q(move_in_date__gt=F("exit_date"))
    return misplaced | outside | Q(move_in_date__gt=today)


def rules() -> Iterator[Rule]:
    yield from _starts()
    yield from _exits()
    yield from _households()


def _starts() -> Iterator[Rule]:
    yield enrollment(
        "dob-is-start",
        "3.03",
        "Date of Birth",
        Level.WARNING,
        "The date of birth is the project start date",
        "Correct it, unless the client was born that day.",
        wrong=born_at_start,
        fix=EDIT_CLIENT,
        field="dob",
    )
    yield enrollment(
        "start-impossible",
        *START,
        Level.ERROR,
        "The start is in the future, or before the client was born",
        "Correct the start date, or the date of birth.",
        wrong=impossible_start,
        field="entry_date",
    )
    yield enrollment(
        "start-outside-project",
        *START,
        Level.ERROR,
        "The start is outside the project's operating dates",
        "Correct the start date, or the dates of the project.",
        wrong=outside_project,
        field="entry_date",
    )
    yield enrollment(
        "start-before-head",
        *START,
        Level.WARNING,
        "The start is before the head of household's",
        "Correct the start of one of them.",
        wrong=before_head,
        field="entry_date",
    )
    yield enrollment(
        "start-entered-late",
        *START,
        Level.WARNING,
        "Entered more than 30 days after the start",
        "Check that the start date is right. Late entry itself cannot be fixed.",
        wrong=entered_late,
        field="entry_date",
    )
    yield enrollment(
        "two-lodgings",
        *START,
        Level.WARNING,
        "In two shelters, safe havens or transitional houses of your organization at once",
        "Exit the enrollment that is over, or correct its dates.",
        wrong=two_lodgings,
        fix=EXIT,
        alone=True,
        field="exit_date",
    )
    yield enrollment(
        ENROLLED_TWICE,
        *START,
        Level.ERROR,
        "Enrolled in the same project twice, on the same days or in one household",
        "Exit or delete one of the enrollments, or correct its dates.",
        wrong=twice_in_project,
        fix=EXIT,
        alone=True,
        field="exit_date",
    )


def _exits() -> Iterator[Rule]:
    yield enrollment(
        "exit-in-future",
        *EXIT_DATE,
        Level.ERROR,
        "The exit date is in the future",
        "Enter the day that the client left.",
        concerns=groups.EXITS,
        wrong=future_exit,
        fix=EXIT,
        field="exit_date",
    )
    yield enrollment(
        "head-leaves-first",
        *EXIT_DATE,
        Level.WARNING,
        "The head of household left before other members",
        "Exit the other members too, or choose another head of household.",
        concerns=groups.EXITED_HEADS,
        wrong=leaves_before_members,
        fix=PROGRAM,
        alone=True,
        field="relationship_to_hoh",
    )
    yield enrollment(
        "destination-missing",
        *DESTINATION,
        Level.MISSING,
        "The exit is incomplete: no destination, or no exit interview",
        "Enter where the client went.",
        concerns=groups.EXITS,
        wrong=no_destination,
        fix=EXIT,
        field="destination",
    )
    _, unanswered = completeness(
        key="destination",
        number="3.12",
        element="Destination",
        column="destination",
        subject=Subject.ENROLLMENT,
        concerns=groups.EXITS,
        fix=EXIT,
    )
    yield unanswered
    yield enrollment(
        "enrolled-after-death",
        *DESTINATION,
        Level.ERROR,
        "Enrolled after an exit to Deceased",
        "Exit this enrollment too, or correct the destination of the other one.",
        wrong=enrolled_after_death,
        fix=EXIT,
        alone=True,
        field="exit_date",
    )
    yield enrollment(
        "destination-incomplete",
        *DESTINATION,
        Level.WARNING,
        "The kind of rental subsidy, or the other destination, is not named",
        "Choose the subsidy, or write where the client went.",
        concerns=groups.EXITS,
        wrong=incomplete_destination,
        fix=EXIT,
        field="destination",
    )


def _households() -> Iterator[Rule]:
    yield enrollment(
        "relationship-missing",
        *RELATIONSHIP,
        Level.MISSING,
        "Relationship to Head of Household is missing",
        "Choose what the member is to the head.",
        wrong=relationship_missing,
        field="relationship_to_hoh",
    )
    yield enrollment(
        "household-without-head",
        *RELATIONSHIP,
        Level.ERROR,
        "The household has no head",
        "Choose one member as Self (head of household).",
        wrong=headless,
        field="relationship_to_hoh",
    )
    yield enrollment(
        "head-is-child",
        *RELATIONSHIP,
        Level.WARNING,
        "A child is head of a household that has an adult",
        "Choose an adult as Self, unless the child is the head.",
        concerns=groups.HEADS,
        wrong=child_leads,
        alone=True,
        field="relationship_to_hoh",
    )
    yield enrollment(
        "coc-missing",
        *COC,
        Level.MISSING,
        "Enrollment CoC is missing",
        "Enter the code of the Continuum of Care, such as MA-500.",
        concerns=groups.HEADS,
        wrong=no_coc,
        fix=UNIVERSAL,
        field="enrollment_coc",
    )
    yield enrollment(
        "coc-impossible",
        *COC,
        Level.ERROR,
        "Enrollment CoC is no code",
        "Enter two letters, a dash and three digits, such as MA-500.",
        wrong=impossible_coc,
        fix=UNIVERSAL,
        field="enrollment_coc",
    )
    yield enrollment(
        "move-in-impossible",
        *MOVE_IN,
        Level.ERROR,
        "The move-in date is outside the enrollment, in the future, or not for permanent housing",
        "Correct the move-in date, or leave it blank.",
        wrong=impossible_move_in,
        fix=UNIVERSAL,
        field="move_in_date",
    )
    yield enrollment(
        "engagement-impossible",
        *ENGAGEMENT,
        Level.ERROR,
        "The date of engagement is outside the enrollment, in the future, or not for this project",
        "Correct the date of engagement, or leave it blank.",
        wrong=impossible_engagement,
        fix=UNIVERSAL,
        field="date_of_engagement",
    )
