from datetime import date

import factory

from tasks.models import CalendarFeed, Task
from tests.factories import ClientRecordFactory, UserFactory


class TaskFactory(ClientRecordFactory):
    class Meta:
        model = Task

    text = "Call about the lease"
    due_on = date(2026, 3, 9)
    assigned_to = factory.SelfAttribute("created_by")


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
