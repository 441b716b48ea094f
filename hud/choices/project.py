"""Projects and what they give (2.02, 4.14)."""

from django.db import models


class ProjectType(models.IntegerChoices):
    """2.02.6: what kind of project it is."""

    ES_ENTRY_EXIT = 0, "Emergency Shelter - Entry Exit"
    ES_NIGHT_BY_NIGHT = 1, "Emergency Shelter - Night-by-Night"
    TRANSITIONAL_HOUSING = 2, "Transitional Housing"
    PSH = 3, "PH - Permanent Supportive Housing"
    STREET_OUTREACH = 4, "Street Outreach"
    SERVICES_ONLY = 6, "Services Only"
    OTHER = 7, "Other"
    SAFE_HAVEN = 8, "Safe Haven"
    PH_HOUSING_ONLY = 9, "PH - Housing Only"
    PH_WITH_SERVICES = 10, "PH - Housing with Services (no disability required for entry)"
    DAY_SHELTER = 11, "Day Shelter"
    PREVENTION = 12, "Homelessness Prevention"
    RAPID_REHOUSING = 13, "PH - Rapid Re-Housing"
    COORDINATED_ENTRY = 14, "Coordinated Entry"

    @property
    def is_permanent_housing(self) -> bool:
        """Has a move-in date (3.20)."""
        return self in {
            self.PSH,
            self.PH_HOUSING_ONLY,
            self.PH_WITH_SERVICES,
            self.RAPID_REHOUSING,
        }

    @property
    def has_engagement(self) -> bool:
        """Gets to know a person night by night before a plan is made (4.13)."""
        return self in {self.ES_NIGHT_BY_NIGHT, self.STREET_OUTREACH}

    @property
    def has_contacts(self) -> bool:
        """Meets people where they live (4.12)."""
        return self in {self.STREET_OUTREACH, self.ES_NIGHT_BY_NIGHT, self.COORDINATED_ENTRY}

    @property
    def serves_the_street(self) -> bool:
        """Shelter, safe haven and street outreach: 3.917 is asked without skipping."""
        return self in {
            self.ES_ENTRY_EXIT,
            self.ES_NIGHT_BY_NIGHT,
            self.STREET_OUTREACH,
            self.SAFE_HAVEN,
        }


class HousingType(models.IntegerChoices):
    """2.02.D: how the housing is spread."""

    SINGLE_SITE = 1, "Site-based - single site"
    CLUSTERED = 2, "Site-based - clustered / multiple sites"
    SCATTERED = 3, "Tenant-based - scattered site"


class RecordType(models.IntegerChoices):
    """1.4: what a row of Services.csv is about."""

    PATH_SERVICE = 141, "PATH Service"
    RHY_SERVICE = 142, "RHY Service Connections"
    HOPWA_SERVICE = 143, "HOPWA Service"
    SSVF_SERVICE = 144, "SSVF Service"
    HOPWA_FINANCIAL_ASSISTANCE = 151, "HOPWA Financial Assistance"
    SSVF_FINANCIAL_ASSISTANCE = 152, "SSVF Financial Assistance"
    PATH_REFERRAL = 161, "PATH Referral"
    BED_NIGHT = 200, "Bed Night"
    HUD_VASH_VOUCHER = 210, "HUD-VASH OTH Voucher Tracking"
    MOVING_ON = 300, "Moving On Assistance"
