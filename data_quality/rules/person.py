"""3.01 to 3.07 and 4.21: what is known of a client once, whatever the enrollment."""

from django.db.models import Q

from data_quality.rules.days import YearsBefore, as_day
from data_quality.rules.fixes import BASIC, EDIT_CLIENT
from data_quality.rules.groups import ADULT_PERSONS, PERSONS
from data_quality.rules.rule import RulesAbout, RuleSet, is_missing, name_of
from data_quality.rules.subjects import Subject
from hud.anniversaries import anniversary
from hud.choices import RACES, SSNDataQuality, VeteranStatus
from hud.choices.answers import UNANSWERED
from hud.rules.dob import ADULT, OLDEST
from hud.rules.ssn import Shape
from records.breaks import marked

rules = RuleSet(subject=Subject.PERSON, concerns=PERSONS, fix=EDIT_CLIENT)
PARTIAL = 2  # in all three lists of data quality


def identifier(about: RulesAbout, key: str) -> None:
    column = f"{key}_data_quality"
    about.completeness(key, column)
    about.warning(
        f"{key}-partial",
        f"{name_of(about.number)} is approximate or known in part",
        "Complete it from a document that the client shows.",
        wrong=Q(**{column: PARTIAL}),
        field=column,
    )


def contradicts(about: RulesAbout, key: str, mark: str, **more: str) -> None:
    """What an import brought in; the database refuses it of what is entered here."""
    about.error(
        f"{key}-contradicts",
        f"{name_of(about.number)} and why it is missing contradict each other",
        "Enter it, or choose why it is missing; not both.",
        wrong=marked(mark),
        **({"field": f"{key}_data_quality"} | more),
    )


name = rules.about("3.01")
name.error(
    "name-blank",
    "There is no name, and no reason why",
    "Enter a first name or a last name.",
    # The keys keep letters and digits alone: dashes and question marks are no name.
    wrong=Q(first_key="", last_key="") & ~Q(name_data_quality__in=UNANSWERED),
    field="last_name",
)
identifier(name, "name")
ssn = rules.about("3.02")
ssn.error(
    "ssn-impossible",
    "The SSN is one that nobody has, or a part of one marked as full",
    "Enter the nine digits from the card, or only the last four; or leave it blank.",
    wrong=Q(ssn_shape=Shape.IMPOSSIBLE.value)
    | Q(ssn_shape=Shape.PART.value, ssn_data_quality=SSNDataQuality.FULL),
    field="ssn",
)
contradicts(ssn, "ssn", "client_ssn_quality_fits")
identifier(ssn, "ssn")
dob = rules.about("3.03")
dob.error(
    "dob-impossible",
    "The date of birth is in the future, or more than 120 years ago",
    "Check the year of birth.",
    wrong=lambda today: Q(dob__gt=today) | Q(dob__lt=anniversary(today, today.year - OLDEST)),
    field="dob",
)
contradicts(dob, "dob", "client_dob_quality_fits")
identifier(dob, "dob")
race = rules.about("3.04", field="race_ethnicity")
contradicts(race, "race", "client_race_or_reason", field="race_ethnicity")
race.missing(
    "race-missing",
    "Race and Ethnicity is missing",
    "Ask, and tick what the client says.",
    wrong=Q(**dict.fromkeys((name for name, _ in RACES), False)) & is_missing("race_none"),
)
race.unanswered("race", "race_none")
veteran = rules.about("3.07", fix=BASIC)
veteran.completeness("veteran", "veteran_status", concerns=ADULT_PERSONS)
veteran.warning(
    "veteran-minor",
    "A veteran who is under 18",
    "Check veteran status or date of birth.",
    wrong=lambda today: Q(
        dob__lte=today, dob__gt=YearsBefore(as_day(today), ADULT), veteran_status=VeteranStatus.YES
    ),
    field="veteran_status",
)
rules.about("4.21").completeness("sex", "sex")
