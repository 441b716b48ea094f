"""The Continuums of Care that a project belongs to."""

from typing import Any

from django.db import models
from django.db.models import Q

from agencies.models.setup import CoCCodeField, SetUp, code, known, written_as
from hud.choices.projects import GeographyType
from records.breaks import breakable, marked
from records.history import tracked
from records.model_fields import KeyField
from records.statements import compiled

COC_CODE = "^[A-Za-z]{2}-[0-9]{3}$"
COC_CODE_MESSAGE = "Enter the code as two letters, a dash and three digits, such as CA-501."


@tracked(read_by=("project",))
class ProjectCoC(SetUp):
    """HUD 2.03: a Continuum of Care that the project works in, and where it is there."""

    project = models.ForeignKey("agencies.Project", models.CASCADE, related_name="cocs")
    project_coc_id = KeyField()
    coc_code = CoCCodeField(
        help_text="HUD's code of the Continuum of Care: two letters, a dash, three digits.",
    )
    geocode = models.CharField(
        max_length=6,
        blank=True,
        help_text="HUD's six-digit code of the place where most of the project's work is done.",
    )
    address1 = models.CharField(
        "address line 1",
        max_length=100,
        blank=True,
        help_text=(
            "The principal site. Victim service providers and scattered sites may leave it empty."
        ),
    )
    address2 = models.CharField("address line 2", max_length=100, blank=True)
    city = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=2, blank=True, help_text="Two letters.")
    zip = models.CharField("ZIP code", max_length=5, blank=True, help_text="Five digits.")
    geography_type = code(
        GeographyType.choices, help_text="Urban, suburban or rural, as HUD lists the geocode."
    )

    class Meta(SetUp.Meta):
        ordering = ["coc_code", "pk"]
        verbose_name = "Continuum of Care"
        verbose_name_plural = "Continuums of Care"
        constraints = [
            models.UniqueConstraint(
                name="project_coc_once",
                fields=["project", "coc_code"],
                condition=Q(~marked("project_coc_once"), date_deleted=None),
                violation_error_message="The project has this Continuum of Care already.",
            ),
            breakable(
                name="project_coc_code_is_written",
                condition=Q(coc_code__regex=COC_CODE),
                violation_error_message=COC_CODE_MESSAGE,
            ),
            written_as(
                "geocode_has_six_digits",
                "geocode",
                "^[0-9]{6}$",
                "Enter the geocode as six digits.",
            ),
            written_as(
                "project_state_has_two_letters",
                "state",
                "^[A-Za-z]{2}$",
                "Enter the state as two letters.",
            ),
            written_as(
                "project_zip_has_five_digits",
                "zip",
                "^[0-9]{5}$",
                "Enter the ZIP code as five digits.",
            ),
            known(
                "geography_type_is_known",
                "geography_type",
                GeographyType.values,
                "Choose urban, suburban, rural or unknown.",
            ),
        ]

    def __str__(self) -> str:
        return self.coc_code


@compiled
def coc_codes_of(project_id: int) -> models.QuerySet[Any, str]:
    """The codes of the Continuums of Care that a project belongs to."""
    rows = ProjectCoC.objects.filter(project=project_id)
    return rows.values_list("coc_code", flat=True)
