from datetime import date

import factory
from factory.django import DjangoModelFactory

from casenotes.models import CaseNote, Service, ServiceType
from records.models import Visibility
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientRecordFactory, OrganizationFactory


class CaseNoteFactory(ClientRecordFactory):
    class Meta:
        model = CaseNote

    date = date(2026, 2, 20)
    title = factory.Sequence("Note {}".format)
    text = "Met at the shelter."
    visibility = Visibility.OWN_ORGANIZATION


class ServiceTypeFactory(DjangoModelFactory):
    class Meta:
        model = ServiceType

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Service {}".format)


class ServiceFactory(ClientRecordFactory):
    class Meta:
        model = Service

    enrollment = factory.SubFactory(EnrollmentFactory)
    client = factory.SelfAttribute("enrollment.client")
    service_type = factory.SubFactory(
        ServiceTypeFactory, organization=factory.SelfAttribute("..organization")
    )
    date = date(2026, 2, 20)
    units = 1
