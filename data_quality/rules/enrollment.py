"""3.10 to 3.20: the dates of an enrollment, who is in it, and how it ends."""

from datetime import date
from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from agencies.models import ProjectCoC
from agencies.models.project_coc import COC_CODE
from data_quality.rules import groups
from data_quality.rules.days import DaysAfter, YearsBefore, as_day
from data_quality.rules.fixes import CHANGE_HEAD, EDIT_CLIENT, EXIT, PROGRAM, SPLIT, UNIVERSAL
from data_quality.rules.rule import RuleSet, is_missing
from data_quality.rules.subjects import Subject
from enrollments.models import Enrollment
from hud.choices import Destination, ProjectType, RelationshipToHoH
from hud.elements import element
from hud.occurrence import ENGAGEMENT, MOVE_IN, Occurrence
from hud.rules.dob import ADULT
from hud.rules.entry import LATE
from records.breaks import marked

ENROLLED_TWICE = "enrolled-twice"

rules = RuleSet(subject=Subject.ENROLLMENT, concerns=groups.ENROLLMENTS, fix=PROGRAM)
# One sleeps in one of these at a time. Night-by-night shelters record nights, not enrollments.
LODGINGS = [ProjectType.ES_ENTRY_EXIT, ProjectType.TRANSITIONAL_HOUSING, ProjectType.SAFE_HAVEN]


def overlaps_outer() -> Q:
    """`hud.rules.entry.EnrollmentDates.overlaps`, with the enrollment outside of EXISTS."""
    leaves_after = Q(exit_date=None) | Q(exit_date__gt=OuterRef("entry_date"))
    # One EXISTS: an open one has no end that the other could begin after.
    last = Coalesce(OuterRef("exit_date"), as_day(date.max))
    return Q(leaves_after, entry_date__lt=last) | Q(entry_date=OuterRef("entry_date"))


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


def twice_in_project(today: date) -> Q:
    """What an import brought in, or a merge left for its own agency's officer (docs/adr/0031).

    The database refuses it of what is entered here.
    """
    other = Enrollment.objects.filter(client=OuterRef("client"), project=OuterRef("project"))
    other = other.exclude(pk=OuterRef("pk"))
    twice = overlaps_outer() | Q(household=OuterRef("household"))
    return Q(Exists(other.filter(twice).order_by()))


def in_household(who: Q) -> Q:
    """Such an enrollment is in the household."""
    members = Enrollment.objects.filter(household=OuterRef("household"))
    return Q(Exists(members.filter(who).order_by()))


def coc_of_another_project(today: date) -> Q:
    """None of those that the project has (2.03), where any is set up; impossible ones apart."""
    of_project = ProjectCoC.objects.filter(project=OuterRef("project")).order_by()
    same = of_project.filter(coc_code__iexact=OuterRef("enrollment_coc"))
    is_code = Q(enrollment_coc__regex=COC_CODE)
    return is_code & Q(Exists(of_project)) & ~Q(Exists(same))


def leaves_before_members(today: date) -> Q:
    """Somebody is left in the household that the head has left."""
    others = Enrollment.objects.filter(household=OuterRef("household")).order_by()
    left = Q(exit_date=None) | Q(exit_date__gt=OuterRef("exit_date"))
    return Q(Exists(others.filter(left)))


def enrolled_after_death(today: date) -> Q:
    """Of the same organization; what other agencies' exits say is not told."""
    died = Enrollment.objects.filter(
        client=OuterRef("client"),
        organization=OuterRef("organization"),
        destination=Destination.DECEASED,
    )
    earlier = died.filter(exit_date__lt=Coalesce(OuterRef("exit_date"), as_day(date.max)))
    return Q(Exists(earlier.order_by()))


def child_leads(today: date) -> Q:
    """A child is head, and somebody in the household is an adult; whose age is known."""
    of_age = YearsBefore(F("entry_date"), ADULT)
    adults = Enrollment.objects.filter(household=OuterRef("household"), client__dob__lte=of_age)
    is_child = Q(client__dob__lte=F("entry_date")) & Q(client__dob__gt=of_age)
    return is_child & Q(Exists(adults.order_by()))


def impossible_day(kind: Occurrence, today: date) -> Q:
    """Recorded for another type of project, outside the enrollment, or in the future."""
    column, projects = kind.field, [one for one in ProjectType if element(kind.rule).is_for(one)]
    misplaced = Q(**{f"{column}__isnull": False}) & ~Q(project__project_type__in=projects)
    outside = Q(**{f"{column}__lt": F("entry_date")}) | Q(**{f"{column}__gt": F("exit_date")})
    return misplaced | outside | Q(**{f"{column}__gt": today})


birth = rules.about("3.03", fix=EDIT_CLIENT, field="dob")
birth.warning(
    "dob-is-start",
    "The date of birth is the project start date",
    "Correct it, unless the client was born that day.",
    wrong=Q(client__dob=F("entry_date")),
)
start = rules.about("3.10", field="entry_date")
start.error(
    "start-impossible",
    "The start is in the future, or before the client was born",
    "Correct the start date, or the date of birth.",
    wrong=lambda today: Q(entry_date__gt=today) | Q(entry_date__lt=F("client__dob")),
)
start.error(
    "start-outside-project",
    "The start is outside the project's operating dates",
    "Correct the start date, or the dates of the project.",
    wrong=Q(entry_date__lt=F("project__operating_start_date"))
    | Q(entry_date__gt=F("project__operating_end_date")),
)
start.warning(
    "start-before-head",
    "The start is before the head of household's",
    "Correct the start of one of them.",
    wrong=Q(entry_date__lt=F("head__entry_date")),
)
start.warning(
    "start-entered-late",
    "Entered more than 30 days after the start",
    "Check that the start date is right. Late entry itself cannot be fixed.",
    wrong=Q(entry_date__lt=DaysAfter(TruncDate("date_created"), -LATE.days)),
)
start.warning(
    "two-lodgings",
    "In two shelters, safe havens or transitional houses of your organization at once",
    "Exit the enrollment that is over, or correct its dates.",
    wrong=two_lodgings,
    fix=EXIT,
    alone=True,
    field="exit_date",
)
start.error(
    ENROLLED_TWICE,
    "Enrolled in the same project twice, on the same days or in one household",
    "Exit or delete one of the enrollments, or correct its dates.",
    wrong=twice_in_project,
    fix=EXIT,
    alone=True,
    field="exit_date",
)
exits = rules.about("3.11", concerns=groups.EXITS, fix=EXIT, field="exit_date")
exits.error(
    "exit-in-future",
    "The exit date is in the future",
    "Enter the day that the client left.",
    wrong=lambda today: Q(exit_date__gt=today),
)
exits.error(
    "exit-before-start",
    "The exit is before the start",
    "Correct the exit date, or the start.",
    wrong=marked("exit_not_before_entry"),
)
exits.warning(
    "head-leaves-first",
    "The head of household left before other members",
    "Exit the other members too, or choose another head of household.",
    concerns=groups.EXITED_HEADS,
    wrong=leaves_before_members,
    fix=CHANGE_HEAD,
    alone=True,
    field="happened_on",
)
destination = rules.about("3.12", concerns=groups.EXITS, fix=EXIT, field="destination")
destination.missing(
    "destination-missing",
    "The exit is incomplete: no destination, or no exit interview",
    "Enter where the client went.",
    wrong=is_missing("destination") | Q(destination=Destination.NO_EXIT_INTERVIEW),
)
destination.unanswered("destination", "destination")
destination.error(
    "enrolled-after-death",
    "Enrolled after an exit to Deceased",
    "Exit this enrollment too, or correct the destination of the other one.",
    concerns=groups.ENROLLMENTS,
    wrong=enrolled_after_death,
    alone=True,
    field="exit_date",
)
destination.warning(
    "destination-incomplete",
    "The kind of rental subsidy, or the other destination, is not named",
    "Choose the subsidy, or write where the client went.",
    wrong=Q(destination=Destination.RENTAL_WITH_SUBSIDY, destination_subsidy_type=None)
    | Q(destination=Destination.OTHER, other_destination__regex=r"^\s*$"),
)
relationship = rules.about("3.15", field="relationship_to_hoh")
relationship.missing(
    "relationship-missing",
    "Relationship to Head of Household is missing",
    "Choose what the member is to the head.",
    wrong=Q(relationship_to_hoh=RelationshipToHoH.NOT_COLLECTED),
)
relationship.error(
    "household-without-head",
    "The household has no head",
    "Choose which member is the head.",
    wrong=~in_household(Q(relationship_to_hoh=RelationshipToHoH.SELF)),
    fix=CHANGE_HEAD,
    alone=True,
    field="happened_on",
)
relationship.error(
    "household-with-two-heads",
    "The household has several heads",
    "Choose which of them is the head, and what the others are to the head.",
    concerns=groups.HEADS,
    wrong=in_household(Q(relationship_to_hoh=RelationshipToHoH.SELF) & ~Q(pk=OuterRef("pk"))),
    fix=CHANGE_HEAD,
    alone=True,
    field="happened_on",
)
relationship.error(
    "household-in-two-projects",
    "The household is enrolled in several projects",
    "Split the household: those in the other project become a household of their own. Correct"
    " HouseholdID where the data came from too, or the next import brings it back.",
    wrong=in_household(~Q(project=OuterRef("project"))),
    fix=SPLIT,
    alone=True,
    field="members",
)
relationship.warning(
    "head-is-child",
    "A child is head of a household that has an adult",
    "Choose an adult as head, unless the child is the head.",
    concerns=groups.HEADS,
    wrong=child_leads,
    fix=CHANGE_HEAD,
    alone=True,
    field="happened_on",
)
coc = rules.about("3.16", fix=UNIVERSAL, field="enrollment_coc")
coc.missing(
    "coc-missing",
    "Enrollment CoC is missing",
    "Enter the code of the Continuum of Care, such as MA-500.",
    concerns=groups.HEADS,
    wrong=Q(enrollment_coc=""),
)
coc.error(
    "coc-impossible",
    "Enrollment CoC is no code",
    "Enter two letters, a dash and three digits, such as MA-500.",
    wrong=Q(enrollment_coc__regex=r".") & ~Q(enrollment_coc__regex=COC_CODE),
)
coc.warning(
    "coc-not-of-project",
    "Enrollment CoC is none of the project's",
    "Choose one of the project's Continuums of Care, or have the missing one added to the project.",
    wrong=coc_of_another_project,
)
for key, kind, elsewhere in (
    ("move-in", MOVE_IN, "permanent housing"),
    ("engagement", ENGAGEMENT, "this project"),
):
    rules.about(kind.rule).error(
        f"{key}-impossible",
        f"The {kind.noun} is outside the enrollment, in the future, or not for {elsewhere}",
        f"Correct the {kind.noun}, or leave it blank.",
        wrong=partial(impossible_day, kind),
        fix=UNIVERSAL,
        field=kind.field,
    )
