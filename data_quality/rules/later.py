"""5.03 and the product's own: what falls due while an enrollment lasts."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import LessThanOrEqual

from data_quality.rules import groups
from data_quality.rules.days import YearsBefore, closes, opens
from data_quality.rules.fixes import ADD_CASE_ASSIGNMENT, ANNUAL, UPDATE
from data_quality.rules.rule import RuleSet
from data_quality.rules.subjects import Subject
from enrollments.models import CaseAssignment, IncomeBenefits
from enrollments.models.assessment import LATER
from hud.choices import DataCollectionStage
from hud.rules.dob import ADULT

rules = RuleSet(subject=Subject.ENROLLMENT, alone=True)


def annual_missing(today: date) -> Q:
    made = IncomeBenefits.objects.filter(
        enrollment=OuterRef("pk"),
        data_collection_stage=DataCollectionStage.ANNUAL,
        information_date__gte=opens(OuterRef("last_due")),
        information_date__lte=closes(OuterRef("last_due")),
    )
    return ~Q(Exists(made.order_by()))


def not_asked_as_adult(today: date) -> Q:
    """No update and no annual assessment since the eighteenth birthday."""
    asked = IncomeBenefits.objects.filter(
        LessThanOrEqual(OuterRef("client__dob"), YearsBefore(F("information_date"), ADULT)),
        enrollment=OuterRef("pk"),
        data_collection_stage__in=LATER,
    )
    return ~Q(Exists(asked.order_by()))


def without_case_manager(today: date) -> Q:
    active = CaseAssignment.objects.active_on(today).filter(enrollment=OuterRef("pk"))
    return ~Q(Exists(active.order_by()))


annual = rules.about("5.03", field="information_date")
annual.missing(
    "annual-missing",
    "No annual assessment within 30 days of the last anniversary",
    "HUD counts none outside that window. Make the next one in time.",
    concerns=groups.ANNUALS_DUE,
    wrong=annual_missing,
    fix=ANNUAL,
)
annual.missing(
    "grown-up",
    "Turned 18 during the enrollment, and was not asked as an adult since",
    "Make an update assessment.",
    concerns=groups.GROWN_UP,
    wrong=not_asked_as_adult,
    fix=UPDATE,
)
managers = rules.about("", fix=ADD_CASE_ASSIGNMENT, field="case_manager")
managers.missing(
    "without-case-manager",
    "An open enrollment without an active case manager",
    "Add a case assignment, or exit the enrollment that is over.",
    concerns=groups.OPEN_ENROLLMENTS,
    wrong=without_case_manager,
)
