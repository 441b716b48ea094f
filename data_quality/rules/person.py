"""3.01 to 3.07 and 4.21: what is known of a client once, whatever the enrollment."""

from django.db.models import Q

from data_quality.rules.days import YearsBefore, as_day
from data_quality.rules.fixes import BASIC, EDIT_CLIENT
from data_quality.rules.groups import ADULT_PERSONS, PERSONS
from data_quality.rules.rule import RuleSet, is_missing, name_of
from data_quality.rules.subjects import Subject
from hud.anniversaries import anniversary
from hud.choices import RACES, SSNDataQuality, VeteranStatus
from hud.choices.answers import UNANSWERED
from hud.rules.dob import ADULT, OLDEST
from hud.rules.ssn import Shape

rules = RuleSet(subject=Subject.PERSON, concerns=PERSONS, fix=EDIT_CLIENT)
PARTIAL = 2  # in all three lists of data quality


def identifier(key: str, number: str, column: str) -> None:
    rules.completeness(key, number, column)
    rules.warning(
        f"{key}-partial",
        number,
        f"{name_of(number)} is approximate or known in part",
        "Complete it from a document that the client shows.",
        wrong=Q(**{column: PARTIAL}),
        field=column,
    )


rules.error(
    "name-blank",
    "3.01",
    "There is no name, and no reason why",
    "Enter a first name or a last name.",
    # The keys keep letters and digits alone: dashes and question marks are no name.
    wrong=Q(first_key="", last_key="") & ~Q(name_data_quality__in=UNANSWERED),
    field="last_name",
)
identifier("name", "3.01", "name_data_quality")
rules.error(
    "ssn-impossible",
    "3.02",
    "The SSN is one that nobody has, or a part of one marked as full",
    "Enter the nine digits from the card, or only the last four; or leave it blank.",
    wrong=Q(ssn_shape=Shape.IMPOSSIBLE.value)
    | Q(ssn_shape=Shape.PART.value, ssn_data_quality=SSNDataQuality.FULL),
    field="ssn",
)
identifier("ssn", "3.02", "ssn_data_quality")
rules.error(
    "dob-impossible",
    "3.03",
    "The date of birth is in the future, or more than 120 years ago",
    "Check the year of birth.",
    wrong=lambda today: Q(dob__gt=today) | Q(dob__lt=anniversary(today, today.year - OLDEST)),
    field="dob",
)
identifier("dob", "3.03", "dob_data_quality")
rules.missing(
    "race-missing",
    "3.04",
    "Race and Ethnicity is missing",
    "Ask, and tick what the client says.",
    wrong=Q(**dict.fromkeys((name for name, _ in RACES), False)) & is_missing("race_none"),
    field="race_ethnicity",
)
rules.unanswered("race", "3.04", "race_none", field="race_ethnicity")
rules.completeness("veteran", "3.07", "veteran_status", concerns=ADULT_PERSONS, fix=BASIC)
rules.warning(
    "veteran-minor",
    "3.07",
    "A veteran who is under 18",
    "Check veteran status or date of birth.",
    wrong=lambda today: Q(
        dob__lte=today, dob__gt=YearsBefore(as_day(today), ADULT), veteran_status=VeteranStatus.YES
    ),
    fix=BASIC,
    field="veteran_status",
)
rules.completeness("sex", "4.21", "sex")
