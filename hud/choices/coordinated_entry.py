"""Coordinated entry: what is offered to a client, and what came of it (4.20)."""

from django.db import models


class EventType(models.IntegerChoices):
    """4.20.2: an access event (1-4) or a referral event (5-18)."""

    PREVENTION = 1, "Referral to Prevention Assistance project"
    PROBLEM_SOLVING = 2, "Problem Solving/Diversion/Rapid Resolution intervention or service"
    CRISIS_ASSESSMENT = 3, "Referral to scheduled Coordinated Entry Crisis Needs Assessment"
    HOUSING_ASSESSMENT = 4, "Referral to scheduled Coordinated Entry Housing Needs Assessment"
    FOLLOW_UP = 5, "Referral to Post-placement/ follow-up case management"
    STREET_OUTREACH = 6, "Referral to Street Outreach project or services"
    NAVIGATION = 7, "Referral to Housing Navigation project or services"
    INELIGIBLE = 8, "Referral to Non-continuum services: Ineligible for continuum services"
    NOTHING_AVAILABLE = (
        9,
        "Referral to Non-continuum services: No availability in continuum services",
    )
    SHELTER = 10, "Referral to Emergency Shelter bed opening"
    TRANSITIONAL = 11, "Referral to Transitional Housing bed/unit opening"
    JOINT = 12, "Referral to Joint TH-RRH project/unit/resource opening"
    RAPID_REHOUSING = 13, "Referral to RRH project resource opening"
    PERMANENT_SUPPORTIVE = 14, "Referral to PSH project resource opening"
    OTHER_PERMANENT = 15, "Referral to Other PH project/unit/resource opening"
    EMERGENCY_ASSISTANCE = (
        16,
        "Referral to emergency assistance/flex fund/furniture assistance",
    )
    EMERGENCY_VOUCHER = 17, "Referral to Emergency Housing Voucher (EHV)"
    STABILITY_VOUCHER = 18, "Referral to a Housing Stability Voucher"

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


class ReferralResult(models.IntegerChoices):
    """4.20.D: the result of a referral."""

    ACCEPTED = 1, "Successful referral: client accepted"
    CLIENT_REJECTED = 2, "Unsuccessful referral: client rejected"
    PROVIDER_REJECTED = 3, "Unsuccessful referral: provider rejected"

    @property
    def is_success(self) -> bool:
        return self == self.ACCEPTED
