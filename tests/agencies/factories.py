from datetime import date

import factory
from factory.django import DjangoModelFactory

from agencies.models import (
    Affiliation,
    CEParticipation,
    Funder,
    HMISParticipation,
    Inventory,
    ProjectCoC,
)
from hud.choices.projects import FundingSource, HMISParticipationType, HouseholdType, NoYes
from tests.factories import ProjectFactory


class FunderFactory(DjangoModelFactory):
    class Meta:
        model = Funder

    project = factory.SubFactory(ProjectFactory)
    funder = FundingSource.NOT_APPLICABLE
    start_date = date(2020, 1, 1)


class AffiliationFactory(DjangoModelFactory):
    class Meta:
        model = Affiliation

    project = factory.SubFactory(ProjectFactory)
    res_project = factory.SubFactory(ProjectFactory)


class ProjectCoCFactory(DjangoModelFactory):
    class Meta:
        model = ProjectCoC

    project = factory.SubFactory(ProjectFactory)
    coc_code = factory.Sequence("CA-{:03}".format)


class InventoryFactory(DjangoModelFactory):
    class Meta:
        model = Inventory

    project = factory.SubFactory(ProjectFactory)
    household_type = HouseholdType.WITHOUT_CHILDREN
    unit_inventory = 10
    bed_inventory = 10
    inventory_start_date = date(2020, 1, 1)


class HMISParticipationFactory(DjangoModelFactory):
    class Meta:
        model = HMISParticipation

    project = factory.SubFactory(ProjectFactory)
    hmis_participation_type = HMISParticipationType.PARTICIPATING
    hmis_participation_status_start_date = date(2020, 1, 1)


class CEParticipationFactory(DjangoModelFactory):
    class Meta:
        model = CEParticipation

    project = factory.SubFactory(ProjectFactory)
    access_point = NoYes.NO
    receives_referrals = NoYes.YES
    ce_participation_status_start_date = date(2020, 1, 1)
