"""The enrollment: who is in it and how long things lasted before (3.15, 3.917)."""

from django.db import models

from hud.choices.answers import Answers


class RelationshipToHoH(Answers):
    """3.15.1: relationship to the head of household."""

    SELF = 1, "Self (head of household)"
    CHILD = 2, "Child"
    SPOUSE = 3, "Spouse or partner"
    OTHER_RELATIVE = 4, "Other relative"
    UNRELATED = 5, "Unrelated household member"
    NOT_COLLECTED = 99, "Data not collected"

    @property
    def is_head(self) -> bool:
        return self == self.SELF


class LengthOfStay(Answers):
    """3.917.2: length of stay in the prior living situation."""

    ONE_NIGHT_OR_LESS = 10, "One night or less"
    TWO_TO_SIX_NIGHTS = 11, "Two to six nights"
    WEEK_TO_MONTH = 2, "One week or more, but less than one month"
    MONTH_TO_90_DAYS = 3, "One month or more, but less than 90 days"
    DAYS_90_TO_YEAR = 4, "90 days or more but less than one year"
    YEAR_OR_LONGER = 5, "One year or longer"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"

    @property
    def is_under_7_nights(self) -> bool:
        return self in {self.ONE_NIGHT_OR_LESS, self.TWO_TO_SIX_NIGHTS}

    @property
    def is_under_90_days(self) -> bool:
        return self.is_under_7_nights or self in {self.WEEK_TO_MONTH, self.MONTH_TO_90_DAYS}


class TimesHomeless(Answers):
    """3.917.4: times homeless in the past three years."""

    ONE = 1, "One time"
    TWO = 2, "Two times"
    THREE = 3, "Three times"
    FOUR_OR_MORE = 4, "Four or more times"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class MonthsHomeless(Answers):
    """3.917.5: months homeless in the past three years."""

    MONTHS_1 = 101, "1"
    MONTHS_2 = 102, "2"
    MONTHS_3 = 103, "3"
    MONTHS_4 = 104, "4"
    MONTHS_5 = 105, "5"
    MONTHS_6 = 106, "6"
    MONTHS_7 = 107, "7"
    MONTHS_8 = 108, "8"
    MONTHS_9 = 109, "9"
    MONTHS_10 = 110, "10"
    MONTHS_11 = 111, "11"
    MONTHS_12 = 112, "12"
    MORE_THAN_12 = 113, "More than 12 months"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"


class RentalSubsidyType(models.IntegerChoices):
    """3.12.A: the subsidy of a rental, where one lived before and where one goes."""

    GPD_TIP = 428, "GPD TIP housing subsidy"
    VASH = 419, "VASH housing subsidy"
    RRH = 431, "RRH or equivalent subsidy"
    HCV = 433, "HCV voucher (tenant or project based) (not dedicated)"
    PUBLIC_HOUSING = 434, "Public housing unit"
    OTHER = 420, "Rental by client, with other ongoing housing subsidy"
    HOUSING_STABILITY_VOUCHER = 436, "Housing Stability Voucher"
    FUP = 437, "Family Unification Program Voucher (FUP)"
    FYI = 438, "Foster Youth to Independence Initiative (FYI)"
    PSH = 439, "Permanent Supportive Housing"
    OTHER_PH = 440, "Other permanent housing dedicated for formerly homeless persons"
