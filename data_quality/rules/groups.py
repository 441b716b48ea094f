"""Whom the rules concern (HUD's "collected about"), as words and conditions."""

from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least

from data_quality.rules.days import YearsBefore, as_day, has_window
from data_quality.rules.rule import Group, Narrowing
from enrollments.contradictions import CONTRADICTS
from hud.choices import DataCollectionStage, RelationshipToHoH
from hud.rules.dob import ADULT

HEAD = Q(relationship_to_hoh=RelationshipToHoH.SELF)
EXITED = Q(exit_date__isnull=False)


def adult_on(day: object, dob: str) -> Q:
    """Adult on a day, as `hud.elements`: whose age is not known is asked as well."""
    known = Q(**{f"{dob}__gt": day}) | Q(**{f"{dob}__lte": YearsBefore(day, ADULT)})
    return Q(**{f"{dob}__isnull": True}) | known


def everything(today: date) -> Q:
    return Q()


def adults_today(today: date) -> Q:
    return adult_on(as_day(today), "dob")


def heads(today: date) -> Q:
    return HEAD


def heads_and_adults(today: date) -> Q:
    """By the age at the start, the date of the answers."""
    return HEAD | adult_on(F("entry_date"), "client__dob")


def heads_and_adults_ever(today: date) -> Q:
    """By the age on the last day of the enrollment so far (`hud.elements.last_day`)."""
    last = Least(Coalesce(F("exit_date"), as_day(today)), as_day(today))
    return HEAD | adult_on(Greatest(F("entry_date"), last), "client__dob")


def exited(today: date) -> Q:
    return EXITED


def exited_heads(today: date) -> Q:
    return EXITED & HEAD


def exited_heads_and_adults(today: date) -> Q:
    return EXITED & (HEAD | adult_on(F("exit_date"), "client__dob"))


def open_today(today: date) -> Q:
    return (Q(exit_date__isnull=True) | Q(exit_date__gt=today)) & Q(entry_date__lte=today)


def grown_up(today: date) -> Q:
    """Open enrollments of those who were minors at their start and are 18 by now."""
    minor = Q(client__dob__lte=F("entry_date")) & Q(
        client__dob__gt=YearsBefore(F("entry_date"), ADULT)
    )
    return open_today(today) & minor & Q(client__dob__lte=YearsBefore(as_day(today), ADULT))


def annual_over(today: date) -> Q:
    """Open enrollments in which a window for an annual assessment has closed."""
    return open_today(today) & has_window(today)


def annual_answers(today: date) -> Q:
    return Q(data_collection_stage=DataCollectionStage.ANNUAL)


PERSONS = Group("clients", everything)
ADULT_PERSONS = Group("adults", adults_today)
ENROLLMENTS = Group("enrollments", everything)
HEADS = Group("heads of household", heads)
HEADS_AND_ADULTS = Group("heads of household and adults", heads_and_adults)
HEADS_AND_ADULTS_EVER = Group("heads of household and adults", heads_and_adults_ever)
EXITS = Group("exits", exited)
EXITED_HEADS = Group("exits of heads of household", exited_heads)
EXITED_HEADS_AND_ADULTS = Group("exits of heads of household and adults", exited_heads_and_adults)
OPEN_ENROLLMENTS = Group("open enrollments", open_today)
ANNUALS_DUE = Group("open enrollments with an anniversary behind them", annual_over)
GROWN_UP = Group("open enrollments of minors who turned 18", grown_up)
ANSWERS = Group("assessments of income", everything)
CONTRADICTING = Narrowing("contradicting", CONTRADICTS)
ANNUAL_ANSWERS = Group("annual assessments", annual_answers)
