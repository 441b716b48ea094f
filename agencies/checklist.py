"""What HUD still wants to know of a project, in sentences that say what to do (2.02 to 2.09)."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone

from agencies.models import Funder, Inventory, Project
from hud.choices import ProjectType
from hud.choices.projects import HOPWA, RETIRED_FUNDING_SOURCES, NoYes

SET_UP = (
    "funders",
    "cocs",
    "inventory",
    "hmis_participation",
    "ce_participation",
    "affiliations",
)


def checklist(project: Project) -> list[str]:
    """What is missing today, or on the last day of a project that has ended."""
    today = timezone.localdate()
    day = min(today, project.operating_end_date or today)
    funders = list(project.funders.active_on(day))
    return [
        *_of_project(project, funders),
        *_of_funders(funders),
        *_of_cocs(project, day),
        *_of_participation(project, day),
        *_of_imported(project),
    ]


def _of_project(project: Project, funders: Sequence[Funder]) -> Iterator[str]:
    is_rapid = project.project_type == ProjectType.RAPID_REHOUSING
    is_of_hopwa = any(one.funder in HOPWA for one in funders)
    for column, is_asked, sentence in (
        ("project_type", True, "Choose the project type."),
        ("housing_type", project.has_beds, "Choose the housing type."),
        ("rrh_sub_type", is_rapid, "Choose the RRH subtype."),
        (
            "residential_affiliation",
            project.may_be_affiliated,
            "Say whether it serves the residents of another project (residential affiliation).",
        ),
        (
            "target_population",
            True,
            "Choose the target population; not applicable where the project is for everybody.",
        ),
        (
            "hopwa_med_assisted_living_fac",
            is_of_hopwa,
            "Say whether it is a medically assisted living facility of HOPWA.",
        ),
    ):
        if is_asked and getattr(project, column) is None:
            yield sentence
    is_affiliated = project.may_be_affiliated and project.residential_affiliation == NoYes.YES
    if is_affiliated and not project.affiliations.exists():
        yield "Name the residential project under Affiliations."


def _of_funders(funders: Sequence[Funder]) -> Iterator[str]:
    if not funders:
        yield "Add the funding source in force; N/A where no federal program pays."
    retired = dict(RETIRED_FUNDING_SOURCES)
    for one in funders:
        if one.funder in retired:
            yield f"End {one.get_funder_display()}: HUD has retired this funding source."
        if not one.grant_id:
            yield f"Enter the grant identifier of {one.get_funder_display()}."


def _of_cocs(project: Project, day: date) -> Iterator[str]:
    cocs = {one.coc_code: one for one in project.cocs.all()}
    if not cocs:
        yield "Add the Continuum of Care that the project works in."
    for one in cocs.values():
        if not one.geocode or one.geography_type is None:
            yield f"Enter the geocode and the geography type of {one}."
    if not project.has_beds:
        return
    rows = list(project.inventory.active_on(day))
    if not rows:
        yield "Add the beds and units of this residential project."
    for row in rows:
        yield from _of_beds(project, row, cocs)


def _of_beds(project: Project, row: Inventory, cocs: dict) -> Iterator[str]:
    if cocs and row.coc_code not in cocs:
        yield f"Choose one of the project's Continuums of Care for {row}."
    if row.named_beds not in (None, row.bed_inventory):
        yield (f"Check {row}: the dedicated and non-dedicated beds add up to {row.named_beds}.")
    if row.named_beds is None:
        yield f"Say of {row} how many are dedicated, and to whom."
    if project.is_shelter and (row.availability is None or row.es_bed_type is None):
        yield f"Choose availability and bed type of {row}."


def _of_participation(project: Project, day: date) -> Iterator[str]:
    for label, rows in (
        ("HMIS participation", project.hmis_participation),
        ("coordinated entry participation", project.ce_participation),
    ):
        count = rows.active_on(day).count()
        if not count:
            yield f"Add the {label} in force, also where it does not take part."
        elif count > 1:
            yield f"End all but one {label}: {count} are in force at once."


def _of_imported(project: Project) -> Iterator[str]:
    """What an import brought in although it is wrong."""
    yield from project.broken_rules
    for name in SET_UP:
        for row in getattr(project, name).exclude(breaks=[]):
            yield from (f"{row}: {rule}" for rule in row.broken_rules)
