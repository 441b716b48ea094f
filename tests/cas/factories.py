from datetime import date

import factory

from cas.models import DeliveryItem, Event, Notification, Preference
from hud.choices import EventType
from outbox.models import Delivery
from tests.enrollments.factories import EnrollmentFactory, OfEnrollmentFactory
from tests.factories import ClientFactory, UserFactory


class EventFactory(OfEnrollmentFactory):
    """A referral to a bed of an emergency shelter."""

    class Meta:
        model = Event

    enrollment = factory.SubFactory(EnrollmentFactory)
    event_date = date(2026, 2, 2)
    event = EventType.SHELTER


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
