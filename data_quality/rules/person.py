"""3.01 to 3.07 and 4.21: what is known of a client once, whatever the enrollment."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import Q

from data_quality.rules.completeness import completeness, is_missing
from data_quality.rules.days import YearsBefore, as_day
from data_quality.rules.fixes import BASIC, EDIT_CLIENT
from data_quality.rules.groups import ADULT_PERSONS, PERSONS
from data_quality.rules.rule import Level, Rule
from data_quality.rules.subjects import Subject
from hud.anniversaries import anniversary
from hud.choices import RACES, UNANSWERED, SSNDataQuality, VeteranStatus
from hud.rules.dob import ADULT, OLDEST
from hud.rules.ssn import Shape

person = partial(Rule, subject=Subject.PERSON, concerns=PERSONS, fix=EDIT_CLIENT)
known = partial(completeness, subject=Subject.PERSON, concerns=PERSONS, fix=EDIT_CLIENT)
NAME, SSN, DOB = ("3.01", "Name"), ("3.02", "Social Security Number"), ("3.03", "Date of Birth")
PARTIAL = 2  # in all three lists of data quality


def nameless(today: date) -> Q:
    # The keys keep letters and digits alone: dashes and question marks are no name.
    return Q(first_key="", last_key="") & ~Q(name_data_quality__in=UNANSWERED)


def impossible_ssn(today: date) -> Q:
    partial_as_full = Q(ssn_shape=Shape.PART.value, ssn_data_quality=SSNDataQuality.FULL)
    return Q(ssn_shape=Shape.IMPOSSIBLE.value) | partial_as_full


def impossible_dob(today: date) -> Q:
    return Q(dob__gt=today) | Q(dob__lt=anniversary(today, today.year - OLDEST))


def raceless(today: date) -> Q:
    none_ticked = Q(**dict.fromkeys((name for name, _ in RACES), False))
    return none_ticked & is_missing("race_none")


def young_veteran(today: date) -> Q:
    minor = Q(dob__lte=today) & Q(dob__gt=YearsBefore(as_day(today), ADULT))
    return minor & Q(veteran_status=VeteranStatus.YES)


def _in_part(column: str, today: date) -> Q:
    return Q(**{column: PARTIAL})


def _identifier(key: str, place: tuple[str, str], column: str) -> Iterator[Rule]:
    number, element = place
    yield from known(key=key, number=number, element=element, column=column)
    yield person(
        key=f"{key}-partial",
        number=number,
        element=element,
        level=Level.WARNING,
        title=f"{element} is approximate or known in part",
        advice="Complete it from a paper that the client shows.",
        wrong=partial(_in_part, column),
        field=column,
    )


def rules() -> Iterator[Rule]:
    yield person(
        "name-blank",
        *NAME,
        Level.ERROR,
        "There is no name, and no reason why",
        "Enter a first name or a last name.",
        wrong=nameless,
        field="last_name",
    )
    yield from _identifier("name", NAME, "name_data_quality")
    yield person(
        "ssn-impossible",
        *SSN,
        Level.ERROR,
        "The SSN is one that nobody has, or a part of one marked as full",
        "Enter the nine digits from the card, or only the last four; or leave it blank.",
        wrong=impossible_ssn,
        field="ssn",
    )
    yield from _identifier("ssn", SSN, "ssn_data_quality")
    yield person(
        "dob-impossible",
        *DOB,
        Level.ERROR,
        "The date of birth is in the future, or more than 120 years ago",
        "Check the year of birth.",
        wrong=impossible_dob,
        field="dob",
    )
    yield from _identifier("dob", DOB, "dob_data_quality")
    yield person(
        "race-missing",
        "3.04",
        "Race and Ethnicity",
        Level.MISSING,
        "Race and Ethnicity is missing",
        "Ask, and tick what the client says.",
        wrong=raceless,
        field="race_ethnicity",
    )
    _, unanswered = known(
        key="race",
        number="3.04",
        element="Race and Ethnicity",
        column="race_none",
        field="race_ethnicity",
    )
    yield unanswered
    yield from known(
        key="veteran",
        number="3.07",
        element="Veteran Status",
        column="veteran_status",
        concerns=ADULT_PERSONS,
        fix=BASIC,
    )
    yield person(
        "veteran-minor",
        "3.07",
        "Veteran Status",
        Level.WARNING,
        "A veteran who is under 18",
        "Check veteran status or date of birth.",
        wrong=young_veteran,
        fix=BASIC,
        field="veteran_status",
    )
    yield from known(key="sex", number="4.21", element="Sex", column="sex")
