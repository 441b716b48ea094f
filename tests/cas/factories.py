from datetime import date

import factory

from cas.models import (
    Assessment,
    AssessmentQuestion,
    AssessmentResult,
    DeliveryItem,
    Event,
    Notification,
    Preference,
)
from hud.choices.coordinated_entry import (
    AssessmentLevel,
    AssessmentType,
    EventType,
    PrioritizationStatus,
)
from outbox.models import Delivery
from tests.enrollments.factories import EnrollmentFactory, OfEnrollmentFactory
from tests.factories import ClientFactory, ClientRecordFactory, UserFactory


class EventFactory(OfEnrollmentFactory):
    """A referral to a bed of an emergency shelter."""

    class Meta:
        model = Event

    enrollment = factory.SubFactory(EnrollmentFactory)
    event_date = date(2026, 2, 2)
    event = EventType.SHELTER


class AssessmentFactory(OfEnrollmentFactory):
    """A housing needs assessment that placed the client on the list."""

    class Meta:
        model = Assessment

    enrollment = factory.SubFactory(EnrollmentFactory)
    assessment_date = date(2026, 2, 2)
    assessment_location = "Main Street"
    assessment_type = AssessmentType.IN_PERSON
    assessment_level = AssessmentLevel.HOUSING_NEEDS
    prioritization_status = PrioritizationStatus.PLACED


class AssessmentPartFactory(ClientRecordFactory):
    class Meta:
        abstract = True

    assessment = factory.SubFactory(AssessmentFactory)
    client = factory.SelfAttribute("assessment.client")


class AssessmentQuestionFactory(AssessmentPartFactory):
    class Meta:
        model = AssessmentQuestion

    assessment_question = factory.Sequence("Question {}".format)
    assessment_answer = "Yes"


class AssessmentResultFactory(AssessmentPartFactory):
    class Meta:
        model = AssessmentResult

    assessment_result_type = "Score"
    assessment_result = "12"


class NotificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notification

    recipient = factory.SubFactory(UserFactory)
    client = factory.SubFactory(ClientFactory)
    kind = Notification.Kind.REFERRED
    subject = factory.Sequence("event:{}".format)


class PreferenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)


class DeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delivery

    kind = Delivery.Kind.CAS
    recipient = factory.SubFactory(UserFactory)


class DeliveryItemFactory(factory.django.DjangoModelFactory):
    """The first notice of a notification."""

    class Meta:
        model = DeliveryItem

    delivery = factory.SubFactory(DeliveryFactory)
    notification = factory.SubFactory(NotificationFactory)
    recipient = factory.SelfAttribute("notification.recipient")
    purpose = DeliveryItem.Purpose.FIRST
    notified_at = factory.SelfAttribute("notification.created_at")
