"""Who pays for a project, and whose residents a project without beds serves."""

from django.db import models
from django.db.models import F, Q

from agencies.models.setup import SetUp, SetUpManager, SetUpQuerySet, code, ends_after_start, known
from hud.choices.projects import RETIRED_FUNDING_SOURCES, FundingSource
from records.breaks import breakable, marked
from records.history import tracked
from records.model_fields import KeyField

FUNDING_SOURCES = [*FundingSource.choices, *RETIRED_FUNDING_SOURCES]


class FunderQuerySet(SetUpQuerySet):
    def codes(self) -> frozenset[int]:
        """The funding sources, by HUD's codes."""
        return frozenset(self.order_by().values_list("funder", flat=True))


class FunderManager(SetUpManager.from_queryset(FunderQuerySet)):  # type: ignore[misc]
    pass


@tracked(read_by=("project",))
class Funder(SetUp):
    """HUD 2.06: a grant that pays for the project. Program questions are asked by funder."""

    PERIOD = ("start_date", "end_date")

    project = models.ForeignKey("agencies.Project", models.CASCADE, related_name="funders")
    funder_id = KeyField()
    funder = code(
        FUNDING_SOURCES,
        "funding source",
        null=False,
        blank=False,
        help_text=(
            "The federal program and its component that pays; N/A where no federal program does."
        ),
    )
    other_funder = models.CharField(
        "name of the other funding source",
        max_length=100,
        blank=True,
        help_text="For Local or Other Funding Source alone.",
    )
    grant_id = models.CharField(
        "grant identifier",
        max_length=100,
        blank=True,
        help_text="The number of the grant agreement, or a name by which you know the grant.",
    )
    start_date = models.DateField("grant start date", help_text="The first day of the grant term.")
    end_date = models.DateField(
        "grant end date", null=True, blank=True, help_text="Empty while the grant goes on."
    )

    objects = FunderManager()
    with_deleted = FunderQuerySet.as_manager()

    class Meta(SetUp.Meta):
        ordering = ["-start_date", "funder", "pk"]
        constraints = [
            known(
                "funder_is_known",
                "funder",
                dict(FUNDING_SOURCES),
                "Choose one of HUD's funding sources.",
            ),
            ends_after_start("funder_ends_after_start", "start_date", "end_date"),
            breakable(
                name="other_funder_is_named",
                condition=Q(~Q(funder=FundingSource.OTHER), other_funder="")
                | Q(~Q(other_funder=""), funder=FundingSource.OTHER),
                violation_error_message=(
                    "Name the other funding source, for Local or Other Funding Source alone."
                ),
            ),
        ]

    def __str__(self) -> str:
        name = self.other_funder or self.get_funder_display()
        return f"{name} ({self.grant_id})" if self.grant_id else name


@tracked(read_by=("project",))
class Affiliation(SetUp):
    """HUD 2.05: a project with beds whose residents a services-only project serves."""

    project = models.ForeignKey("agencies.Project", models.CASCADE, related_name="affiliations")
    affiliation_id = KeyField()
    res_project = models.ForeignKey(
        "agencies.Project",
        models.CASCADE,
        related_name="affiliated",
        verbose_name="residential project",
        help_text="The project whose residents this one serves.",
    )

    class Meta(SetUp.Meta):
        ordering = ["res_project__project_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="affiliation_once",
                fields=["project", "res_project"],
                condition=Q(~marked("affiliation_once"), date_deleted=None),
                violation_error_message="This residential project is named already.",
            ),
            breakable(
                name="affiliation_with_another_project",
                condition=~Q(res_project=F("project")),
                violation_error_message="Choose another project than this one.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.res_project)
