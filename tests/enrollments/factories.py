from datetime import date

import factory

from agencies.models import Membership, Organization
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    Household,
    HouseholdChange,
    IncomeBenefits,
    YouthEducationStatus,
)
from hud.choices import DataCollectionStage, DisabilityType, RelationshipToHoH
from tests.factories import ClientRecordFactory, ProjectFactory, UserFactory

START = date(2026, 1, 5)


class HouseholdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Household


class EnrollmentFactory(ClientRecordFactory):
    class Meta:
        model = Enrollment

    household = factory.SubFactory(HouseholdFactory)
    project = factory.SubFactory(
        ProjectFactory, organization=factory.SelfAttribute("..organization")
    )
    entry_date = START
    relationship_to_hoh = RelationshipToHoH.SELF


class HouseholdChangeFactory(factory.django.DjangoModelFactory):
    """A new head of household since the start, unless told otherwise."""

    class Meta:
        model = HouseholdChange

    kind = HouseholdChange.Kind.HEAD
    enrollment = factory.SubFactory(EnrollmentFactory)
    household = factory.SelfAttribute("enrollment.household")
    created_by = factory.SelfAttribute("enrollment.created_by")
    happened_on = START


class OfEnrollmentFactory(ClientRecordFactory):
    class Meta:
        abstract = True

    enrollment = factory.SubFactory(EnrollmentFactory)
    client = factory.SelfAttribute("enrollment.client")


class CaseAssignmentFactory(OfEnrollmentFactory):
    class Meta:
        model = CaseAssignment
        skip_postgeneration_save = True

    case_manager = factory.SubFactory(UserFactory)
    begins_on = START

    @factory.lazy_attribute
    def organization(self):
        """The one that the case manager works for, as the forms file it."""
        own = Organization.objects.filter(memberships__user=self.case_manager)
        here = own.filter(pk=self.enrollment.organization.pk)
        return here.first() or own.first() or self.enrollment.organization

    @factory.post_generation
    def access(self, create, wanted, **extra):
        """`access=False` is a case manager who does not work for the organization any more."""
        access = Membership.objects.filter(user=self.case_manager, organization=self.organization)
        if wanted is False:
            access.delete()
        elif not access.exists():
            Membership.objects.create(user=self.case_manager, organization=self.organization)


class CurrentLivingSituationFactory(OfEnrollmentFactory):
    class Meta:
        model = CurrentLivingSituation

    information_date = START
    current_living_situation = 116


class IncomeBenefitsFactory(OfEnrollmentFactory):
    class Meta:
        model = IncomeBenefits

    information_date = START
    data_collection_stage = DataCollectionStage.ENTRY


class HealthAndDVFactory(IncomeBenefitsFactory):
    class Meta:
        model = HealthAndDV


class EmploymentEducationFactory(IncomeBenefitsFactory):
    class Meta:
        model = EmploymentEducation


class YouthEducationStatusFactory(IncomeBenefitsFactory):
    class Meta:
        model = YouthEducationStatus


class DisabilityFactory(IncomeBenefitsFactory):
    class Meta:
        model = Disability

    disability_type = DisabilityType.PHYSICAL
