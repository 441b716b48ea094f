"""The demonstration's projects, with what HUD wants to know of each.

The everyday ones are funded by programs that ask nothing of their own; every question of a federal
partner program is asked in one of the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.models import (
    Affiliation,
    CEParticipation,
    Funder,
    HMISParticipation,
    Inventory,
    Organization,
    Project,
    ProjectCoC,
)
from agencies.models.participation import ACCESS
from hud.choices import ProjectType
from hud.choices.projects import (
    HOPWA,
    RESIDENTIAL,
    Availability,
    BedType,
    GeographyType,
    HMISParticipationType,
    HOPWAMedAssistedLivingFac,
    HouseholdType,
    HousingType,
    NoYes,
    RRHSubType,
    TargetPopulation,
)

OPENED = date(2015, 7, 1)
COC, COC_NEARBY = "MA-500", "MA-511"
GEOCODES = {COC: "250282", COC_NEARBY: "252106"}
BEDS = {HouseholdType.WITHOUT_CHILDREN: (20, 20), HouseholdType.WITH_CHILDREN: (8, 28)}
Type = ProjectType


@dataclass(frozen=True)
class Plan:
    """A project: its name, HUD's type, and the codes of who pays for it (2.06.1)."""

    name: str
    kind: ProjectType
    funders: tuple[int, ...]
    cocs: tuple[str, ...] = (COC,)
    serves: str = ""  # the residential project that it is affiliated with


HARBOR = (
    Plan("Harbor Family Shelter", Type.ES_ENTRY_EXIT, (8,)),
    Plan("Harbor Street Outreach", Type.STREET_OUTREACH, (11,)),
    Plan("Harbor Rapid Re-Housing", Type.RAPID_REHOUSING, (3, 10)),
)
BRIDGE = (Plan("Bridge House Transitional Housing", Type.TRANSITIONAL_HOUSING, (5,)),)
CAS = (Plan("Coordinated Access", Type.COORDINATED_ENTRY, (4,), (COC, COC_NEARBY)),)
EVERYDAY = [plan.name for plan in (*HARBOR, *BRIDGE, *CAS)]
HARBOR_PROGRAMS = (
    Plan("Harbor PATH Outreach", Type.STREET_OUTREACH, (21,), (COC, COC_NEARBY)),
    Plan("Harbor Youth Shelter", Type.ES_ENTRY_EXIT, (22,)),
    Plan("Harbor Youth Transitional Living", Type.TRANSITIONAL_HOUSING, (24, 43)),
    Plan("Harbor Homelessness Prevention", Type.HOMELESSNESS_PREVENTION, (9, 33)),
)
BRIDGE_PROGRAMS = (
    Plan("Bridge House Veterans Housing", Type.PSH, (20,)),
    Plan("Bridge House Veterans Rapid Re-Housing", Type.RAPID_REHOUSING, (33,)),
    Plan("Bridge House Positive Living", Type.PSH, (15,)),
    Plan(
        "Bridge House Housing Information",
        Type.SERVICES_ONLY,
        (14,),
        serves="Bridge House Positive Living",
    ),
)


def add_projects(harbor: Organization, bridge: Organization, cas: Organization) -> None:
    for organization, plans in (
        (harbor, (*HARBOR, *HARBOR_PROGRAMS)),
        (bridge, (*BRIDGE, *BRIDGE_PROGRAMS)),
        (cas, CAS),
    ):
        for plan in plans:
            project = Project.objects.create(
                organization=organization,
                project_name=plan.name,
                project_type=plan.kind,
                operating_start_date=OPENED,
                **_descriptors(plan),
            )
            for row in _set_up(project, plan):
                row.save()


def _descriptors(plan: Plan) -> dict[str, Any]:
    is_rapid = plan.kind == Type.RAPID_REHOUSING
    housing = HousingType.SCATTERED if is_rapid else HousingType.SINGLE_SITE
    is_of_hopwa = not HOPWA.isdisjoint(plan.funders)
    return {
        "housing_type": housing if plan.kind in RESIDENTIAL else None,
        "rrh_sub_type": RRHSubType.HOUSING if is_rapid else None,
        "residential_affiliation": NoYes.YES if plan.serves else None,
        "target_population": TargetPopulation.NOT_APPLICABLE,
        "hopwa_med_assisted_living_fac": NoYes.NO
        if is_of_hopwa
        else HOPWAMedAssistedLivingFac.NOT_HOPWA,
    }


def _set_up(project: Project, plan: Plan) -> Iterator[Any]:
    for code in plan.funders:
        yield Funder(
            project=project,
            funder=code,
            grant_id=f"DEMO-{project.pk}-{code}",
            start_date=OPENED,
        )
    for coc in plan.cocs:
        yield ProjectCoC(
            project=project,
            coc_code=coc,
            geocode=GEOCODES[coc],
            city="Boston" if coc == COC else "Quincy",
            state="MA",
            geography_type=GeographyType.URBAN,
        )
    if project.has_beds:
        yield from _beds(project)
    yield HMISParticipation(
        project=project,
        hmis_participation_type=HMISParticipationType.PARTICIPATING,
        hmis_participation_status_start_date=OPENED,
    )
    is_access_point = plan.kind in {Type.COORDINATED_ENTRY, Type.STREET_OUTREACH}
    yield CEParticipation(
        project=project,
        access_point=NoYes(is_access_point),
        receives_referrals=NoYes(project.has_beds),
        ce_participation_status_start_date=OPENED,
        **(dict.fromkeys(ACCESS, NoYes.YES) if is_access_point else {}),
    )
    if plan.serves:
        yield Affiliation(
            project=project, res_project=Project.objects.get(project_name=plan.serves)
        )


def _beds(project: Project) -> Iterator[Inventory]:
    of_shelters = {"availability": Availability.YEAR_ROUND, "es_bed_type": BedType.FACILITY}
    for household_type, (units, beds) in BEDS.items():
        yield Inventory(
            project=project,
            coc_code=COC,
            household_type=household_type,
            unit_inventory=units,
            bed_inventory=beds,
            other_bed_inventory=beds,
            inventory_start_date=OPENED,
            **(of_shelters if project.is_shelter else {}),
        )
