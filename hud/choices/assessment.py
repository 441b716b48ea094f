"""Dated assessments (4.02-4.11)."""

from django.db import models

from hud.choices.answers import Answers


class NoYesReasons(Answers):
    """1.8: a yes-no question that may stay unanswered."""

    NO = 0, "No"
    YES = 1, "Yes"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"

    @property
    def is_yes(self) -> bool:
        return self == self.YES


class NoYesMissing(Answers):
    """1.7: yes, no, or not collected."""

    NO = 0, "No"
    YES = 1, "Yes"
    NOT_COLLECTED = 99, "Data not collected"

    @property
    def is_yes(self) -> bool:
        return self == self.YES


class DataCollectionStage(models.IntegerChoices):
    """5.03.1: at which point of the enrollment it was asked."""

    ENTRY = 1, "Project entry"
    UPDATE = 2, "Update"
    EXIT = 3, "Project exit"
    ANNUAL = 5, "Annual assessment"
    POST_EXIT = 6, "Post-exit"


class DisabilityType(models.IntegerChoices):
    """1.3: the six kinds of disability, 4.05 to 4.10."""

    PHYSICAL = 5, "Physical disability"
    DEVELOPMENTAL = 6, "Developmental disability"
    CHRONIC_HEALTH = 7, "Chronic health condition"
    HIV_AIDS = 8, "HIV/AIDS"
    MENTAL_HEALTH = 9, "Mental health disorder"
    SUBSTANCE_USE = 10, "Substance use disorder"

    @property
    def rule(self) -> str:
        """HUD's number of the element."""
        return f"4.{self.value:02d}"

    @property
    def is_always_disabling(self) -> bool:
        """Present is enough; of the others it must also be indefinite (3.08)."""
        return self in {self.DEVELOPMENTAL, self.HIV_AIDS}


class DisabilityResponse(Answers):
    """4.10.2: substance use; the other kinds of disability answer by 1.8."""

    NO = 0, "No"
    ALCOHOL = 1, "Alcohol use disorder"
    DRUGS = 2, "Drug use disorder"
    ALCOHOL_AND_DRUGS = 3, "Both alcohol and drug use disorders"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"

    @property
    def is_present(self) -> bool:
        return self in {self.ALCOHOL, self.DRUGS, self.ALCOHOL_AND_DRUGS}


class WhenOccurred(Answers):
    """4.11.A: when the domestic violence occurred."""

    PAST_THREE_MONTHS = 1, "Within the past three months"
    THREE_TO_SIX_MONTHS = 2, "Three to six months ago (excluding six months exactly)"
    SIX_MONTHS_TO_YEAR = 3, "Six months to one year ago (excluding one year exactly)"
    YEAR_OR_MORE = 4, "One year or more"
    DOES_NOT_KNOW = 8, "Client doesn't know"
    PREFERS_NOT_TO_ANSWER = 9, "Client prefers not to answer"
    NOT_COLLECTED = 99, "Data not collected"
