"""What organizations run, and the rules of HUD 2.02 about it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from agencies.models.organization import Organization
from agencies.models.project_coc import coc_codes_of
from agencies.models.setup import SetUp, code, known
from hud.choices import ProjectType
from hud.choices.projects import (
    RESIDENTIAL,
    SHELTERS,
    HOPWAMedAssistedLivingFac,
    HousingType,
    NoYes,
    RRHSubType,
    TargetPopulation,
)
from hud.programs import Grant
from records.breaks import breakable, marked
from records.history import tracked
from records.model_fields import KeyField


@tracked()
class Project(SetUp):
    """HUD 2.02: a program that one organization runs."""

    NAMES = (
        *("project_name", "project_common_name"),
        *(f"organization__{name}" for name in Organization.NAMES),
    )
    organization = models.ForeignKey(
        "agencies.Organization", models.PROTECT, related_name="projects"
    )
    project_id = KeyField()
    project_name = models.CharField(max_length=200)
    project_common_name = models.CharField(max_length=200, blank=True)
    project_type = code(ProjectType.choices)
    continuum_project = models.BooleanField(
        default=True, help_text="Part of the Continuum of Care's work, whoever pays for it."
    )
    operating_start_date = models.DateField()
    operating_end_date = models.DateField(null=True, blank=True)
    housing_type = code(
        HousingType.choices, help_text="Asked of projects with beds; where they are."
    )
    rrh_sub_type = code(
        RRHSubType.choices, "RRH subtype", help_text="Asked of rapid re-housing alone."
    )
    residential_affiliation = code(
        NoYes.choices,
        help_text=(
            "Asked of services only and of rapid re-housing without housing: whether it serves the "
            "residents of another project. Name that one under Affiliations."
        ),
    )
    target_population = code(
        TargetPopulation.choices, help_text="Whom alone the project is for, if anybody."
    )
    hopwa_med_assisted_living_fac = code(
        HOPWAMedAssistedLivingFac.choices,
        "HOPWA medically assisted living facility",
        help_text="Whether a HOPWA-funded project is one.",
    )
    pit_count = models.IntegerField(
        "PIT count",
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Clients in the project on the day of the last point-in-time count.",
    )

    class Meta(SetUp.Meta):
        ordering = ["project_name"]
        constraints = [
            models.UniqueConstraint(
                name="project_name_once_in_organization",
                fields=["organization", "project_name"],
                condition=Q(~marked("project_name_once_in_organization"), date_deleted=None),
                violation_error_message="This organization already has a project of that name.",
            ),
            breakable(
                name="project_ends_after_start",
                condition=Q(operating_end_date=None)
                | Q(operating_end_date__gte=F("operating_start_date")),
                violation_error_message="Operating end date cannot be before the start date.",
            ),
            breakable(
                name="project_type_is_known",
                condition=Q(project_type__isnull=False, project_type__in=ProjectType.values)
                | Q(project_type=None, continuum_project=False),
                violation_error_message="Choose one of HUD's project types.",
            ),
            known(
                "project_housing_type_is_known",
                "housing_type",
                HousingType.values,
                "Choose one of HUD's housing types.",
            ),
            breakable(
                name="rrh_sub_type_of_rapid_rehousing",
                condition=Q(rrh_sub_type=None)
                | Q(
                    rrh_sub_type__in=RRHSubType.values,
                    project_type__isnull=False,
                    project_type=ProjectType.RAPID_REHOUSING,
                ),
                violation_error_message="Leave the RRH subtype empty, except for rapid re-housing.",
            ),
            known(
                "residential_affiliation_is_known",
                "residential_affiliation",
                NoYes.values,
                "Choose yes or no.",
            ),
            known(
                "target_population_is_known",
                "target_population",
                TargetPopulation.values,
                "Choose one of HUD's target populations.",
            ),
            known(
                "hopwa_living_facility_is_known",
                "hopwa_med_assisted_living_fac",
                HOPWAMedAssistedLivingFac.values,
                "Choose yes, no, or that HOPWA does not fund the project.",
            ),
            breakable(
                name="pit_count_not_negative",
                condition=Q(pit_count=None) | Q(pit_count__gte=0),
                violation_error_message="Enter a PIT count of 0 or more.",
            ),
        ]

    def __str__(self) -> str:
        return self.project_common_name or self.project_name

    @property
    def is_shelter(self) -> bool:
        return self.project_type in SHELTERS

    @property
    def has_beds(self) -> bool:
        """Whether HUD asks for its inventory (2.07)."""
        return self.project_type in RESIDENTIAL and self.rrh_sub_type != RRHSubType.SERVICES_ONLY

    @property
    def may_be_affiliated(self) -> bool:
        """Whether it may serve the residents of another project (2.05)."""
        pays_for_none = self.rrh_sub_type == RRHSubType.SERVICES_ONLY
        return self.project_type == ProjectType.SERVICES_ONLY or pays_for_none

    @cached_property
    def coc_codes(self) -> list[str]:
        """The codes of its Continuums of Care, one of which an enrollment is in (3.16)."""
        return [code.upper() for code in coc_codes_of(self.pk)]

    @cached_property
    def grants(self) -> list[Grant]:
        """The funding sources with their days: they decide what is asked (`hud.elements`)."""
        return [Grant(*row) for row in self.funders.values_list("funder", "start_date", "end_date")]
