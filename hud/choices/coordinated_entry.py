"""Lists of Coordinated Entry: assessments (4.19) and events (4.20)."""

from hud.choices.answers import Codes


class EventType(Codes, number="4.20.2"):
    """An access event (1-4) or a referral event (5-18)."""

    PROBLEM_SOLVING = 2
    HOUSING_ASSESSMENT = 4
    FOLLOW_UP = 5
    SHELTER = 10
    TRANSITIONAL = 11

    @property
    def is_access(self) -> bool:
        return self <= self.HOUSING_ASSESSMENT

    @property
    def is_referral(self) -> bool:
        """Whether a referral is accepted or rejected in the end (4.20.D).

        HUD asks it of openings and vouchers; HMIS files hold results of other referrals too.
        """
        return self != self.PROBLEM_SOLVING

    @property
    def is_opening(self) -> bool:
        """Whether it names the crisis or permanent housing referred to (4.20.C)."""
        return self in OPENINGS


OPENINGS = frozenset(EventType(code) for code in (10, 11, 12, 13, 14, 15, 17, 18))


class ReferralResult(Codes, number="4.20.D"):
    ACCEPTED = 1
    CLIENT_REJECTED = 2
    PROVIDER_REJECTED = 3


class AssessmentType(Codes, number="4.19.3"):
    """How a Coordinated Entry Assessment is held."""

    IN_PERSON = 3


class AssessmentLevel(Codes, number="4.19.4"):
    """What a Coordinated Entry Assessment is about: the crisis, or housing."""

    HOUSING_NEEDS = 2


class PrioritizationStatus(Codes, number="4.19.7"):
    """Whether the assessment put the client on the prioritization list."""

    PLACED = 1
