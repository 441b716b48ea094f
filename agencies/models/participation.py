"""Whether a project takes part in the HMIS and in coordinated entry."""

from functools import reduce
from operator import and_

from django.db import models
from django.db.models import Q

from agencies.models.setup import SetUp, code, ends_after_start, known
from hud.choices.projects import HMISParticipationType, NoYes
from records.breaks import breakable
from records.history import tracked
from records.model_fields import KeyField

ACCESS = ("prevention_assessment", "crisis_assessment", "housing_assessment", "direct_services")


@tracked(read_by=("project",))
class HMISParticipation(SetUp):
    """HUD 2.08: from when to when the project's clients are in the HMIS."""

    PERIOD = ("hmis_participation_status_start_date", "hmis_participation_status_end_date")

    project = models.ForeignKey(
        "agencies.Project", models.CASCADE, related_name="hmis_participation"
    )
    hmis_participation_id = KeyField()
    hmis_participation_type = code(
        HMISParticipationType.choices,
        "participation",
        null=False,
        blank=False,
        help_text="Victim service providers use a comparable database.",
    )
    hmis_participation_status_start_date = models.DateField(
        "start date", help_text="The first day on which this was so."
    )
    hmis_participation_status_end_date = models.DateField(
        "end date", null=True, blank=True, help_text="Empty while it goes on."
    )

    class Meta(SetUp.Meta):
        ordering = ["-hmis_participation_status_start_date", "pk"]
        verbose_name = verbose_name_plural = "HMIS participation"
        constraints = [
            known(
                "hmis_participation_is_known",
                "hmis_participation_type",
                HMISParticipationType.values,
                "Choose whether the project participates in the HMIS.",
            ),
            ends_after_start(
                "hmis_participation_ends_after_start",
                "hmis_participation_status_start_date",
                "hmis_participation_status_end_date",
            ),
        ]

    def __str__(self) -> str:
        return self.get_hmis_participation_type_display()


def access(label: str) -> models.PositiveSmallIntegerField:
    return code(NoYes.choices, label, help_text="Asked of access points.")


@tracked(read_by=("project",))
class CEParticipation(SetUp):
    """HUD 2.09: from when to when the project takes part in coordinated entry, and as what."""

    PERIOD = ("ce_participation_status_start_date", "ce_participation_status_end_date")

    project = models.ForeignKey("agencies.Project", models.CASCADE, related_name="ce_participation")
    ce_participation_id = KeyField()
    access_point = code(
        NoYes.choices,
        "access point",
        null=False,
        blank=False,
        help_text="Whether people come into coordinated entry through this project.",
    )
    prevention_assessment = access("homelessness prevention assessment, screening or referral")
    crisis_assessment = access("crisis assessment, screening or referral")
    housing_assessment = access("housing assessment, screening or referral")
    direct_services = access("direct services (search, placement, crisis, financial)")
    receives_referrals = code(
        NoYes.choices,
        "receives referrals",
        null=False,
        blank=False,
        help_text="Whether the project takes clients whom coordinated entry refers.",
    )
    ce_participation_status_start_date = models.DateField(
        "start date", help_text="The first day on which this was so."
    )
    ce_participation_status_end_date = models.DateField(
        "end date", null=True, blank=True, help_text="Empty while it goes on."
    )

    class Meta(SetUp.Meta):
        ordering = ["-ce_participation_status_start_date", "pk"]
        verbose_name = verbose_name_plural = "coordinated entry participation"
        constraints = [
            models.CheckConstraint(
                name="ce_participation_codes_are_known",
                condition=reduce(
                    and_,
                    (
                        Q(**{name: None}) | Q(**{f"{name}__in": NoYes.values})
                        for name in ("access_point", "receives_referrals", *ACCESS)
                    ),
                ),
                violation_error_message="Choose yes or no.",
            ),
            breakable(
                name="access_point_says_what_it_offers",
                condition=~Q(access_point=NoYes.YES)
                | Q(**{f"{name}__isnull": False for name in ACCESS}),
                violation_error_message=(
                    "Say of an access point whether it offers each of the assessments and direct "
                    "services."
                ),
            ),
            ends_after_start(
                "ce_participation_ends_after_start",
                "ce_participation_status_start_date",
                "ce_participation_status_end_date",
            ),
        ]

    def __str__(self) -> str:
        return "Access point" if self.access_point == NoYes.YES else "No access point"
