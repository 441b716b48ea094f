"""Whom the rules concern (HUD's "collected about"), as words and conditions."""

from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least

from agencies.models import Sharing
from data_quality.rules.days import YearsBefore, as_day, has_window
from data_quality.rules.rule import Group, Narrowing
from enrollments.contradictions import CONTRADICTS
from hud.choices import DataCollectionStage, RelationshipToHoH
from hud.rules.dob import ADULT
from records.visibility import Visibility

HEAD = Q(relationship_to_hoh=RelationshipToHoH.SELF)
EXITED = Q(exit_date__isnull=False)


def adult_on(day: object, dob: str) -> Q:
    """Adult on a day, as `hud.elements`: whose age is not known is asked as well."""
    known = Q(**{f"{dob}__gt": day}) | Q(**{f"{dob}__lte": YearsBefore(day, ADULT)})
    return Q(**{f"{dob}__isnull": True}) | known


def heads_and_adults_ever(today: date) -> Q:
    """By the age on the last day of the enrollment so far (`hud.elements.last_day`)."""
    last = Least(Coalesce(F("exit_date"), as_day(today)), as_day(today))
    return HEAD | adult_on(Greatest(F("entry_date"), last), "client__dob")


def open_today(today: date) -> Q:
    return (Q(exit_date__isnull=True) | Q(exit_date__gt=today)) & Q(entry_date__lte=today)


def grown_up(today: date) -> Q:
    """Open enrollments of those who were minors at their start and are 18 by now."""
    minor = Q(client__dob__lte=F("entry_date")) & Q(
        client__dob__gt=YearsBefore(F("entry_date"), ADULT)
    )
    return open_today(today) & minor & Q(client__dob__lte=YearsBefore(as_day(today), ADULT))


def asked_for_release(today: date) -> Q:
    """Open, of an agency that shares on a release alone (13.2), and a client who is shared."""
    is_shared = Q(
        organization__victim_service_provider=False,
        client__visibility=Visibility.ALL_ORGANIZATIONS,
    )
    return open_today(today) & is_shared & ~Q(organization__sharing_in_force=Sharing.OPEN)


PERSONS = Group("all", "clients")
ADULT_PERSONS = Group("adults", "adults", lambda today: adult_on(as_day(today), "dob"))
ENROLLMENTS = Group("all", "enrollments")
HEADS = Group("heads", "heads of household", HEAD)
HEADS_AND_ADULTS = Group(  # by the age at the start, the date of the answers
    "heads_and_adults",
    "heads of household and adults",
    HEAD | adult_on(F("entry_date"), "client__dob"),
)
HEADS_AND_ADULTS_EVER = Group(
    "heads_and_adults_ever", "heads of household and adults", heads_and_adults_ever
)
EXITS = Group("exits", "exits", EXITED)
EXITED_HEADS = Group("exited_heads", "exits of heads of household", EXITED & HEAD)
EXITED_HEADS_AND_ADULTS = Group(
    "exited_heads_and_adults",
    "exits of heads of household and adults",
    EXITED & (HEAD | adult_on(F("exit_date"), "client__dob")),
)
OPEN_ENROLLMENTS = Group("open", "open enrollments", open_today)
ANNUALS_DUE = Group(  # a window for an annual assessment has closed
    "annuals_due",
    "open enrollments with an anniversary behind them",
    lambda today: open_today(today) & has_window(today),
)
RELEASE_ASKED = Group(
    "release_asked", "open enrollments of agencies that share on a release", asked_for_release
)
GROWN_UP = Group("grown_up", "open enrollments of minors who turned 18", grown_up)
ANSWERS = Group("all", "assessments of income")
CONTRADICTING = Narrowing("contradicting", CONTRADICTS)
ANNUAL_ANSWERS = Group(
    "annual", "annual assessments", Q(data_collection_stage=DataCollectionStage.ANNUAL)
)
